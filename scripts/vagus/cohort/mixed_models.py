"""Linear models with a random intercept for each subject, many outcomes at once.

y = X b + u_subject + e. Rows of one subject are turned by a Helmert matrix into sqrt(m) times
their mean, of variance e + m u, and m - 1 contrasts within, of variance e. The covariance is then
diagonal, and REML (Patterson & Thompson 1971) has one parameter left, theta = u / e, which is
found for all outcomes together by bisection of the derivative of the profiled deviance.

- theta may be negative, down to -1 / max(m): samples of a subject may be less similar than those of
  strangers, by chance. Programs that cut at 0 then treat samples as independent; here the test
  stays that of the classical split-plot analysis in balanced designs, at its level.
- Degrees of freedom: Satterthwaite's method with the observed information of both variances
  (Giesbrecht & Burns 1985; Fai & Cornelius 1996 for several contrasts), as in Kuznetsova et al.
  2017. With one sample for each subject there is no theta, and the model is ordinary.

Where theta is positive, estimates equal those of lme4, lmerTest and statsmodels' MixedLM.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from vagus.cohort.estimates import Estimates, combine_df
from vagus.numerics.eigen import decompose_small
from vagus.numerics.functions import log
from vagus.numerics.products import multiply
from vagus.numerics.systems import invert, log_determinant, orthonormalise, pseudo_invert

Floats = NDArray[np.float64]
_MAX_THETA = 1e4
_STEPS = 70
_GRID = 41


@dataclass(frozen=True)
class _Turned:
    """Design and outcomes after the Helmert turn; ``sizes`` is m for means and 0 for the rest."""

    design: Floats
    outcomes: Floats
    sizes: Floats

    @property
    def free(self) -> int:
        """Rows beyond the coefficients."""
        return int(self.design.shape[0] - self.design.shape[1])


def fit_mixed(
    design: Floats, outcomes: Floats, subjects: NDArray[np.int64], contrasts: Floats
) -> Estimates:
    """Estimate contrasts of coefficients.

    Parameters
    ----------
    design
        Shape (n, p), full column rank; n > p + 1.
    outcomes
        Shape (n, n_outcomes).
    subjects
        Shape (n,), index of the subject of each row, 0-based without gaps.
    contrasts
        Shape (k, p), linearly independent.
    """
    varies = _find_varying(design, outcomes)
    if varies.all():
        return _fit(_turn(design, outcomes, subjects), contrasts)
    if not varies.any():
        return _fill(None, varies, contrasts.shape[0])
    fitted = _fit(_turn(design, outcomes[:, varies], subjects), contrasts)
    return _fill(fitted, varies, contrasts.shape[0])


def _find_varying(design: Floats, outcomes: Floats) -> NDArray[np.bool_]:
    """Which outcomes the design leaves something of, shape (n_outcomes,)."""
    basis = orthonormalise(design)
    left = outcomes - multiply(basis, multiply(basis.T, outcomes))
    varies: NDArray[np.bool_] = (left**2).sum(axis=0) > 1e-20 * (outcomes**2).sum(axis=0)
    return varies


def _fill(fitted: Estimates | None, varies: NDArray[np.bool_], n_contrasts: int) -> Estimates:
    """Estimates of all outcomes, NaN for those that do not vary."""

    def spread(values: Floats | None, shape: tuple[int, ...]) -> Floats:
        full = np.full(shape, np.nan)
        if values is not None:
            full[..., varies] = values
        return full

    wide, flat = (n_contrasts, varies.size), (varies.size,)
    shapes = {"values": wide, "errors": wide, "df": wide}
    return Estimates(
        **{
            field.name: spread(
                None if fitted is None else getattr(fitted, field.name),
                shapes.get(field.name, flat),
            )
            for field in fields(Estimates)
        }
    )


def _fit(turned: _Turned, contrasts: Floats) -> Estimates:
    theta = _find_theta(turned)
    weights, inverse, coefficients, residuals = _solve(turned, theta)
    residual = (weights * residuals**2).sum(axis=0) / turned.free
    covariance = inverse * residual[:, None, None]
    values = multiply(contrasts, coefficients)
    spread = np.einsum("kp,fpq,kq->kf", contrasts, covariance, contrasts)
    errors = np.sqrt(np.maximum(spread, 0.0))
    information = _invert_information(turned, theta, residual)
    df = np.array(
        [_satterthwaite(turned, theta, residual, information, c[None, :]) for c in contrasts]
    )[:, :, 0]
    joint_f, joint_df = _test_together(turned, theta, residual, information, contrasts, values)
    total = residual * (1 + theta)
    share = np.where(total > 0, residual * theta / np.where(total > 0, total, 1.0), np.nan)
    return Estimates(values, errors, df, np.sqrt(total), joint_f, joint_df, share)


def _turn(design: Floats, outcomes: Floats, subjects: NDArray[np.int64]) -> _Turned:
    """Means times sqrt(m) and orthonormal contrasts within subjects."""
    n = subjects.size
    turn, sizes = np.zeros((n, n)), np.zeros(n)
    row = 0
    for subject in range(int(subjects.max()) + 1):
        members = np.flatnonzero(subjects == subject)
        m = members.size
        turn[row, members] = 1 / np.sqrt(m)
        sizes[row] = m
        for step in range(1, m):
            scale = np.sqrt(step * (step + 1))
            turn[row + step, members[:step]] = 1 / scale
            turn[row + step, members[step]] = -step / scale
        row += m
    return _Turned(multiply(turn, design), multiply(turn, outcomes), sizes)


def _solve(turned: _Turned, theta: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Weights (n, f), inverse of X'WX (f, p, p), coefficients (p, f) and residuals (n, f)."""
    weights = 1 / (1 + turned.sizes[:, None] * theta[None, :])
    inverse = invert(np.einsum("np,nf,nq->fpq", turned.design, weights, turned.design))
    moments = np.einsum("np,nf->fp", turned.design, weights * turned.outcomes)
    coefficients = np.einsum("fpq,fq->pf", inverse, moments)
    return weights, inverse, coefficients, turned.outcomes - multiply(turned.design, coefficients)


def _slope(turned: _Turned, theta: Floats) -> Floats:
    """Derivative of the profiled REML deviance by theta, shape (n_outcomes,)."""
    weights, inverse, _, residuals = _solve(turned, theta)
    left = (weights * residuals**2).sum(axis=0)
    marked = turned.sizes[:, None] * weights
    of_left = -(marked * weights * residuals**2).sum(axis=0)
    of_design = np.einsum("np,nf,nq->fpq", turned.design, marked * weights, turned.design)
    of_log_det = -np.einsum("fpq,fqp->f", inverse, of_design)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where(left > 0, of_left / np.where(left > 0, left, 1.0), 0.0)
    slope: Floats = turned.free * relative + marked.sum(axis=0) + of_log_det
    return slope


def _deviance(turned: _Turned, theta: Floats) -> Floats:
    weights, inverse, _, residuals = _solve(turned, theta)
    left = np.maximum((weights * residuals**2).sum(axis=0), 1e-300)
    value: Floats = turned.free * log(left) - log(weights).sum(axis=0) - log_determinant(inverse)[1]
    return value


def _find_theta(turned: _Turned) -> Floats:
    """REML estimate of theta for every outcome: best of a grid, then bisection of the slope."""
    n_outcomes = turned.outcomes.shape[1]
    largest = float(turned.sizes.max())
    if largest <= 1:
        return np.zeros(n_outcomes)
    floor = -1 / largest
    shares = np.linspace(0.0, 1.0, _GRID + 2)[1:-1]
    grid = floor + shares / (1 - shares) * 0.5
    grid = np.concatenate([[floor * (1 - 1e-6)], grid, [_MAX_THETA]])
    deviances = np.array([_deviance(turned, np.full(n_outcomes, theta)) for theta in grid])
    best = deviances.argmin(axis=0)
    low, high = grid[np.maximum(best - 1, 0)], grid[np.minimum(best + 1, grid.size - 1)]
    for _ in range(_STEPS):
        middle = (low + high) / 2
        rising = _slope(turned, middle) > 0
        high, low = np.where(rising, middle, high), np.where(rising, low, middle)
    found: Floats = (low + high) / 2
    return found


def _invert_information(turned: _Turned, theta: Floats, residual: Floats) -> Floats:
    """Covariance of the estimates of (e, u) from the observed information: (f, 2, 2).

    Second derivatives of the REML deviance: -tr(P V_i P V_j) + 2 y'P V_i P V_j P y.
    """
    weights, inverse, _, residuals = _solve(turned, theta)
    scaled = weights / residual
    inverse = inverse * residual[:, None, None]
    marks = (np.ones_like(turned.sizes), turned.sizes)
    projected = scaled * residuals
    hessian = np.empty((theta.size, 2, 2))
    weighed = [
        np.einsum("np,nf,nq->fpq", turned.design, scaled**2 * m[:, None], turned.design)
        for m in marks
    ]
    for i in range(2):
        for j in range(2):
            both = (marks[i] * marks[j])[:, None]
            cubed = np.einsum(
                "np,nf,nq->fpq", turned.design, scaled * scaled**2 * both, turned.design
            )
            trace = (scaled**2 * both).sum(axis=0) - 2 * np.einsum("fpq,fqp->f", inverse, cubed)
            trace += np.einsum("fpq,fqr,frs,fsp->f", inverse, weighed[i], inverse, weighed[j])
            left, right = projected * marks[i][:, None], projected * marks[j][:, None]
            crossed = [np.einsum("np,nf->fp", turned.design, scaled * x) for x in (left, right)]
            quadratic = (scaled * left * right).sum(axis=0)
            quadratic -= np.einsum("fp,fpq,fq->f", crossed[0], inverse, crossed[1])
            hessian[:, i, j] = -trace + 2 * quadratic
    return 2 * pseudo_invert(hessian)


def _satterthwaite(
    turned: _Turned, theta: Floats, residual: Floats, information: Floats, contrast: Floats
) -> Floats:
    """df of one contrast, shape (f, 1); ``contrast`` has shape (1 or f, p).

    2 v^2 / (g' A g): v the variance of the contrast, g its gradient by (e, u), A their covariance.
    """
    weights, inverse, _, _ = _solve(turned, theta)
    scaled = weights / residual
    covariance = inverse * residual[:, None, None]
    rows = np.broadcast_to(contrast, (theta.size, contrast.shape[1]))
    pulled = np.einsum("fpq,fq->fp", covariance, rows)
    variance = (pulled * rows).sum(axis=1)
    images = multiply(turned.design, pulled.T) ** 2 * scaled**2
    gradient = np.stack([images.sum(axis=0), (turned.sizes[:, None] * images).sum(axis=0)], axis=1)
    noise = np.einsum("fi,fij,fj->f", gradient, information, gradient)
    if turned.sizes.max() <= 1:
        return np.full((theta.size, 1), float(turned.free))
    with np.errstate(divide="ignore", invalid="ignore"):
        df = np.where(noise > 0, 2 * variance**2 / noise, float(turned.free))
    return np.clip(df, 1.0, float(turned.free))[:, None]


def _test_together(
    turned: _Turned,
    theta: Floats,
    residual: Floats,
    information: Floats,
    contrasts: Floats,
    values: Floats,
) -> tuple[Floats, Floats]:
    """F of all contrasts and its denominator df, from the eigenvectors of their covariance."""
    _, inverse, _, _ = _solve(turned, theta)
    scaled = inverse * residual[:, None, None]
    roots, vectors = decompose_small(np.einsum("kp,fpq,lq->fkl", contrasts, scaled, contrasts))
    turned_values = np.einsum("fkj,kf->jf", vectors, values)
    with np.errstate(divide="ignore", invalid="ignore"):
        f = (turned_values**2 / roots.T).mean(axis=0)
    k = contrasts.shape[0]
    single = [
        _satterthwaite(turned, theta, residual, information, multiply(vectors[:, :, j], contrasts))[
            :, 0
        ]
        for j in range(k)
    ]
    return f, combine_df(np.array(single), k)
