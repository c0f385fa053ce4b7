"""Ellipses of groups in an ordination.

The 95 % data ellipse of a bivariate normal distribution with the group's mean and covariance:
points at the Mahalanobis distance sqrt(2 F(0.95; 2, n - 1)) (Fox & Weisberg 2011, An R Companion to
Applied Regression, 2nd ed., ch. 7). It says where samples of the group are, not where its mean
is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.eigen import decompose_small
from vagus.numerics.functions import cos, sin
from vagus.numerics.products import multiply

MIN_POINTS = 4
LEVEL = 0.95
_N_CORNERS = 60
Floats = NDArray[np.float64]


def trace_ellipse(points: Floats, level: float = LEVEL) -> Floats | None:
    """Outline, shape (60, 2), of points (n, 2); None for fewer than 4 or points on a line."""
    from scipy.stats import f

    if len(points) < MIN_POINTS:
        return None
    centred = points - points.mean(axis=0)
    values, axes = decompose_small(multiply(centred.T, centred) / (len(points) - 1))
    if values[1] <= 1e-12 * max(values[0], 1e-300):
        return None
    radius = np.sqrt(2 * f.ppf(level, 2, len(points) - 1))
    angle = np.linspace(0, 2 * np.pi, _N_CORNERS)
    circle = np.column_stack([cos(angle), sin(angle)])
    outline: Floats = points.mean(axis=0) + radius * multiply(circle * np.sqrt(values), axes.T)
    return outline
