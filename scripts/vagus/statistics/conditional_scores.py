"""Score tests of read counts within people, all taxa at once.

The reads T_s that a person s has of a taxon in all its samples are taken as given; they are
spread over the samples as E_i exp(z_i g) / (sum of these), E_i = exp(o_i). So a person's own level
of the taxon needs no parameter, and different numbers of visits do no harm. With x and z without
their means within the person (weights: the expected reads mu),

    u_s = w_s sum over its samples of e_i (c_i - mu_i),   w_s = 1 / (1 + T_s / n_s),

e_i what the covariates leave of x. The sum over people is tested by t over people, so that
autocorrelated samples and slopes of people's own are part of the variance. People without a read
of the taxon, or without a change of x, do not count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.functions import exp
from vagus.statistics.count_scores import (
    Scores,
    expect,
    score_together,
    solve_ridged,
    studentise,
    sum_people,
)

Floats = NDArray[np.float64]
_STEPS, _REACH, _CONVERGED = 25, 1.0, 1e-7
_TINY = 1e-12


@dataclass(frozen=True)
class ConditionalFit:
    """Coefficients (k, n_taxa), means and weights (n, n_taxa), centred columns (k, n, n_taxa)."""

    coefficients: Floats
    means: Floats
    weights: Floats
    centred: Floats


def fit_conditional(
    counts: Floats, offset: Floats, columns: Floats, people: NDArray[np.int64]
) -> ConditionalFit:
    """Fit columns (n, k), k may be 0, that vary within people."""
    sizes = np.bincount(people)
    totals = sum_people(counts, people)
    weights = (1 / (1 + totals / sizes[:, None]))[people]
    coefficients = np.zeros((columns.shape[1], counts.shape[1]))
    for _ in range(_STEPS if columns.shape[1] else 0):
        means = _spread(offset, columns, coefficients, totals, people)
        centred = centre_columns(columns, means, people)
        slopes = np.einsum("knj,nj->jk", centred, (counts - means) * weights)
        step = solve_ridged(_sum_squares(centred, centred, means * weights), slopes)
        coefficients += np.clip(step, -_REACH, _REACH).T
        if np.abs(step).max(initial=0.0) < _CONVERGED:
            break
    means = _spread(offset, columns, coefficients, totals, people)
    return ConditionalFit(coefficients, means, weights, centre_columns(columns, means, people))


def _spread(
    offset: Floats,
    columns: Floats,
    coefficients: Floats,
    totals: Floats,
    people: NDArray[np.int64],
) -> Floats:
    """Expected reads of every sample: the person's total, spread."""
    parts = (
        expect(offset, columns, coefficients)
        if columns.shape[1]
        else np.repeat(exp(offset)[:, None], totals.shape[1], axis=1)
    )
    ratio = totals / np.maximum(sum_people(parts, people), 1e-300)
    means: Floats = parts * ratio[people]
    return means


def centre_columns(columns: Floats, means: Floats, people: NDArray[np.int64]) -> Floats:
    """Columns without their means within people, weights ``means``: (k, n, n_taxa)."""
    total = np.maximum(sum_people(means, people), 1e-300)
    centred = np.empty((columns.shape[1], *means.shape))
    for index, column in enumerate(columns.T):
        own = sum_people(column[:, None] * means, people) / total
        centred[index] = column[:, None] - own[people]
    return centred


def _sum_squares(left: Floats, right: Floats, weights: Floats) -> Floats:
    """Products of two sets of columns: (n_taxa, k, l)."""
    sums = np.empty((weights.shape[1], len(left), len(right)))
    for a, first in enumerate(left):
        for b, second in enumerate(right):
            sums[:, a, b] = (first * second * weights).sum(axis=0)
    return sums


def list_within(
    counts: Floats, fit: ConditionalFit, column: Floats, people: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """u of every person (n_people, n_taxa), and the information (n_taxa,)."""
    rest = centre_columns(column[:, None], fit.means, people)
    information = fit.means * fit.weights
    if len(fit.centred):
        inside = _sum_squares(fit.centred, fit.centred, information)
        slopes = solve_ridged(inside, _sum_squares(fit.centred, rest, information)[:, :, 0])
        rest = rest - np.einsum("knj,jk->nj", fit.centred, slopes)
    scores = sum_people(rest[0] * (counts - fit.means) * fit.weights, people)
    return scores, (rest[0] ** 2 * information).sum(axis=0)


def score_within(
    counts: Floats,
    offset: Floats,
    nuisance: Floats,
    column: Floats,
    people: NDArray[np.int64],
) -> tuple[Scores, Floats]:
    """Test one column (n,) beside ``nuisance`` (n, q); people who count, shape (n_taxa,)."""
    fit = fit_conditional(counts, offset, nuisance, people)
    scores, information = list_within(counts, fit, column, people)
    n = count_people([scores])
    return studentise(scores, information, np.maximum(n, 2.0), n - 1 - nuisance.shape[1]), n


def count_people(scores: list[Floats]) -> Floats:
    """People with a contribution to any of the scores, shape (n_taxa,)."""
    largest = np.max([np.abs(score) for score in scores], axis=0)
    counted: Floats = (largest > _TINY).sum(axis=0).astype(np.float64)
    return counted


def score_within_together(
    counts: Floats,
    offset: Floats,
    nuisance: Floats,
    columns: Floats,
    people: NDArray[np.int64],
) -> Floats:
    """P-values (n_taxa,) that no column of several does anything."""
    fit = fit_conditional(counts, offset, nuisance, people)
    scores = [list_within(counts, fit, column, people)[0] for column in columns.T]
    n = count_people(scores)
    return score_together(scores, np.maximum(n, 2.0), n - nuisance.shape[1] - columns.shape[1])


def estimate_within(
    counts: Floats, offset: Floats, columns: Floats, people: NDArray[np.int64], n_tested: int
) -> tuple[Floats, Floats, Floats]:
    """Coefficients of the last columns, their errors, and degrees of freedom (n_taxa,)."""
    fit = fit_conditional(counts, offset, columns, people)
    inside = _sum_squares(fit.centred, fit.centred, fit.means * fit.weights)
    gap = (counts - fit.means) * fit.weights
    scores = np.stack([sum_people(centred * gap, people) for centred in fit.centred], axis=1)
    n, k = count_people(list(np.moveaxis(scores, 1, 0))), columns.shape[1]
    df = np.where(n - k > 0, n - k, np.nan)
    errors = np.empty((n_tested, counts.shape[1]))
    for index in range(n_tested):
        pick = np.zeros((counts.shape[1], k))
        pick[:, k - n_tested + index] = 1.0
        rows = solve_ridged(inside, pick)
        own = np.einsum("skj,jk->sj", scores, rows)
        errors[index] = np.sqrt((own**2).sum(axis=0) * n / df)
    return fit.coefficients[k - n_tested :], errors, df
