"""Linear models of independent units, many outcomes at once.

Coefficients are least squares. Standard errors are HC2 (MacKinnon & White 1985): the variance of
a contrast w'y, w = X (X'X)^-1 c, is the sum of w_i^2 e_i^2 / (1 - h_i), so that groups may differ
in spread. Degrees of freedom are those of Bell & McCaffrey (2002, Survey Methodology 28:169;
Imbens & Kolesar 2016, Rev. Econ. Stat. 98:701): with A = (I - H) diag(w_i^2 / (1 - h_i)) (I - H),
df = tr(A)^2 / tr(A^2). For two groups without covariates the statistic is that of Welch's t-test.
Plain HC3 with n - p degrees of freedom keeps its level less well in small groups.

Several contrasts together are tested by the classical F, which takes equal spread for granted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vagus.cohort.estimates import Estimates
from vagus.numerics.products import multiply
from vagus.numerics.systems import invert

Floats = NDArray[np.float64]
_SATURATED = 1e-10


def fit_linear(design: Floats, outcomes: Floats, contrasts: Floats) -> Estimates:
    """Estimate contrasts of coefficients.

    Parameters
    ----------
    design
        Shape (n, p), full column rank, n > p.
    outcomes
        Shape (n, n_outcomes).
    contrasts
        Shape (k, p), linearly independent.
    """
    n, p = design.shape
    inverse = invert(multiply(design.T, design))
    weights = multiply(contrasts, inverse, design.T)
    hat = multiply(design, inverse, design.T)
    slack = np.maximum(1 - np.diag(hat), _SATURATED)
    residuals = outcomes - multiply(hat, outcomes)
    values = multiply(weights, outcomes)
    scaled = weights**2 / slack
    errors = np.sqrt(multiply(scaled, residuals**2))
    variance = (residuals**2).sum(axis=0) / (n - p)
    scale = np.abs(outcomes).max(axis=0, initial=0.0)
    variance = np.where(variance > (1e-12 * scale) ** 2, variance, 0.0)
    middle = invert(multiply(contrasts, inverse, contrasts.T))
    explained = np.einsum("kf,kl,lf->f", values, middle, values) / contrasts.shape[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        joint = np.where(variance > 0, explained / variance, np.nan)
    df = np.repeat(_bell_mccaffrey(scaled, hat)[:, None], outcomes.shape[1], axis=1)
    return Estimates(
        values,
        np.where(variance > 0, errors, 0.0),
        df,
        np.sqrt(variance),
        joint,
        np.full(outcomes.shape[1], float(n - p)),
        np.full(outcomes.shape[1], np.nan),
    )


def _bell_mccaffrey(scaled: Floats, hat: Floats) -> Floats:
    """Degrees of freedom of every contrast, from w_i^2 / (1 - h_i): shape (k,)."""
    rest = np.eye(hat.shape[0]) - hat
    squares = rest**2
    traces = multiply(scaled, np.diag(rest))
    of_squares = np.einsum("ki,ij,kj->k", scaled, squares, scaled)
    df: Floats = traces**2 / of_squares
    return df
