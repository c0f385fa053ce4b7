"""Samples, variable and covariates of one model, as columns of numbers.

Samples without a value of the variable, a covariate or the subject are left out and counted.
Levels are compared with a reference (see ``levels``). Covariates that are numbers enter as
numbers, however few of them differ: name sites A, B, C and not 1, 2, 3. Covariates that are
constant, or that the ones before them determine, are left out; when they determine the variable
itself, it is confounded with them and nothing is tested.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.products import multiply
from vagus.numerics.systems import span
from vagus.study.columns import Column, explain_no_complete_sample, has_text
from vagus.study.comparison import MIN_UNITS, find_design
from vagus.study.samples import Sample

Floats = NDArray[np.float64]
_RANK_TOLERANCE = 1e-8
MIN_RESIDUAL_DF = 2


@dataclass(frozen=True)
class Term:
    """A variable in a model.

    Attributes:
        name: column of the sheet.
        columns: float64, shape (n, k): one column a level beyond the reference, or the number.
        levels: reference first; empty when numeric.
    """

    name: str
    columns: Floats
    levels: tuple[str, ...] = ()

    @property
    def is_numeric(self) -> bool:
        """Whether it is a number."""
        return not self.levels

    @property
    def contrasts(self) -> list[str]:
        """What each column compares: 'case - control', or 'per unit of age'."""
        if self.is_numeric:
            return [f"per unit of {self.name}"]
        return [f"{level} - {self.levels[0]}" for level in self.levels[1:]]

    def take(self, weights: Floats) -> Term:
        """The term of weighted rows, ``weights`` of shape (n_new, n)."""
        return replace(self, columns=multiply(weights, self.columns))


@dataclass(frozen=True)
class ModelFrame:
    """What enters one model.

    Attributes:
        variable: the term that is tested.
        covariates: terms that it is adjusted for, in the order of the config.
        design: ``independent``, ``between`` or ``within`` (see ``comparison``).
        samples: names, sorted; rows of the columns.
        subjects: int64, shape (n,), index of each sample's subject.
        notes: parts of sentences: what was left out.
        obstacle: why nothing can be modelled; empty when it can.
    """

    variable: Term
    covariates: tuple[Term, ...]
    design: str
    samples: tuple[str, ...]
    subjects: NDArray[np.int64]
    notes: tuple[str, ...] = ()
    obstacle: str = ""

    @property
    def n_subjects(self) -> int:
        """Number of subjects."""
        return int(self.subjects.max(initial=-1)) + 1

    @property
    def is_repeated(self) -> bool:
        """Whether a subject has several samples."""
        return self.n_subjects < len(self.samples)

    @property
    def nuisance(self) -> Floats:
        """Intercept and covariates, shape (n, q)."""
        ones = np.ones((len(self.samples), 1))
        return np.hstack([ones, *(term.columns for term in self.covariates)])

    @property
    def matrix(self) -> Floats:
        """Intercept, covariates, variable: shape (n, p)."""
        return np.hstack([self.nuisance, self.variable.columns])

    @property
    def contrasts(self) -> Floats:
        """Rows that pick the coefficients of the variable, shape (k, p)."""
        p, k = self.matrix.shape[1], self.variable.columns.shape[1]
        return np.eye(p)[p - k :]

    @property
    def averaging(self) -> Floats:
        """Weights that turn samples into means of subjects, shape (n_subjects, n)."""
        members = (np.arange(self.n_subjects)[:, None] == self.subjects[None, :]).astype(float)
        weights: Floats = members / members.sum(axis=1, keepdims=True)
        return weights

    def count_units(self) -> str:
        """Subjects of each level, reference first; their number when numeric."""
        if self.variable.is_numeric:
            return str(self.n_subjects)
        level = multiply(self.variable.columns, np.arange(1, len(self.variable.levels)))
        counts = [
            len(set(self.subjects[np.rint(level) == index].tolist()))
            for index in range(len(self.variable.levels))
        ]
        pairs = zip(self.variable.levels, counts, strict=True)
        return ";".join(f"{name}:{n}" for name, n in pairs)

    def name_covariates(self) -> str:
        """Names of the covariates, ';' between them."""
        return ";".join(term.name for term in self.covariates)


def make_term(
    samples: Sequence[Sample], column: Column, as_levels: bool, references: Sequence[str] = ()
) -> Term:
    """Columns of one variable for samples that all have a value."""
    name = column.name
    cells = [sample.value(name) for sample in samples]
    if not as_levels:
        numbers = np.array([float(cell) for cell in cells]).reshape(-1, 1)
        return Term(name, numbers - numbers.mean() if cells else numbers)
    levels = column.order_levels(set(cells), references)
    columns = [[float(cell == level) for level in levels[1:]] for cell in cells]
    return Term(name, np.array(columns).reshape(len(cells), len(levels[1:])), levels)


def make_frame(
    samples: Sequence[Sample],
    column: Column,
    measured: Collection[str],
    lacking: str,
    references: Sequence[str] = (),
) -> ModelFrame:
    """Choose samples and columns of one model.

    ``measured`` names the samples that have the outcome; ``lacking`` is what
    the others are missing.
    """
    kept, notes = _choose_samples(samples, column, measured, lacking)
    design = find_design(kept, column)
    if not column.is_numeric:
        kept = _keep_usable(kept, column, notes)
    variable = make_term(kept, column, not column.is_numeric, references)
    covariates = _make_covariates(samples, kept, column, references, notes)
    names = sorted({_unit(sample, column) for sample in kept})
    place = {name: index for index, name in enumerate(names)}
    frame = ModelFrame(
        variable,
        tuple(covariates),
        design,
        tuple(sample.name for sample in kept),
        np.array([place[_unit(sample, column)] for sample in kept], dtype=np.int64),
        tuple(notes),
    )
    why = column.obstacle or explain_no_complete_sample(samples, column.needed)
    return replace(frame, obstacle=why or _find_obstacle(frame))


def _unit(sample: Sample, column: Column) -> str:
    return sample.value(column.subject) if column.subject else sample.name


def _choose_samples(
    samples: Sequence[Sample], column: Column, measured: Collection[str], lacking: str
) -> tuple[list[Sample], list[str]]:
    kept, notes = sorted(samples, key=lambda sample: sample.name), []
    for name in column.needed:
        known = [s for s in kept if s.value(name)]
        notes += _count_lost(len(kept) - len(known), f"no value of {name}")
        kept = known
    having = [s for s in kept if s.name in measured]
    notes += _count_lost(len(kept) - len(having), lacking)
    return having, notes


def _count_lost(n_lost: int, why: str) -> list[str]:
    return [f"{n_lost} sample{'s' if n_lost > 1 else ''} left out: {why}"] if n_lost else []


def _keep_usable(kept: list[Sample], column: Column, notes: list[str]) -> list[Sample]:
    """Drop levels with fewer than two units, when two others stay."""
    units: dict[str, set[str]] = {}
    for sample in kept:
        units.setdefault(sample.value(column.name), set()).add(_unit(sample, column))
    small = sorted(level for level, found in units.items() if len(found) < MIN_UNITS)
    if not small or len(units) - len(small) < 2:
        return kept
    usable = [s for s in kept if s.value(column.name) not in small]
    what = ", ".join(f"'{level}'" for level in small)
    notes += _count_lost(len(kept) - len(usable), f"fewer than {MIN_UNITS} units of {what}")
    return usable


def _make_covariates(
    everyone: Sequence[Sample],
    kept: Sequence[Sample],
    column: Column,
    references: Sequence[str],
    notes: list[str],
) -> list[Term]:
    """Covariates that add something to those before them; notes say which do not."""
    base, chosen = np.ones((len(kept), 1)), []
    for name in column.covariates:
        if not kept or name in (column.name, column.subject):
            continue
        as_levels = has_text(everyone, name)
        term = make_term(kept, Column(name, not as_levels, None), as_levels, references)
        independent = _add_columns(base, term.columns)
        if not independent:
            notes.append(f"not adjusted for {name}: constant or given by other covariates")
            continue
        used = term.columns[:, independent]
        used = used / np.abs(used).max() if term.is_numeric else used
        base = np.hstack([base, used])
        chosen.append(replace(term, columns=used))
    return chosen


def _add_columns(base: Floats, columns: Floats) -> list[int]:
    """Which of ``columns`` are no linear combination of ``base`` and the ones before."""
    chosen: list[int] = []
    for index in range(columns.shape[1]):
        if is_new_column(np.hstack([base, columns[:, chosen]]), columns[:, index]):
            chosen.append(index)
    return chosen


def is_new_column(base: Floats, column: Floats) -> bool:
    """Whether ``column`` is outside the span of ``base``."""
    largest = float(np.sqrt((base**2).sum(axis=0).max(initial=0.0)))
    basis = span(base, _RANK_TOLERANCE * largest)
    rest = column - multiply(basis, multiply(basis.T, column))
    size = float(((column - column.mean()) ** 2).sum())
    return size > 0 and float((rest**2).sum()) > _RANK_TOLERANCE**2 * size


def _find_obstacle(frame: ModelFrame) -> str:
    if not frame.samples:
        return "not tested: no sample remains"
    if not frame.variable.is_numeric and len(frame.variable.levels) < 2:
        return "not tested: samples of fewer than two levels remain"
    base, name = frame.nuisance, frame.variable.name
    units, spent = _count_information(frame)
    n_own = frame.variable.columns.shape[1]
    if len(_add_columns(base, frame.variable.columns)) < n_own:
        if not frame.covariates:
            return f"not tested: {name} does not vary in these samples"
        if units - (spent - n_own) >= MIN_RESIDUAL_DF:
            return (
                f"not tested: {name} is confounded with "
                f"{frame.name_covariates().replace(';', ', ')}"
            )
    if units - spent < MIN_RESIDUAL_DF:
        complete = ", ".join([name, *(term.name for term in frame.covariates)])
        having = f" with values of {complete}" if frame.covariates else ""
        return f"not tested: {units} units{having} are too few for {spent} coefficients"
    return ""


def _count_information(frame: ModelFrame) -> tuple[int, int]:
    """Units that inform a model, and its coefficients."""
    spent = frame.matrix.shape[1]
    if frame.design == "within":
        return len(frame.samples), spent + frame.n_subjects - 1
    return frame.n_subjects if frame.design == "between" else len(frame.samples), spent
