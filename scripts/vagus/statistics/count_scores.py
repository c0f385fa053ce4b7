"""Score tests of read counts with robust variance, all taxa at once.

Counts c_ij of sample i and taxon j have the mean mu_ij = exp(o_i + z_i g_j) when the tested column
x does nothing; o is an offset (the log of how deeply a sample was sequenced), z are the intercept
and covariates. The null model is fitted by weighted scoring with the working variance
mu + mu^2, weights 1 / (1 + mu). With e_ij what the covariates leave of x (weights mu w),

    u_ij = e_ij (c_ij - mu_ij) w_ij,

summed over the samples of a person where people gave several. T = sum u / sqrt(sum u^2) has a
variance that is right whatever the true one is; of G people and q columns of z,
t = T sqrt((G - q - k) / (G - T^2)) with G - q - k degrees of freedom, k = 1. Several columns are
tested together by T^2 = U' (sum u u')^-1 U and F = T^2 / (G - T^2) (G - q - k) / k. The mean of
counts is right at 0 as well, where logarithms need an invented half read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.functions import exp, log
from vagus.numerics.systems import solve

Floats = NDArray[np.float64]
_STEPS, _REACH, _CONVERGED = 25, 1.5, 1e-7
_TINY = 1e-12
_EXPONENT = 30.0


@dataclass(frozen=True)
class Scores:
    """One tested column: arrays of shape (n_taxa,), natural logarithms.

    Attributes:
        effects: one-step estimates.
        errors: their standard errors.
        t: robust score statistics.
        p_values: two-sided.
    """

    effects: Floats
    errors: Floats
    t: Floats
    p_values: Floats


@dataclass(frozen=True)
class NullFit:
    """Means and weights of the model without the tested columns, shape (n, n_taxa)."""

    means: Floats
    weights: Floats


def expect(offset: Floats, columns: Floats, coefficients: Floats) -> Floats:
    """exp(o + columns coefficients), shape (n, n_taxa); equal rows are computed once."""
    rows, place = np.unique(columns, axis=0, return_inverse=True)
    inner = combine(rows, coefficients)
    sizes = exp(np.clip(inner, -_EXPONENT, _EXPONENT))[place.reshape(-1)]
    means: Floats = exp(offset)[:, None] * sizes
    return means


def combine(columns: Floats, coefficients: Floats) -> Floats:
    """Columns (n, k) times coefficients (k, n_taxa), added from the first to the last."""
    total = np.zeros((columns.shape[0], coefficients.shape[1]))
    for column, row in zip(columns.T, coefficients, strict=True):
        total += np.multiply.outer(column, row)
    return total


def sum_products(columns: Floats, weights: Floats) -> Floats:
    """X' diag(w_j) X of every taxon j, shape (n_taxa, k, k), for weights (n, n_taxa)."""
    k = columns.shape[1]
    sums = np.empty((weights.shape[1], k, k))
    for a in range(k):
        for b in range(a + 1):
            sums[:, a, b] = pull(columns[:, a] * columns[:, b], weights)
            sums[:, b, a] = sums[:, a, b]
    return sums


def pull(column: Floats, values: Floats) -> Floats:
    """Sum over samples of column (n,) times values (n, n_taxa)."""
    sums: Floats = np.einsum("n,nj->j", column, values)
    return sums


def fit_counts(counts: Floats, offset: Floats, columns: Floats) -> tuple[Floats, NullFit]:
    """Coefficients (k, n_taxa) of columns whose first is the intercept, means and weights."""
    k = columns.shape[1]
    coefficients = np.zeros((k, counts.shape[1]))
    coefficients[0] = log(np.maximum(counts.sum(axis=0) / exp(offset).sum(), _TINY))
    for _ in range(_STEPS):
        means = expect(offset, columns, coefficients)
        weights = 1 / (1 + means)
        gap = (counts - means) * weights
        slopes = np.stack([pull(column, gap) for column in columns.T], axis=1)
        step = solve_ridged(sum_products(columns, means * weights), slopes)
        coefficients += np.clip(step, -_REACH, _REACH).T
        if np.abs(step).max(initial=0.0) < _CONVERGED:
            break
    means = expect(offset, columns, coefficients)
    return coefficients, NullFit(means, 1 / (1 + means))


def solve_ridged(matrices: Floats, right: Floats) -> Floats:
    """Solutions (n_taxa, k) of systems that may be singular, as with a taxon of one level."""
    ridge = 1e-8 * np.eye(matrices.shape[-1])
    solved: Floats = solve(matrices + ridge, right[:, :, None])[:, :, 0]
    return solved


def list_scores(counts: Floats, fit: NullFit, nuisance: Floats, column: Floats) -> Floats:
    """u of every sample and taxon, shape (n, n_taxa), and the information in its last row."""
    information = fit.means * fit.weights
    inside = sum_products(nuisance, information)
    across = np.stack([pull(z * column, information) for z in nuisance.T], axis=1)
    slopes = solve_ridged(inside, across)
    rest = column[:, None] - combine(nuisance, slopes.T)
    scores = rest * (counts - fit.means) * fit.weights
    return np.vstack([scores, (rest**2 * information).sum(axis=0)])


def sum_people(values: Floats, people: NDArray[np.int64]) -> Floats:
    """Sums of the rows of each person, shape (n_people, n_taxa)."""
    sums = np.zeros((int(people.max()) + 1, values.shape[1]))
    np.add.at(sums, people, values)
    return sums


def drop_means(values: Floats, people: NDArray[np.int64]) -> Floats:
    """Rows (n, k) without the mean of each person's."""
    means = sum_people(values, people) / np.bincount(people)[:, None]
    rest: Floats = values - means[people]
    return rest


def score_column(
    counts: Floats,
    offset: Floats,
    nuisance: Floats,
    column: Floats,
    people: NDArray[np.int64],
) -> Scores:
    """Test one column (n,) beside ``nuisance`` (n, q), intercept first."""
    _, fit = fit_counts(counts, offset, nuisance)
    listed = list_scores(counts, fit, nuisance, column)
    scores = sum_people(listed[:-1], people)
    n = np.full(counts.shape[1], float(len(scores)))
    return studentise(scores, listed[-1], n, n - nuisance.shape[1] - 1)


def studentise(scores: Floats, information: Floats, n_people: Floats, df: Floats) -> Scores:
    """Statistics from the scores of people (n_people, n_taxa)."""
    from scipy.stats import t as student

    total, squares = scores.sum(axis=0), np.maximum((scores**2).sum(axis=0), _TINY)
    information = information + _TINY
    size2 = np.minimum(total**2 / squares, 0.999 * n_people)
    df = np.where(df > 0, df, np.nan)
    t = np.sign(total) * np.sqrt(size2 * df / (n_people - size2))
    p_values = 2 * student.sf(np.abs(t), df)
    return Scores(total / information, np.sqrt(squares) / information, t, p_values)


def score_together(scores: list[Floats], n_people: Floats, df: Floats) -> Floats:
    """P-values (n_taxa,) that no column of several does anything, from the scores of each."""
    from scipy.stats import f as fisher

    k = len(scores)
    totals = np.stack([score.sum(axis=0) for score in scores], axis=1)
    squares = np.array([[(a * b).sum(axis=0) for b in scores] for a in scores])
    size2 = measure_totals(totals, np.moveaxis(squares, 2, 0))
    size2 = np.clip(size2, 0.0, 0.999 * n_people)
    df = np.where(df > 0, df, np.nan)
    p_values: Floats = fisher.sf(size2 / (n_people - size2) * df / k, k, df)
    return p_values


def measure_totals(totals: Floats, squares: Floats) -> Floats:
    """U' V^-1 U for totals (..., k) and their squares (..., k, k); 0 where V is."""
    scale = np.maximum(np.einsum("...kk->...k", squares).max(axis=-1), _TINY)
    safe = squares / scale[..., None, None] + 1e-10 * np.eye(squares.shape[-1])
    solved = solve(safe, totals[..., None])[..., 0]
    size2: Floats = (solved * totals).sum(axis=-1) / scale
    return size2
