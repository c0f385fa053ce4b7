"""What is compared with what: samples, their levels, and who gave them.

A column of the sample sheet becomes a comparison of one of these designs:

- ``independent``: every sample has a subject of its own, or the study names no subjects.
- ``between``: subjects have several samples, and each subject has one level throughout
  (case/control). Samples of one person are not independent: the subject is the unit.
- ``within``: levels change within subjects (time points, treatments). Subjects with samples at
  all levels are compared with themselves; the others are left out and counted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vagus.study.columns import Column, explain_no_complete_sample
from vagus.study.samples import Sample
from vagus.study.test_names import FRIEDMAN, KRUSKAL_WALLIS, MANN_WHITNEY, SPEARMAN, WILCOXON

MIN_UNITS = 2
MIN_DISPERSION_UNITS = 3


@dataclass(frozen=True)
class Comparison:
    """Samples that enter one test.

    Attributes:
        variable: column of the sheet.
        design: ``independent``, ``between`` or ``within``.
        samples: names, sorted.
        levels: the reference first (see ``levels``); empty when the variable is numeric.
        values: shape (n_samples,): index of the level (int64), or the number (float64).
        subjects: int64, shape (n_samples,), index of the subject, 0-based and without gaps.
        notes: what was left out and how repeated samples are handled, as sentences' parts.
        obstacle: why nothing can be tested; empty when it can.
    """

    variable: str
    design: str
    samples: tuple[str, ...]
    levels: tuple[str, ...]
    values: NDArray
    subjects: NDArray[np.int64]
    notes: tuple[str, ...] = ()
    obstacle: str = ""

    @property
    def is_numeric(self) -> bool:
        """Whether the values are numbers and not levels."""
        return self.values.dtype.kind == "f"

    @property
    def n_subjects(self) -> int:
        """Number of subjects (of samples when the design is independent)."""
        return int(self.subjects.max(initial=-1)) + 1

    @property
    def rank_test(self) -> str:
        """The rank test that fits the design."""
        if self.is_numeric:
            return SPEARMAN
        two = len(self.levels) <= 2
        if self.design == "within":
            return WILCOXON if two else FRIEDMAN
        return MANN_WHITNEY if two else KRUSKAL_WALLIS

    def explain_no_permanova(self) -> str:
        """Why distances cannot be tested; empty when they can, unless all are 0."""
        spent = 1 if self.is_numeric else len(self.levels) - 1
        if self.obstacle or len(self.samples) - spent - 1 >= 1:
            return self.obstacle
        return "not tested: as many levels as samples"

    def explain_no_permdisp(self) -> str:
        """Why spread cannot be compared; empty when it can, unless there is none."""
        if self.obstacle:
            return self.obstacle
        if self.is_numeric:
            return "not tested: dispersion is compared between levels"
        if self._count_units().min() < MIN_DISPERSION_UNITS:
            return f"not tested: a level has fewer than {MIN_DISPERSION_UNITS} units"
        return ""

    def count_samples(self) -> str:
        """Samples of each level, as ``case:12;control:12``; their number when numeric."""
        if self.is_numeric:
            return str(len(self.samples))
        return self._join(np.bincount(self.values, minlength=len(self.levels)))

    def count_units(self) -> str:
        """Units of each level: samples, or subjects where subjects are the unit."""
        if self.is_numeric:
            return str(self.n_subjects)
        return self._join(self._count_units())

    def _count_units(self) -> NDArray[np.intp]:
        units = {(int(s), int(v)) for s, v in zip(self.subjects, self.values, strict=True)}
        levels = [level for _, level in sorted(units)]
        return np.bincount(levels, minlength=len(self.levels))

    def _join(self, counts: NDArray[np.intp]) -> str:
        pairs = zip(self.levels, counts.tolist(), strict=True)
        return ";".join(f"{level}:{n}" for level, n in pairs)


@dataclass
class _Draft:
    """Samples of a comparison while it is made."""

    samples: list[Sample]
    notes: list[str] = field(default_factory=list)

    def keep(self, kept: list[Sample], why: str) -> None:
        """Go on with some of the samples and note how many the others are."""
        n_lost = len(self.samples) - len(kept)
        if n_lost:
            self.notes.append(f"{n_lost} sample{'s' if n_lost > 1 else ''} left out: {why}")
        self.samples = kept


def make_comparison(
    samples: Sequence[Sample],
    column: Column,
    measured: Collection[str],
    lacking: str,
    references: Sequence[str] = (),
) -> Comparison:
    """Choose the samples of one test.

    ``measured`` names the samples that have the value under test; ``lacking`` is what
    the others are missing; ``references`` are levels that others are compared with.
    """
    draft = _Draft(sorted(samples, key=lambda sample: sample.name))
    known = [s for s in draft.samples if s.value(column.name)]
    draft.keep(known, f"no value of {column.name}")
    if column.subject:
        named = [s for s in draft.samples if s.value(column.subject)]
        draft.keep(named, f"no value of {column.subject}")
    draft.keep([s for s in draft.samples if s.name in measured], lacking)
    design = find_design(draft.samples, column)
    subject = [column.subject] if column.subject else []
    why = column.obstacle or explain_no_complete_sample(samples, [column.name, *subject])
    if why:
        return _finish(draft, column, design, why, references)
    if column.is_numeric:
        why = _numeric_obstacle(draft.samples, column, design)
        return _finish(draft, column, design, why, references)
    if design == "within":
        _keep_complete_subjects(draft, column)
    else:
        _keep_usable_levels(draft, column)
    why = _level_obstacle(draft.samples, column, design)
    return _finish(draft, column, design, why, references)


def _subject_of(sample: Sample, column: Column) -> str:
    return sample.value(column.subject) if column.subject else sample.name


def _units_of_levels(samples: Sequence[Sample], column: Column) -> dict[str, set[str]]:
    """Subjects that have samples of each level, levels sorted."""
    units: dict[str, set[str]] = {}
    for sample in samples:
        units.setdefault(sample.value(column.name), set()).add(_subject_of(sample, column))
    return dict(sorted(units.items()))


def find_design(samples: Sequence[Sample], column: Column) -> str:
    """``independent``, ``between`` or ``within``, from who gave which samples."""
    values: dict[str, list[str]] = {}
    for sample in samples:
        values.setdefault(_subject_of(sample, column), []).append(sample.value(column.name))
    if all(len(of_subject) == 1 for of_subject in values.values()):
        return "independent"
    same = all(len(set(of_subject)) == 1 for of_subject in values.values())
    return "between" if same else "within"


def _keep_complete_subjects(draft: _Draft, column: Column) -> None:
    units = _units_of_levels(draft.samples, column)
    complete = set.intersection(*units.values()) if units else set()
    if len(complete) < MIN_UNITS:
        return
    kept = [s for s in draft.samples if _subject_of(s, column) in complete]
    draft.keep(kept, f"their {column.subject} has no sample of a level of {column.name}")


def _keep_usable_levels(draft: _Draft, column: Column) -> None:
    units = _units_of_levels(draft.samples, column)
    small = [level for level, of_level in units.items() if len(of_level) < MIN_UNITS]
    if len(units) - len(small) < 2:
        return
    kept = [s for s in draft.samples if s.value(column.name) not in small]
    what = "subject" if column.subject else "sample"
    draft.keep(kept, f"fewer than {MIN_UNITS} {what}s of " + ", ".join(f"'{x}'" for x in small))


def _level_obstacle(samples: Sequence[Sample], column: Column, design: str) -> str:
    if not samples:
        return "not tested: no sample remains"
    units = _units_of_levels(samples, column)
    if design == "within":
        subjects = list(units.values())
        n_all, n_complete = len(set.union(*subjects)), len(set.intersection(*subjects))
        if n_complete >= MIN_UNITS:
            return ""
        return (
            f"not tested: {column.name} changes within {column.subject}, but {n_complete} of "
            f"{n_all} have samples at all its levels, and {MIN_UNITS} are needed"
        )
    if len(units) < 2:
        return f"not tested: samples of {len(units)} level{'s' * (len(units) != 1)} remain"
    if min(len(of_level) for of_level in units.values()) < MIN_UNITS:
        what = "subjects" if column.subject else "samples"
        return f"not tested: fewer than two levels have {MIN_UNITS} {what} or more"
    return ""


def _numeric_obstacle(samples: Sequence[Sample], column: Column, design: str) -> str:
    if design == "within":
        return (
            f"not tested: numbers of {column.name} change within {column.subject}, "
            "which needs a within-subject model"
        )
    values = {_subject_of(s, column): s.value(column.name) for s in samples}
    if len(values) < 4 or len(set(values.values())) < 3:
        return "not tested: fewer than 4 units or 3 different values remain"
    return ""


def _finish(
    draft: _Draft, column: Column, design: str, obstacle: str, references: Sequence[str]
) -> Comparison:
    samples = draft.samples
    names = sorted({_subject_of(sample, column) for sample in samples})
    place = {name: index for index, name in enumerate(names)}
    cells = [sample.value(column.name) for sample in samples]
    levels = () if column.is_numeric else column.order_levels(set(cells), references)
    values = (
        np.array([float(cell) for cell in cells], dtype=np.float64)
        if column.is_numeric
        else np.array([levels.index(cell) for cell in cells], dtype=np.int64)
    )
    notes = list(draft.notes)
    if column.covariates:
        notes.append("not adjusted for " + ", ".join(column.covariates))
    return Comparison(
        variable=column.name,
        design=design,
        samples=tuple(sample.name for sample in samples),
        levels=levels,
        values=values,
        subjects=np.array([place[_subject_of(s, column)] for s in samples], dtype=np.int64),
        notes=tuple(notes),
        obstacle=obstacle,
    )
