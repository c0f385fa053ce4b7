"""Permutation p-values of score statistics: who has which x is drawn anew, taxa stay together.

What the null model leaves of the counts, r_ij = (c_ij - mu_ij) w_ij, stays where it is; x, without
what the covariates explain, changes places between samples, or between people where people gave
several. The statistic is studentised, (sum x r)^2 / sum x^2 r^2, so that people with different
spread do no harm (several columns: U' V^-1 U). Small and unequal groups with a few large counts
are where this differs from the distribution of t.

Taxa whose p-value is clearly not small need no permutation, and those with a very small one many:
the first round has 999 for taxa with p below 0.2, the second up to 20 for each tested taxon (3,000
to 30,000) for those below 0.01 after the first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.products import multiply
from vagus.numerics.systems import find_basis
from vagus.statistics.count_scores import NullFit, measure_totals, sum_people

Floats = NDArray[np.float64]
FIRST, LEAST_DEEP, MOST_DEEP = 999, 3000, 30000
_CANDIDATE, _SMALL = 0.2, 0.01
_BATCH = 500
_TOLERANCE = 1e-9


def permute_scores(
    residuals: Floats, columns: Floats, p_values: Floats, seed: Sequence[int]
) -> Floats:
    """The larger of each p-value (n_taxa,) and that of the permutations.

    ``residuals`` (n, n_taxa) and ``columns`` (n, k) of samples or people.
    """
    combined = p_values.copy()
    chosen = np.flatnonzero(p_values < _CANDIDATE)
    generator = np.random.default_rng(list(seed))
    first = _count(residuals[:, chosen], columns, FIRST, generator)
    combined[chosen] = np.maximum(p_values[chosen], first)
    deep = chosen[first < _SMALL]
    n_deep = min(max(LEAST_DEEP, 20 * p_values.size), MOST_DEEP)
    if deep.size:
        found = _count(residuals[:, deep], columns, n_deep, generator)
        combined[deep] = np.maximum(p_values[deep], found)
    return combined


def list_residuals(
    counts: Floats, fit: NullFit, nuisance: Floats, tested: Floats, people: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Residuals and tested columns, each a row a person."""
    residuals = sum_people((counts - fit.means) * fit.weights, people)
    basis = find_basis(nuisance)
    rest = tested - multiply(basis, multiply(basis.T, tested))
    sizes = np.bincount(people)
    return residuals, sum_people(rest, people) / sizes[:, None]


def _count(
    residuals: Floats, columns: Floats, n_draws: int, generator: np.random.Generator
) -> Floats:
    """Share of permutations with a statistic at least as large, the observed one counted in."""
    n, n_taxa = residuals.shape
    squares = residuals**2
    observed = _measure(columns[None], residuals, squares)[0] * (1 - _TOLERANCE)
    extreme = np.zeros(n_taxa)
    for start in range(0, n_draws, _BATCH):
        size = min(_BATCH, n_draws - start)
        orders = generator.permuted(np.broadcast_to(np.arange(n), (size, n)), axis=1)
        extreme += (_measure(columns[orders], residuals, squares) >= observed).sum(axis=0)
    shares: Floats = (extreme + 1) / (n_draws + 1)
    return shares


def _measure(columns: Floats, residuals: Floats, squares: Floats) -> Floats:
    """Statistics (n_draws, n_taxa) of arranged columns (n_draws, n, k)."""
    k = columns.shape[2]
    totals = [multiply(columns[:, :, a], residuals) for a in range(k)]
    if k == 1:
        spread = multiply(columns[:, :, 0] ** 2, squares)
        single: Floats = totals[0] ** 2 / np.maximum(spread, 1e-300)
        return single
    products = np.empty((*totals[0].shape, k, k))
    for a in range(k):
        for b in range(a + 1):
            product = multiply(columns[:, :, a] * columns[:, :, b], squares)
            products[:, :, a, b] = products[:, :, b, a] = product
    return measure_totals(np.stack(totals, axis=2), products)
