"""Local regression in one dimension, as the loess of Cleveland and Grosse computes it.

Source: Cleveland, Devlin & Grosse 1988 (J. Econometrics 37:87-114) and Cleveland &
Grosse 1991 (Stat. Comput. 1:47-62). The local fits are made at the vertices of a k-d
tree only; between the vertices the surface is blended by cubic Hermite polynomials from
the values and slopes there. The implementation that R ships works this way by
default, so fits made point by point differ from it in the third digit.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vagus.numerics.systems import solve_least_squares

Floats = npt.NDArray[np.float64]

CELL = 0.2
BOX_MARGIN = 0.005
NEAR_WEIGHT = 0.001
FAR_WEIGHT = 0.999


class LoessError(ValueError):
    """Too few distinct points for the degree of the local polynomial."""


def fit_loess(
    x: Floats, y: Floats, weights: Floats, at: Floats, *, span: float = 0.75, degree: int = 2
) -> Floats:
    """Fitted values of a weighted local regression of ``y`` on ``x``.

    Parameters
    ----------
    x, y, weights : (n,) predictors, responses and prior weights (>= 0).
    at : (k,) where to predict; nan outside of the range of ``x``.
    span : share of the points in each neighbourhood (<= 1).
    degree : of the local polynomial.

    Raises
    ------
    LoessError : the neighbourhoods contain fewer points than the polynomial has terms.
    """
    order = np.argsort(x, kind="stable")
    x, y, weights = x[order], y[order], weights[order]
    n_near = int(np.floor(len(x) * span + 1e-5))
    if n_near < degree + 1:
        raise LoessError(f"{n_near} points in a neighbourhood, {degree + 1} needed")
    vertices = place_vertices(x, int(np.floor(len(x) * span * CELL)))
    fits = np.array([fit_vertex(v, x, y, weights, n_near, degree) for v in vertices])
    fitted = blend_hermite(at, vertices, fits[:, 0], fits[:, 1])
    fitted[(at < x[0]) | (at > x[-1])] = np.nan
    return fitted


def place_vertices(x: Floats, max_points: int) -> Floats:
    """Vertices of the k-d tree: the widened range, and the cuts of cells that are too full.

    ``x`` is sorted. A cell with more than ``max_points`` points is cut at its median
    point, unless that is on the cell's border.
    """
    spread = max(x[-1] - x[0], 1e-10 * max(abs(x[0]), abs(x[-1])) + 1e-30)
    low, high = x[0] - BOX_MARGIN * spread, x[-1] + BOX_MARGIN * spread
    vertices = [low, high]
    cells = [(0, len(x) - 1, low, high)]
    while cells:
        start, last, low, high = cells.pop()
        cut = x[(start + last) // 2] if last >= start else low
        if last - start + 1 <= max_points or cut in (low, high):
            continue
        vertices.append(cut)
        middle = (start + last) // 2
        cells += [(start, middle, low, cut), (middle + 1, last, cut, high)]
    return np.array(sorted(vertices), dtype=np.float64)


def fit_vertex(
    vertex: float, x: Floats, y: Floats, weights: Floats, n_near: int, degree: int
) -> tuple[float, float]:
    """Value and slope at ``vertex`` of the tricube-weighted polynomial around it."""
    distance = np.abs(x - vertex)
    radius = np.partition(distance, n_near - 1)[n_near - 1]
    ratio = distance / radius
    tricube = np.where(ratio > NEAR_WEIGHT, cube(1.0 - cube(np.minimum(ratio, 1.0))), 1.0)
    root = np.sqrt(np.where(ratio < FAR_WEIGHT, tricube * weights, 0.0))
    used = root > 0
    steps = np.repeat((x[used] - vertex)[:, None], degree, axis=1)
    terms = np.hstack([np.ones((len(steps), 1)), np.cumprod(steps, axis=1)])
    design = terms * root[used][:, None]
    scale = np.sqrt((design**2).sum(axis=0))
    scale[scale == 0] = 1.0
    outcome = y[used] * root[used]
    beta = solve_least_squares(design / scale, outcome, 100 * np.finfo(np.float64).eps) / scale
    return float(beta[0]), float(beta[1])


def cube(values: Floats) -> Floats:
    """Third power, the same on every processor, which ``**`` is not."""
    return values * values * values


def blend_hermite(at: Floats, vertices: Floats, values: Floats, slopes: Floats) -> Floats:
    """Cubic Hermite interpolation between neighbouring vertices."""
    cell = np.clip(np.searchsorted(vertices, at, side="right") - 1, 0, len(vertices) - 2)
    width = vertices[cell + 1] - vertices[cell]
    h = (at - vertices[cell]) / width
    left = (1 - h) ** 2 * (1 + 2 * h)
    right = h**2 * (3 - 2 * h)
    left_slope = h * (1 - h) ** 2
    right_slope = -(h**2) * (1 - h)
    blended: Floats = (
        left * values[cell]
        + right * values[cell + 1]
        + width * (left_slope * slopes[cell] + right_slope * slopes[cell + 1])
    )
    return blended
