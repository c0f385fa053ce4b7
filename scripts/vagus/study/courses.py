"""Who was where when: the samples of subjects in the order of their times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.study.levels import order_times
from vagus.study.samples import Sample


@dataclass(frozen=True)
class Course:
    """Who was where when.

    Attributes:
        samples: names, sorted by subject and time.
        subjects: subject of each sample.
        times: index of its time in ``order``.
        order: times from first to last.
    """

    samples: tuple[str, ...]
    subjects: tuple[str, ...]
    times: NDArray[np.int64]
    order: tuple[str, ...]

    @property
    def has_change(self) -> bool:
        """Whether a subject has samples at two times or more."""
        return len(set(zip(self.subjects, self.times.tolist(), strict=True))) > len(
            set(self.subjects)
        )

    def keep(self, names: Sequence[str]) -> Course:
        """The course of these samples alone."""
        known = set(names)
        rows = [row for row, name in enumerate(self.samples) if name in known]
        return Course(
            tuple(self.samples[row] for row in rows),
            tuple(self.subjects[row] for row in rows),
            self.times[rows],
            self.order,
        )


def make_course(samples: Sequence[Sample], subject: str, time: str) -> Course:
    """Samples that have a subject and a time."""
    known = [s for s in samples if s.value(subject) and s.value(time)]
    order = order_times({s.value(time) for s in known})
    place = {name: index for index, name in enumerate(order)}
    keyed = sorted(known, key=lambda s: (s.value(subject), place[s.value(time)], s.name))
    return Course(
        tuple(s.name for s in keyed),
        tuple(s.value(subject) for s in keyed),
        np.array([place[s.value(time)] for s in keyed], dtype=np.int64),
        order,
    )
