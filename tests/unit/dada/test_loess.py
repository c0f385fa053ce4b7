"""Local regression against values of R and against direct fits."""

from __future__ import annotations

import numpy as np
import pytest

from vagus.dada.loess import LoessError, fit_loess, fit_vertex, place_vertices

X = [0, 1, 2, 3, 5, 8, 13, 20, 21, 22, 30, 31, 40, 41, 55, 60, 61, 70, 80, 93]
Y = [
    -0.5, -0.6, -0.9, -1, -1.2, -1.1, -1.7, -2.2, -2.1, -2.6,
    -3.2, -3, -3.9, -4.1, -4.6, -4.4, -5, -4.9, -5.2, -5.1,
]  # fmt: skip
WEIGHTS = [
    3, 10, 8, 20, 50, 40, 100, 90, 400, 300,
    1000, 800, 5000, 4000, 900, 20000, 100, 30, 500, 90000,
]  # fmt: skip
AT = [0, 4, 8, 21.5, 35, 50, 61, 75, 93]
# R 4.2.2: fit <- loess(y ~ x, weights = w); format(predict(fit, at), digits = 16)
FROM_R = [
    -0.6919226231755701, -0.9804455203536705, -1.2777435791365805, -2.3402356450099728,
    -3.5829456303813867, -4.2238468081876031, -4.4772294050219354, -4.7924274782108549,
    -5.1001855749850460,
]  # fmt: skip


def arrays() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return np.array(X, float), np.array(Y), np.array(WEIGHTS, float)


def test_equals_r() -> None:
    assert fit_loess(*arrays(), np.array(AT, float)) == pytest.approx(FROM_R, rel=1e-12)


def test_order_of_the_points_does_not_matter() -> None:
    x, y, w = arrays()
    order = np.random.default_rng(1).permutation(len(x))
    assert np.array_equal(
        fit_loess(x[order], y[order], w[order], np.array(AT, float)),
        fit_loess(x, y, w, np.array(AT, float)),
    )


def test_cuts_are_those_of_r() -> None:
    # R: fit$kd$xi and fit$kd$vert of the same fit
    cuts = place_vertices(np.array(X, float), 3)
    assert cuts[1:-1].tolist() == [2, 5, 20, 22, 40, 55, 70]
    assert cuts[[0, -1]] == pytest.approx([-0.465, 93.465])


def test_vertex_is_a_weighted_polynomial_fit() -> None:
    x, y, w = arrays()
    value, slope = fit_vertex(33.0, x, y, w, 15, 2)
    distance = np.abs(x - 33.0)
    radius = np.sort(distance)[14]
    tricube = np.where(distance < radius, (1 - (distance / radius) ** 3) ** 3, 0)
    quadratic = np.polyfit(x - 33.0, y, 2, w=np.sqrt(tricube * w))
    assert (value, slope) == pytest.approx((quadratic[2], quadratic[1]), rel=1e-9)


def test_a_parabola_is_reproduced_exactly() -> None:
    x = np.arange(40.0)
    y = 0.01 * x**2 - x + 3
    assert fit_loess(x, y, np.ones(40), x) == pytest.approx(y, abs=1e-10)


def test_outside_of_the_points_there_is_no_value() -> None:
    assert np.isnan(fit_loess(*arrays(), np.array([-1.0, 94.0]))).all()


def test_too_few_points_are_refused() -> None:
    with pytest.raises(LoessError, match="2 points"):
        fit_loess(np.arange(3.0), np.ones(3), np.ones(3), np.arange(3.0))
