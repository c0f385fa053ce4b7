"""Robust Aitchison distance: log-ratios of what was seen, the rest completed at low rank.

1. Robust centred log-ratio (rclr): ln of each count above 0, minus the mean of these logarithms in
   the sample; zeros stay missing (Martino et al. 2019, mSystems 4:e00016-19, eq. 1).
2. Missing values are completed by a matrix U S V' of low rank that fits the values seen: OptSpace
   (Keshavan, Montanari & Oh 2010, IEEE Trans. Inf. Theory 56:2980). U and V start as singular
   vectors of the matrix with zeros for what is missing; S is the least-squares fit to the values
   seen; five steps of projected gradient descent with halving of the step follow. The penalty on
   rows of large norm, which acts from tens of thousands of rows on, is left out.
3. The completed matrix is centred by columns and by rows. The distance of two samples is the
   Euclidean distance of their rows.

Few steps and a low rank are part of the method: they keep the fit from following noise in
taxa that few samples contain. DEICODE and Gemelli define the ordination in the same way; their
table of distances is that of U alone, which gives all axes the same weight, while here an axis
weighs what it explains, so that the principal coordinates of these distances are that ordination.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.numerics import functions
from vagus.numerics.eigen import decompose_leading
from vagus.numerics.products import multiply
from vagus.numerics.systems import orthonormalise, solve_least_squares

log = logging.getLogger(__name__)

RANK = 3
STEPS = 5
MIN_FEATURE_READS = 10
_FIRST_STEP = 0.1
_MAX_HALVINGS = 20
_SMALL_ERROR = 1e-5
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class LowRank:
    """A matrix U S V': left (n, r), middle (r, r), right (m, r)."""

    left: Floats
    middle: Floats
    right: Floats

    def multiply(self) -> Floats:
        """The whole matrix, shape (n, m)."""
        whole: Floats = multiply(self.left, self.middle, self.right.T)
        return whole


def robust_log_ratios(counts: Counts) -> Floats:
    """rclr of counts, shape (n_samples, n_taxa); NaN where there are no reads."""
    seen = counts > 0
    logs = functions.log(np.where(seen, counts, 1))
    n_seen = np.maximum(seen.sum(axis=1, keepdims=True), 1)
    means = (logs * seen).sum(axis=1, keepdims=True) / n_seen
    return np.where(seen, logs - means, np.nan)


def complete_matrix(values: Floats, rank: int = RANK, steps: int = STEPS) -> Floats:
    """Low-rank matrix fitted to the values that are not NaN, shape (n, m).

    The rank is at most one below the smaller side.
    """
    seen = ~np.isnan(values)
    observed = np.where(seen, values, 0.0)
    rank = min(rank, min(values.shape) - 1)
    size = float((observed**2).sum())
    if rank < 1 or size == 0:
        return np.zeros(values.shape)
    scale = float(np.sqrt(seen.sum() * rank / size))
    observed = observed * scale
    left, right = _leading_vectors(observed, rank)
    fit = LowRank(left, _fit_middle(left, right, observed, seen), right)
    for _ in range(steps):
        fit = _descend(fit, observed, seen)
        error = (observed - fit.multiply()) * seen
        if float(np.sqrt((error**2).sum() / seen.sum())) < _SMALL_ERROR:
            break
    return fit.multiply() / scale


def _leading_vectors(observed: Floats, rank: int) -> tuple[Floats, Floats]:
    """Leading singular vectors, scaled to columns of squared length n and m."""
    n, m = observed.shape
    if n <= m:
        _, left = decompose_leading(multiply(observed, observed.T), rank)
        right = multiply(observed.T, left)
    else:
        _, right = decompose_leading(multiply(observed.T, observed), rank)
        left = multiply(observed, right)
    return orthonormalise(left) * np.sqrt(n), orthonormalise(right) * np.sqrt(m)


def _fit_middle(left: Floats, right: Floats, observed: Floats, seen: NDArray[np.bool_]) -> Floats:
    """S with the least squared error over the values seen: normal equations, (r, r)."""
    rank = left.shape[1]
    target = multiply(left.T, observed, right).ravel()
    system = np.empty((rank * rank, rank * rank))
    for i in range(rank):
        for j in range(rank):
            part = np.multiply.outer(left[:, i], right[:, j]) * seen
            system[:, i * rank + j] = multiply(left.T, part, right).ravel()
    return solve_least_squares(system, target, 1e-12).reshape(rank, rank)


def _descend(fit: LowRank, observed: Floats, seen: NDArray[np.bool_]) -> LowRank:
    """One step along the projected gradient in U and V, then S anew."""
    residual = (observed - fit.multiply()) * seen
    n, m = observed.shape
    pull_left = multiply(residual, multiply(fit.right, fit.middle.T))
    pull_right = multiply(residual.T, multiply(fit.left, fit.middle))
    slope_left = multiply(fit.left, multiply(fit.left.T, pull_left)) / n - pull_left
    slope_right = multiply(fit.right, multiply(fit.right.T, pull_right)) / m - pull_right
    steepness = float((slope_left**2).sum() + (slope_right**2).sum())
    before = float((residual**2).sum()) / 2
    step = _FIRST_STEP
    for _ in range(_MAX_HALVINGS):
        left, right = fit.left - step * slope_left, fit.right - step * slope_right
        error = (multiply(left, fit.middle, right.T) - observed) * seen
        if float((error**2).sum()) / 2 - before <= -0.5 * step * steepness:
            break
        step /= 2
    left, right = fit.left - step * slope_left, fit.right - step * slope_right
    return LowRank(left, _fit_middle(left, right, observed, seen), right)


def center_completed(counts: Counts) -> Floats:
    """Completed rclr matrix with columns and rows centred on 0, shape (n_samples, n_kept).

    Taxa with fewer than 10 reads in these samples are left out first (all stay when that would
    leave fewer than two).
    """
    reads = counts.sum(axis=0)
    common = counts[:, reads >= MIN_FEATURE_READS]
    kept = common if common.shape[1] > 1 else counts[:, reads > 0]
    log.info("robust Aitchison: %d of %d taxa", kept.shape[1], int((reads > 0).sum()))
    if min(kept.shape, default=0) == 0:
        return np.zeros((counts.shape[0], 1))
    completed = complete_matrix(robust_log_ratios(kept))
    completed = completed - completed.mean(axis=0, keepdims=True)
    centred: Floats = completed - completed.mean(axis=1, keepdims=True)
    return centred
