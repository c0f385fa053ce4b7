"""Which taxa change: a test of counts that knows that reads are shares of a whole.

1. Offset: the log of all reads of a sample. Counts above the 90th percentile of the taxon's counts
   per offset (and above 10 reads) are cut there: a few very high carriers otherwise hide what the
   others do.
2. Score tests of every taxon (``count_scores``; within people ``conditional_scores``, counts not
   cut), twice, each time with the offset moved along the tested column until the common centre of
   all taxa is 0 (``common_centre``).
3. Reference: taxa that are probably at the centre. The offset becomes the log of their summed
   reads, and steps 1 and 2 are repeated; twice.
4. P-value: the larger of t and of a permutation of people (``score_permutations``); within people
   that of t.
5. The tests once more with the reference moved by 0.25 and 0.5 log2 either way: what keeps its
   direction does not depend on the reference, and has the larger p-value of both.
6. Effect: log2 fold of the counts as they are, in the full model with the same offset.

This takes most taxa as unchanged. No table of shares can show whether half of the taxa rose or the
other half fell. With fewer than 10 taxa there is no centre to find: the offset stays the log of all
reads, and effects are those of shares.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.functions import exp, log
from vagus.numerics.products import multiply
from vagus.numerics.systems import solve_least_squares
from vagus.statistics.common_centre import find_centre, measure_unchanged
from vagus.statistics.conditional_scores import (
    estimate_within,
    score_within,
    score_within_together,
)
from vagus.statistics.count_fits import estimate_counts
from vagus.statistics.count_scores import (
    Scores,
    drop_means,
    fit_counts,
    list_scores,
    score_column,
    score_together,
    sum_people,
)
from vagus.statistics.score_permutations import list_residuals, permute_scores

Floats = NDArray[np.float64]
LN2 = math.log(2)
SHIFTS = (0.25, 0.5)
MIN_REFERENCE_TAXA = 10
_CUT, _LEAST_READS = 0.9, 10.0
_ROUNDS = 2
_UNCHANGED, _ALWAYS = 0.8, 0.3
_LEVEL = 0.95
_LEAST_ERROR = 0.02


@dataclass(frozen=True)
class CountDesign:
    """Who is compared.

    Attributes:
        nuisance: covariates, shape (n, q); between people with the intercept first.
        tested: columns, shape (n, k).
        people: int64, shape (n,): the person of each sample, 0-based without gaps.
        is_within: whether people are compared with themselves.
    """

    nuisance: Floats
    tested: Floats
    people: NDArray[np.int64]
    is_within: bool = False

    def split(self, index: int) -> tuple[Floats, Floats]:
        """Nuisance with all tested columns but one, and that one."""
        others = np.delete(self.tested, index, axis=1)
        return np.hstack([self.nuisance, others]), self.tested[:, index]

    @property
    def n_tested(self) -> int:
        """Number of tested columns."""
        return int(self.tested.shape[1])


@dataclass(frozen=True)
class CountTest:
    """Results, arrays (k, n_taxa) of each column, logarithms to base 2.

    Attributes:
        log2_fold, low, high: effects with 95 % limits, from counts that are not cut.
        p_values: of each column.
        shifted: p-values that allow the reference to be off by so many log2.
        joint_p: of all columns together, shape (n_taxa,).
        reference: taxa whose reads are the reference, shape (n_taxa,).
        people: people who count for each taxon, shape (k, n_taxa).
        shift: log2 by which all reads mislead about the reference, shape (k,).
    """

    log2_fold: Floats
    low: Floats
    high: Floats
    p_values: Floats
    shifted: dict[float, Floats]
    joint_p: Floats
    reference: NDArray[np.bool_]
    people: Floats
    shift: Floats


@dataclass(frozen=True)
class _Tables:
    """Counts, their cut form, the offset and the shift of each tested column along it."""

    counts: Floats
    design: CountDesign
    offset: Floats
    cut: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    shifts: Floats = field(default_factory=lambda: np.zeros(0))

    def moved(self, index: int, by: float = 0.0) -> Floats:
        """The offset with the shift of one tested column, and more."""
        moved: Floats = self.offset + (self.shifts[index] + by) * self.design.tested[:, index]
        return moved

    def score(self, index: int, by: float = 0.0) -> tuple[Scores, Floats]:
        """The test of one column, and the people who count for each taxon."""
        nuisance, column = self.design.split(index)
        offset = self.moved(index, by)
        people = self.design.people
        if self.design.is_within:
            return score_within(self.counts, offset, nuisance, column, people)
        n = np.full(self.counts.shape[1], float(people.max() + 1))
        return score_column(self.cut, offset, nuisance, column, people), n


def compare_counts(
    counts: Floats, depths: Floats, design: CountDesign, seed: Sequence[int]
) -> CountTest:
    """Test taxa, counts of shape (n, n_taxa); ``depths`` (n,) are all reads of the samples."""
    n_taxa = counts.shape[1]
    reference = np.ones(n_taxa, dtype=bool)
    tables = _prepare(counts, design, log(depths + 1.0))
    if n_taxa >= MIN_REFERENCE_TAXA:
        tables, scores = _centre(tables)
        for _ in range(_ROUNDS):
            reference = _choose_reference(scores)
            tables = _prepare(counts, design, log(counts[:, reference].sum(axis=1) + 1.0))
            tables, scores = _centre(tables)
    return _collect(tables, reference, depths, seed)


def cut_counts(counts: Floats, offset: Floats) -> Floats:
    """Counts of which none is above the taxon's 90th percentile of counts per offset."""
    sizes = exp(offset - offset.mean())[:, None]
    ratios = counts / sizes
    most = np.maximum(np.quantile(ratios, _CUT, axis=0), _LEAST_READS)
    cut: Floats = np.minimum(ratios, most) * sizes
    return cut


def _prepare(counts: Floats, design: CountDesign, offset: Floats) -> _Tables:
    offset = offset - offset.mean()
    cut = counts if design.is_within else cut_counts(counts, offset)
    return _Tables(counts, design, offset, cut, np.zeros(design.n_tested))


def _centre(tables: _Tables) -> tuple[_Tables, list[Scores]]:
    """Shifts that bring the common centre of every column to 0, and the tests there."""
    for _ in range(_ROUNDS):
        found = [tables.score(index)[0] for index in range(tables.design.n_tested)]
        steps = np.array([find_centre(*_usable(scores)) for scores in found])
        tables = replace(tables, shifts=tables.shifts + steps)
    return tables, [tables.score(index)[0] for index in range(tables.design.n_tested)]


def _usable(scores: Scores) -> tuple[Floats, Floats]:
    """Effects and errors that a mixture can weigh: of taxa that have any."""
    effects, errors = np.clip(scores.effects, -4, 4), scores.errors
    has_any = np.isfinite(effects) & (errors > 1e-6)
    if has_any.sum() < MIN_REFERENCE_TAXA:
        return np.zeros(1), np.ones(1)
    return effects[has_any], np.maximum(errors[has_any], _LEAST_ERROR)


def _choose_reference(scores: list[Scores]) -> NDArray[np.bool_]:
    """Taxa that are probably at the centre of every tested column."""
    unchanged = np.ones(scores[0].effects.size)
    for own in scores:
        errors = np.maximum(own.errors, _LEAST_ERROR)
        probable = measure_unchanged(np.clip(own.effects, -4, 4), errors)
        unchanged = np.minimum(unchanged, probable)
    least = max(_UNCHANGED, float(np.quantile(unchanged, _ALWAYS)))
    chosen: NDArray[np.bool_] = unchanged >= least
    if chosen.sum() < MIN_REFERENCE_TAXA // 2:
        chosen = unchanged >= float(np.quantile(unchanged, 1 - _ALWAYS))
    return chosen


def _collect(
    tables: _Tables, reference: NDArray[np.bool_], depths: Floats, seed: Sequence[int]
) -> CountTest:
    design = tables.design
    tests = [tables.score(index) for index in range(design.n_tested)]
    p_values = [_permute(tables, i, scores.p_values, seed) for i, (scores, _) in enumerate(tests)]
    shifted = {
        by: np.array([np.maximum(p, _hold(tables, i, by)) for i, p in enumerate(p_values)])
        for by in SHIFTS
    }
    effects, low, high = _estimate(tables)
    return CountTest(
        effects / LN2,
        low / LN2,
        high / LN2,
        np.array(p_values),
        shifted,
        _test_together(tables, seed) if design.n_tested > 1 else p_values[0],
        reference,
        np.array([people for _, people in tests]),
        _measure_shift(tables, depths),
    )


def _hold(tables: _Tables, index: int, by: float) -> Floats:
    """The larger p-value of both moves of the reference; 1 where the direction turns."""
    down, _ = tables.score(index, -by * LN2)
    up, _ = tables.score(index, by * LN2)
    worse: Floats = np.where(down.t * up.t > 0, np.maximum(down.p_values, up.p_values), 1.0)
    return np.where(np.isnan(down.p_values), np.nan, worse)


def _permute(tables: _Tables, index: int, p_values: Floats, seed: Sequence[int]) -> Floats:
    design = tables.design
    if design.is_within:
        return p_values
    nuisance, column = design.split(index)
    _, fit = fit_counts(tables.cut, tables.moved(index), nuisance)
    residuals, columns = list_residuals(tables.cut, fit, nuisance, column[:, None], design.people)
    return permute_scores(residuals, columns, p_values, [*seed, index])


def _test_together(tables: _Tables, seed: Sequence[int]) -> Floats:
    """P-values of all tested columns together, each at its centre."""
    design = tables.design
    nuisance, tested, people = design.nuisance, design.tested, design.people
    offset = tables.offset + multiply(tested, tables.shifts)
    if design.is_within:
        return score_within_together(tables.counts, offset, nuisance, tested, people)
    _, fit = fit_counts(tables.cut, offset, nuisance)
    scores = [
        sum_people(list_scores(tables.cut, fit, nuisance, column)[:-1], people)
        for column in tested.T
    ]
    n = np.full(tables.cut.shape[1], float(len(scores[0])))
    p_values = score_together(scores, n, n - nuisance.shape[1] - tested.shape[1])
    residuals, columns = list_residuals(tables.cut, fit, nuisance, tested, people)
    return permute_scores(residuals, columns, p_values, [*seed, design.n_tested])


def _estimate(tables: _Tables) -> tuple[Floats, Floats, Floats]:
    """Effects and 95 % limits, natural logarithms, (k, n_taxa)."""
    from scipy.stats import t as student

    design = tables.design
    offset = tables.offset + multiply(design.tested, tables.shifts)
    columns = np.hstack([design.nuisance, design.tested])
    estimate = estimate_within if design.is_within else estimate_counts
    effects, errors, df = estimate(tables.counts, offset, columns, design.people, design.n_tested)
    reach = student.ppf(0.5 + _LEVEL / 2, df) * errors
    return effects, effects - reach, effects + reach


def _measure_shift(tables: _Tables, depths: Floats) -> Floats:
    """How much all reads go with the tested columns beyond the reference, log2, shape (k,)."""
    design = tables.design
    excess = log(depths + 1.0) - tables.offset
    columns = np.hstack([np.ones((len(excess), 1)), design.nuisance, design.tested])
    if design.is_within:
        columns = drop_means(columns[:, 1:], design.people)
        excess = drop_means(excess[:, None], design.people)[:, 0]
    fitted = solve_least_squares(columns, excess, 1e-9)
    slopes: Floats = fitted[-design.n_tested :] - tables.shifts
    return slopes / LN2
