"""Who was where when: the samples of subjects in the order of their times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.cohort.levels import order_times
from vagus.cohort.study_design import NOT_METRICS
from vagus.diversity.distances import Distances
from vagus.diversity.ordination import center_squares, ordinate
from vagus.numerics.products import multiply
from vagus.study.samples import Sample

if TYPE_CHECKING:
    import pandas as pd


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


def measure_steps(course: Course, distances: Mapping[str, Distances]) -> pd.DataFrame:
    """Distance of every subject between consecutive times: one row a subject, step and metric."""
    import pandas as pd

    rows = []
    for metric, table in distances.items():
        own = course.keep(table.samples)
        gower = center_squares(table.select(list(own.samples)).values)
        for subject in dict.fromkeys(own.subjects):
            members = np.array([s == subject for s in own.subjects])
            seen = sorted(set(own.times[members].tolist()))
            for first, second in pairwise(seen):
                shift = np.zeros(len(own.samples))
                for time, sign in ((first, -1.0), (second, 1.0)):
                    at = members & (own.times == time)
                    shift[at] = sign / at.sum()
                squared = float(multiply(shift, gower, shift))
                rows.append(
                    (subject, metric, own.order[first], own.order[second], max(squared, 0.0) ** 0.5)
                )
    columns = ["subject", "metric", "from", "to", "distance"]
    return pd.DataFrame(rows, columns=columns)


def follow(course: Course, alpha: pd.DataFrame, distances: Mapping[str, Distances]) -> pd.DataFrame:
    """Values of every sample in the order of time: alpha metrics, first axis of each distance."""
    import pandas as pd

    values: list[tuple[str, str, float]] = []
    for metric in [str(name) for name in alpha.columns if name not in NOT_METRICS]:
        known = alpha[alpha[metric].notna()]
        pairs = zip(known["sample"].astype(str), known[metric].astype(float), strict=True)
        values += [(metric, sample, value) for sample, value in pairs]
    for metric, table in distances.items():
        own = table.select([name for name in table.samples if name in set(course.samples)])
        axes = ordinate(own, 1).coordinates
        if axes.shape[1]:
            places = zip(own.samples, axes[:, 0].tolist(), strict=True)
            values += [(f"PC1 of {metric}", sample, value) for sample, value in places]
    place = {name: row for row, name in enumerate(course.samples)}
    measures = {name: index for index, name in enumerate(dict.fromkeys(v[0] for v in values))}
    kept = sorted((measures[m], place[s], m, s, v) for m, s, v in values if s in place)
    rows = [
        (m, course.subjects[row], course.order[course.times[row]], int(course.times[row]) + 1, s, v)
        for _, row, m, s, v in kept
    ]
    return pd.DataFrame(rows, columns=["measure", "subject", "time", "position", "sample", "value"])
