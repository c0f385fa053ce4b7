"""Who was where when: the samples of subjects in the order of their times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.study.columns import Column, explain_no_complete_sample
from vagus.study.design import StudyDesign
from vagus.study.model_frame import Floats, ModelFrame, is_new_column
from vagus.study.samples import Sample

MIN_SUBJECTS = 3


@dataclass(frozen=True)
class Trajectory:
    """Who was where when.

    Attributes:
        samples: names, sorted by subject and time.
        subjects: subject of each sample.
        times: index of its time in ``order``.
        order: times from first to last.
        is_slope: whether times are numbers in models, and not levels.
    """

    samples: tuple[str, ...]
    subjects: tuple[str, ...]
    times: NDArray[np.int64]
    order: tuple[str, ...]
    is_slope: bool = False

    @property
    def has_change(self) -> bool:
        """Whether a subject has samples at two times or more."""
        return len(set(zip(self.subjects, self.times.tolist(), strict=True))) > len(
            set(self.subjects)
        )

    def keep(self, names: Sequence[str]) -> Trajectory:
        """The trajectory of these samples alone."""
        known = set(names)
        rows = [row for row, name in enumerate(self.samples) if name in known]
        return Trajectory(
            tuple(self.samples[row] for row in rows),
            tuple(self.subjects[row] for row in rows),
            self.times[rows],
            self.order,
            self.is_slope,
        )


def make_trajectory(samples: Sequence[Sample], design: StudyDesign) -> Trajectory:
    """Samples that have a subject and a time; ``samples`` are those of ``select_samples``."""
    subject, time = str(design.person), str(design.time)
    known = [s for s in samples if s.value(subject) and s.value(time)]
    present = {s.value(time) for s in known}
    order = tuple(moment for moment in design.order_times(samples) if moment in present)
    place = {name: index for index, name in enumerate(order)}
    keyed = sorted(known, key=lambda s: (s.value(subject), place[s.value(time)], s.name))
    return Trajectory(
        tuple(s.name for s in keyed),
        tuple(s.value(subject) for s in keyed),
        np.array([place[s.value(time)] for s in keyed], dtype=np.int64),
        order,
        design.has_time_slope(samples),
    )


def explain_no_change(
    samples: Sequence[Sample], trajectory: Trajectory, column: Column, time: str
) -> str:
    """Why no change over time is compared between levels of a column; empty when it can be."""
    if why := explain_no_complete_sample(samples, [column.name, str(column.subject), time]):
        return why
    if not trajectory.has_change:
        return f"not tested: no {column.subject} has samples at two of the values of {time}"
    if find_groups(samples, column) is None:
        return f"not tested: {column.name} changes within {column.subject}"
    if column.is_numeric:
        return "not tested: change over time is compared between levels"
    return ""


def find_groups(samples: Sequence[Sample], column: Column) -> dict[str, str] | None:
    """Level of each subject; None when a subject has two."""
    levels: dict[str, str] = {}
    for sample in samples:
        subject, level = sample.value(str(column.subject)), sample.value(column.name)
        if subject and level and levels.setdefault(subject, level) != level:
            return None
    return levels


def explain_few_subjects(levels: Sequence[str], times: str) -> str:
    """Why levels of subjects (one each) are not compared; ``times``: 'two times', 'all times'."""
    counts = {level: levels.count(level) for level in levels}
    if len(counts) > 1 and min(counts.values()) >= MIN_SUBJECTS:
        return ""
    return f"not tested: fewer than {MIN_SUBJECTS} subjects of a level have {times}"


def list_moving_subjects(trajectory: Trajectory, group: Mapping[str, str]) -> list[str]:
    """Subjects of a known level with samples at two times or more, sorted."""
    seen = _collect_times(trajectory)
    return sorted(who for who, times in seen.items() if who in group and len(times) > 1)


def list_complete_subjects(trajectory: Trajectory, group: Mapping[str, str]) -> list[str]:
    """Subjects of a known level with samples at all times of the trajectory, in its order."""
    seen, whole = _collect_times(trajectory), set(trajectory.times.tolist())
    return [who for who, times in seen.items() if who in group and times == whole]


def _collect_times(trajectory: Trajectory) -> dict[str, set[int]]:
    seen: dict[str, set[int]] = {}
    for subject, time in zip(trajectory.subjects, trajectory.times.tolist(), strict=True):
        seen.setdefault(subject, set()).add(time)
    return seen


@dataclass(frozen=True)
class Interaction:
    """Columns of a model of time by group, or why there is none.

    Attributes:
        matrix: shape (n, p): intercept, covariates, group, times, time by group.
        n_products: columns at the end that are time by group.
        times: indices of the times that were seen.
        is_slope: whether time is one number, and not levels.
        obstacle: why nothing can be tested; empty when it can.
    """

    matrix: Floats
    n_products: int
    times: tuple[int, ...]
    obstacle: str = ""
    is_slope: bool = False


def make_interaction(frame: ModelFrame, trajectory: Trajectory) -> Interaction:
    """Add times, and time by group, to the columns of a model."""
    at = dict(zip(trajectory.samples, trajectory.times.tolist(), strict=True))
    own = np.array([at[sample] for sample in frame.samples])
    seen = sorted(set(own.tolist()))
    dummies = np.column_stack([(own == time).astype(float) for time in seen[1:]] or [own * 0.0])
    if trajectory.is_slope:
        numbers = np.array([float(time) for time in trajectory.order])[own]
        dummies = (numbers - numbers.mean()).reshape(-1, 1)
    groups = frame.variable.columns
    products = np.hstack([groups * dummies[:, [index]] for index in range(dummies.shape[1])])
    matrix, why = np.hstack([frame.matrix, dummies]), ""
    for index in range(products.shape[1]):
        if not is_new_column(matrix, products[:, index]):
            why = "not tested: a group has no samples at one of the times"
            break
        matrix = np.hstack([matrix, products[:, [index]]])
    if not why and len(frame.samples) - matrix.shape[1] - frame.n_subjects < 1:
        why = "not tested: too few samples for time by group"
    return Interaction(matrix, products.shape[1], tuple(seen), why, trajectory.is_slope)
