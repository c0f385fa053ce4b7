"""Linear models whose errors are correlated within clusters of rows, many outcomes at once.

Coefficients are least squares. Standard errors are CR2 (Bell & McCaffrey 2002, Survey Methodology
28:169), clustered by subject: whatever the errors of a subject have in common - autocorrelation,
a slope of its own - is part of the sum of its residuals. With design X, Q = (X'X)^-1, H = XQX' and
the block H_s of a subject, the contrast c'b has the variance

    sum over subjects of (a_s' e_s)^2,   a_s = (I - H_s)^(-1/2) X_s Q c,

which has no bias when errors are independent and of equal variance. All matrices here are of the
size of the coefficients: with Q = R R and S_s = R X_s'X_s R,

    a_s = X_s R (I - S_s)^(-1/2) R c,

the pseudo-inverse where a subject alone determines a coefficient.

Degrees of freedom are Satterthwaite's, for errors that are independent and of equal variance:
with K_st = a_s' (I - H) a_t, df = tr(K)^2 / (sum of all K_st^2). Several contrasts are tested
together by the approximate Hotelling test (Pustejovsky & Tipton 2018, J. Bus. Econ. Stat. 36:672):
their covariance, in units of its expectation, has the variance of a Wishart matrix of eta
degrees of freedom; F = (eta - k + 1) / (eta k) b' V^-1 b has k and eta - k + 1.

For rows that are clusters of their own all of this is HC2, as in ``linear_models``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vagus.cohort.estimates import Estimates
from vagus.numerics.eigen import decompose_small
from vagus.numerics.products import multiply
from vagus.numerics.systems import invert, solve
from vagus.statistics.count_scores import drop_means

Floats = NDArray[np.float64]
_SATURATED = 1e-9


def fit_clustered(
    design: Floats, outcomes: Floats, clusters: NDArray[np.int64], contrasts: Floats
) -> Estimates:
    """Estimate contrasts of coefficients.

    Parameters
    ----------
    design
        Shape (n, p), full column rank; may be free of means of clusters, as the outcomes are then.
    outcomes
        Shape (n, n_outcomes).
    clusters
        Shape (n,), index of the cluster of each row, 0-based without gaps.
    contrasts
        Shape (k, p), linearly independent.
    """
    inverse = invert(multiply(design.T, design))
    coefficients = multiply(inverse, multiply(design.T, outcomes))
    residuals = outcomes - multiply(design, coefficients)
    squares, pulls = _sum_clusters(design, residuals, clusters)
    turned = _adjust(squares, inverse, contrasts)
    scores = np.einsum("skp,spf->ksf", turned, pulls)
    covariance = np.einsum("ksf,lsf->fkl", scores, scores)
    values = multiply(contrasts, coefficients)
    errors = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2).T)
    scale = np.abs(outcomes).max(axis=0, initial=0.0)
    is_exact = np.sqrt((residuals**2).mean(axis=0)) <= 1e-12 * scale
    products = _multiply_clusters(squares, turned, inverse)
    df = np.array([_satterthwaite(products[i, i]) for i in range(len(contrasts))])
    expected = np.einsum("kp,pq,lq->kl", contrasts, inverse, contrasts)
    joint_f, joint_df = _test_together(values, covariance, products, expected)
    left = outcomes - outcomes.mean(axis=0) - multiply(design - design.mean(axis=0), coefficients)
    return Estimates(
        values,
        np.where(is_exact, 0.0, errors),
        np.repeat(df[:, None], outcomes.shape[1], axis=1),
        np.sqrt((left**2).sum(axis=0) / max(len(design) - design.shape[1] - 1, 1)),
        np.where(is_exact, np.nan, joint_f),
        np.full(outcomes.shape[1], joint_df),
        np.full(outcomes.shape[1], np.nan),
    )


def fit_within(
    design: Floats, outcomes: Floats, subjects: NDArray[np.int64], contrasts: Floats
) -> Estimates:
    """Estimates from what differs within subjects; ``spread`` is the standard deviation there.

    ``design`` (n, p) has no means within subjects (``study.sides``); ``outcomes`` may have.
    """
    own = drop_means(outcomes, subjects)
    fitted = fit_clustered(design, own, subjects, contrasts)
    coefficients = multiply(invert(multiply(design.T, design)), multiply(design.T, own))
    left = ((own - multiply(design, coefficients)) ** 2).sum(axis=0)
    n_subjects = int(subjects.max()) + 1
    return replace(fitted, spread=np.sqrt(left / (len(design) - n_subjects - design.shape[1])))


def _sum_clusters(
    design: Floats, residuals: Floats, clusters: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """X_s'X_s, shape (n_clusters, p, p), and X_s'e_s, shape (n_clusters, p, n_outcomes)."""
    n, p = int(clusters.max()) + 1, design.shape[1]
    squares, pulls = np.zeros((n, p, p)), np.zeros((n, p, residuals.shape[1]))
    np.add.at(squares, clusters, design[:, :, None] * design[:, None, :])
    np.add.at(pulls, clusters, design[:, :, None] * residuals[:, None, :])
    return squares, pulls


def _adjust(squares: Floats, inverse: Floats, contrasts: Floats) -> Floats:
    """h_s with a_s = X_s h_s, shape (n_clusters, k, p)."""
    roots, vectors = decompose_small(inverse)
    root = np.einsum("ij,j,kj->ik", vectors, np.sqrt(np.maximum(roots, 0.0)), vectors)
    shares, own = decompose_small(np.einsum("ij,sjk,kl->sil", root, squares, root))
    slack = 1 - shares
    is_free = slack > _SATURATED
    scales = np.where(is_free, 1 / np.sqrt(np.where(is_free, slack, 1.0)), 0.0)
    middle = np.einsum("sij,sj,skj->sik", own, scales, own)
    turned: Floats = np.einsum("pi,sij,jq,kq->skp", root, middle, root, contrasts)
    return turned


def _multiply_clusters(squares: Floats, turned: Floats, inverse: Floats) -> Floats:
    """K_st of every two contrasts, shape (k, k, n_clusters, n_clusters)."""
    pulled = np.einsum("spq,skq->skp", squares, turned)
    across: Floats = -np.einsum("skp,pq,tlq->klst", pulled, inverse, pulled)
    own = np.einsum("skp,slp->kls", turned, pulled)
    each = np.arange(len(squares))
    across[:, :, each, each] += own
    return across


def _satterthwaite(products: Floats) -> float:
    """tr(K)^2 / tr(K K); 1 where no cluster contributes."""
    size = float((products**2).sum())
    return float(np.trace(products)) ** 2 / size if size > 0 else 1.0


def _test_together(
    values: Floats, covariance: Floats, products: Floats, expected: Floats
) -> tuple[Floats, float]:
    """F of all contrasts, shape (n_outcomes,), and its denominator degrees of freedom."""
    k = values.shape[0]
    roots, vectors = decompose_small(expected)
    whiten = vectors / np.sqrt(roots)
    white = np.einsum("ka,lb,klst->abst", whiten, whiten, products)
    own = np.einsum("aast->ast", white)
    spread = (own.sum(axis=0) ** 2).sum() + np.einsum("abst,bast->", white, white)
    eta = k * (k + 1) / float(spread)
    with np.errstate(divide="ignore", invalid="ignore"):
        solved = solve(covariance, values.T[:, :, None])[:, :, 0]
        statistic = (solved * values.T).sum(axis=1) * (eta - k + 1) / (eta * k)
    return np.where(eta - k + 1 > 0, statistic, np.nan), eta - k + 1
