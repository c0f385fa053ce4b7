"""Fold changes of read counts in the full model, with robust standard errors.

The model of ``count_scores`` with the tested columns in it, on counts as they are: mean
exp(o_i + x_i b), working variance mu + mu^2. The covariance of b is a sandwich of the scores of
people, each divided by 1 - h, h the person's share in the fit (for one sample a person HC3,
MacKinnon & White 1985; the jackknife, nearly), and intervals are of t with people minus
coefficients degrees of freedom: counts are skewed, and plain sandwiches are too narrow in few
people. A taxon that a level never has gets the fold where the fit was stopped, with no limits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vagus.statistics.count_scores import (
    combine,
    fit_counts,
    solve_ridged,
    sum_people,
    sum_products,
)

Floats = NDArray[np.float64]
_MOST_SHARE = 0.9


def estimate_counts(
    counts: Floats, offset: Floats, columns: Floats, people: NDArray[np.int64], n_tested: int
) -> tuple[Floats, Floats, float]:
    """Coefficients (n_tested, n_taxa) of the last columns, their errors, degrees of freedom."""
    coefficients, fit = fit_counts(counts, offset, columns)
    information = fit.means * fit.weights
    inside = sum_products(columns, information)
    gap = (counts - fit.means) * fit.weights
    shares = np.zeros_like(counts)
    for index, column in enumerate(columns.T):
        pick = np.zeros((counts.shape[1], columns.shape[1]))
        pick[:, index] = 1.0
        rows = solve_ridged(inside, pick)
        shares += column[:, None] * combine(columns, rows.T) * information
    slack = 1 / (1 - np.minimum(sum_people(shares, people), _MOST_SHARE))
    n, k = slack.shape[0], columns.shape[1]
    errors = np.empty((n_tested, counts.shape[1]))
    for index in range(n_tested):
        pick = np.zeros((counts.shape[1], k))
        pick[:, k - n_tested + index] = 1.0
        rows = solve_ridged(inside, pick)
        own = sum_people(combine(columns, rows.T) * gap, people) * slack
        errors[index] = np.sqrt((own**2).sum(axis=0))
    return coefficients[k - n_tested :], errors, float(n - k)
