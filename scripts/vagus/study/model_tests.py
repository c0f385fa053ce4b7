"""Which tests a model frame allows, and why not the others: the judges of check and cohort."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.products import multiply
from vagus.numerics.systems import find_basis
from vagus.study.columns import Column
from vagus.study.comparison import Comparison, make_comparison
from vagus.study.model_frame import ModelFrame, Term
from vagus.study.samples import Sample
from vagus.study.test_names import CLR_LINEAR, CLR_MIXED, CLR_WITHIN, LINEAR, MIXED, WITHIN

Floats = NDArray[np.float64]
MIN_PAIRS = 3
MIN_PAIR_SAMPLES = 2
ROUNDING = 1e-9
NOTHING_LEFT = "not tested: nothing is left to compare it with"
FEW_CHANGES = "not tested: it changes in fewer than 2 subjects"


def name_model(frame: ModelFrame) -> str:
    """The model of alpha diversity that fits the design."""
    if frame.design == "within":
        return WITHIN
    return MIXED if frame.is_repeated else LINEAR


def name_clr(frame: ModelFrame) -> str:
    """The model of centred log-ratios that fits the design."""
    if frame.design == "within":
        return CLR_WITHIN
    return CLR_MIXED if frame.is_repeated else CLR_LINEAR


def pair_samples(
    samples: Sequence[Sample],
    column: Column,
    frame: ModelFrame,
    measured: Collection[str],
    lacking: str,
) -> Comparison | None:
    """Complete pairs of a paired test; None where not just two levels change within subjects."""
    if frame.design != "within" or len(frame.variable.levels) != 2:
        return None
    alone, reference = replace(column, covariates=()), frame.variable.levels[:1]
    pairs = make_comparison(samples, alone, measured, lacking, reference)
    if pairs.obstacle or pairs.n_subjects >= MIN_PAIRS:
        return pairs
    return replace(pairs, obstacle=f"not tested: fewer than {MIN_PAIRS} complete pairs")


def arrange_terms(frame: ModelFrame) -> tuple[Floats, list[Term], NDArray[np.int64]]:
    """Columns given before the terms of a PERMANOVA, its terms (variable last), and blocks."""
    n, terms = len(frame.samples), [*frame.covariates, frame.variable]
    if frame.design == "independent":
        return np.ones((n, 1)), terms, np.zeros(n, dtype=np.int64)
    if frame.design == "between":
        units = np.zeros(frame.n_subjects, dtype=np.int64)
        return np.ones((units.size, 1)), [t.take(frame.averaging) for t in terms], units
    subjects = (frame.subjects[:, None] == np.arange(frame.n_subjects)[None, :]).astype(float)
    varying = [t for t in frame.covariates if centre_within(t.columns, frame.subjects).any()]
    return subjects, [*varying, frame.variable], frame.subjects


def centre_within(columns: Floats, subjects: NDArray[np.int64]) -> Floats:
    """Columns (n, k) minus the means of subjects; 0 where only rounding is left.

    What columns add to those of the subjects themselves, without a matrix of subjects, which would
    be too large for thousands of them.
    """
    counts = np.bincount(subjects)
    sums = np.array([np.bincount(subjects, column) for column in columns.T])
    rest = columns - (sums / counts).T[subjects]
    least = ROUNDING * np.abs(columns).max(axis=0, initial=0.0)
    return np.where(np.abs(rest) > least, rest, 0.0)


def explain_no_permanova(frame: ModelFrame) -> str:
    """Why the variable cannot be tested beside its covariates; empty when it can."""
    if frame.obstacle:
        return frame.obstacle
    if frame.design == "within":
        covariates = [centre_within(t.columns, frame.subjects) for t in frame.covariates]
        variable = centre_within(frame.variable.columns, frame.subjects)
        base, n_left = np.zeros((len(frame.samples), 0)), len(frame.samples) - frame.n_subjects
    else:
        base, (*others, last), _ = arrange_terms(frame)
        covariates, variable, n_left = [t.columns for t in others], last.columns, base.shape[0]
    before = find_basis(np.hstack([base, *covariates]))
    added = find_basis(variable, before)
    if added.shape[1] == 0 or n_left - before.shape[1] - added.shape[1] < 1:
        return NOTHING_LEFT
    if keeps_series(frame) and count_changing(added, frame) < 2:
        return FEW_CHANGES
    return ""


def keeps_series(frame: ModelFrame) -> bool:
    """Whether a subject has several samples that could change places without a change of level.

    Their series stay together then: the signs of whole series are flipped.
    """
    if frame.design != "within":
        return False
    if frame.variable.is_numeric:
        return True
    place = multiply(frame.variable.columns, np.arange(1, len(frame.variable.levels)))
    cells = list(zip(frame.subjects.tolist(), np.rint(place).tolist(), strict=True))
    return len(set(cells)) < len(cells)


def count_changing(term: Floats, frame: ModelFrame) -> int:
    """Subjects in whom a term (n, k) changes beside all others."""
    return len(set(frame.subjects[np.abs(term).max(axis=1) > ROUNDING].tolist()))


def explain_no_ancombc(frame: ModelFrame) -> str:
    """Why ANCOM-BC does not fit the design; empty when it does."""
    return "it takes repeated samples as independent" if frame.design == "within" else ""


def explain_no_dirichlet(frame: ModelFrame) -> str:
    """Why no Dirichlet-multinomial model fits the design; empty when one does."""
    if frame.design == "within":
        return "its mixed model takes samples of a subject as equally similar"
    if frame.is_repeated:
        return ""
    if frame.covariates or frame.variable.is_numeric:
        return "it takes neither covariates nor numbers here"
    first, *others = count_levels(frame)
    if min(first, max(others)) < MIN_PAIR_SAMPLES:
        return "one sample of a level has no variance"
    return ""


def count_levels(frame: ModelFrame) -> list[int]:
    """Samples of each level, the reference first."""
    columns = frame.variable.columns
    place = np.rint(multiply(columns, np.arange(1, len(frame.variable.levels)))).astype(np.int64)
    return [int(n) for n in np.bincount(place, minlength=len(frame.variable.levels))]
