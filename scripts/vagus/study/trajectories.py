"""Who was where when: the samples of subjects in the order of their times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.products import multiply
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


@dataclass(frozen=True)
class Compared:
    """Whose changes of composition are compared.

    Attributes:
        subjects: of a known level, sorted.
        times: indices of the times that all of them have; empty where times are a number.
        needs: what a subject must have, for messages.
        note: which times and how many subjects are left out; empty when none are.
    """

    subjects: tuple[str, ...]
    times: tuple[int, ...]
    needs: str
    note: str = ""


def choose_compared(trajectory: Trajectory, group: Mapping[str, str]) -> Compared:
    """Everybody seen twice where times are a number; else the people with all of the shared times.

    Shared are the times that keep the most samples (subjects times times), so that an unscheduled
    visit of a few neither ends the comparison nor leaves out those who did not have it.
    """
    moving = list_moving_subjects(trajectory, group)
    if trajectory.is_slope:
        return Compared(tuple(moving), (), "two times")
    seen = {who: times for who, times in _collect_times(trajectory).items() if who in group}
    times = _choose_times(seen, group) or set(trajectory.times.tolist())
    whole = sorted(who for who, own in seen.items() if own >= times)
    rare = [trajectory.order[time] for time in sorted(set().union(*seen.values()) - times)]
    parts = [f"times that few subjects have are left out: {', '.join(rare)}"] if rare else []
    n_left = len(moving) - len(whole)
    if n_left:
        words = "subjects" if n_left > 1 else "subject"
        parts.append(f"{n_left} {words} without all {'other ' * bool(rare)}times left out")
    needs = "all shared times" if rare else "all times"
    return Compared(tuple(whole), tuple(sorted(times)), needs, "; ".join(parts))


def _choose_times(seen: Mapping[str, set[int]], group: Mapping[str, str]) -> set[int]:
    """Of the times by falling number of subjects, the first ones that keep the most samples."""
    counts = Counter(time for times in seen.values() for time in times)
    by_number = sorted(counts, key=lambda time: (-counts[time], time))
    best: set[int] = set()
    most = 0
    for n_times in range(2, len(by_number) + 1):
        chosen = set(by_number[:n_times])
        whole = [group[who] for who, own in seen.items() if own >= chosen]
        if len(whole) * n_times >= most and not explain_few_subjects(whole, ""):
            best, most = chosen, len(whole) * n_times
    return best


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
        change: 'per unit of time', or the first two times that are compared.
        obstacle: why nothing can be tested; empty when it can.
        note: times at which groups cannot be compared; empty when there are none.
    """

    matrix: Floats
    n_products: int
    change: str
    obstacle: str = ""
    note: str = ""


def make_interaction(frame: ModelFrame, trajectory: Trajectory) -> Interaction:
    """Add times, and time by group, to the columns of a model.

    Products that the samples do not separate from other terms are left out: a group has no sample
    at that time. The first time that all levels have is what others are compared with.
    """
    at = dict(zip(trajectory.samples, trajectory.times.tolist(), strict=True))
    own = np.array([at[sample] for sample in frame.samples])
    groups, seen = frame.variable.columns, _order_times(frame, own)
    if trajectory.is_slope:
        numbers = np.array([float(time) for time in trajectory.order])[own]
        dummies, names = (numbers - numbers.mean()).reshape(-1, 1), [""]
    else:
        dummies = np.column_stack([(own == time).astype(float) for time in seen[1:]] or [own * 0.0])
        names = [trajectory.order[time] for time in seen[1:]]
    matrix, used, left_out = np.hstack([frame.matrix, dummies]), [], []
    n_before = matrix.shape[1]
    for index, name in enumerate(names):
        for product in (groups * dummies[:, [index]]).T:
            if is_new_column(matrix, product[:, None]):
                matrix = np.hstack([matrix, product[:, None]])
                used.append(name)
            else:
                left_out.append(name)
    why = ""
    if not used:
        why = "not tested: no two levels have samples at two common times"
    elif len(frame.samples) - matrix.shape[1] - frame.n_subjects < 1:
        why = "not tested: too few samples for time by group"
    change = "per unit of time"
    if used and not trajectory.is_slope:
        change = f"at {used[0]} against {trajectory.order[seen[0]]}"
    note = ""
    if left_out and used:
        note = f"a level has no samples at {', '.join(dict.fromkeys(left_out))}: not compared there"
    return Interaction(matrix, matrix.shape[1] - n_before, change, why, note)


def _order_times(frame: ModelFrame, own: NDArray[np.int64]) -> list[int]:
    """Times that were seen; the first that every level has goes to the front."""
    seen: list[int] = sorted(set(own.tolist()))
    if frame.variable.is_numeric:
        return seen
    levels = multiply(frame.variable.columns, np.arange(1, len(frame.variable.levels)))
    whole = set(np.rint(levels).tolist())
    full = [time for time in seen if set(np.rint(levels[own == time]).tolist()) == whole]
    return [*full[:1], *(time for time in seen if time not in full[:1])]
