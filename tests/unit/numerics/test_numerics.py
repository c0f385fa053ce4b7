"""Fixed-order arithmetic is exact arithmetic, except for the last digit."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from vagus.numerics import functions
from vagus.numerics.borrowed import borrow
from vagus.numerics.digits import round_digits
from vagus.numerics.eigen import decompose_leading, decompose_small
from vagus.numerics.products import SMALL, multiply
from vagus.numerics.systems import (
    decompose_columns,
    invert,
    log_determinant,
    orthonormalise,
    pseudo_invert,
    solve,
    solve_least_squares,
    span,
)

DRAW = np.random.default_rng(11)


def make_symmetric(*shape: int) -> np.ndarray:
    values = DRAW.normal(size=(*shape, shape[-1]))
    return values + np.swapaxes(values, -1, -2)


@pytest.mark.parametrize("name", ["exp", "log", "log2", "log10", "log1p", "cos", "sin"])
def test_functions_are_the_nearest_double(name: str) -> None:
    values = DRAW.lognormal(0, 2, 200)
    found = getattr(functions, name)(values)
    base = {"log2": (2,), "log10": (10,)}.get(name, ())
    function = getattr(mpmath, "log" if base else name)
    with mpmath.workdps(40):
        expected = np.array([float(function(mpmath.mpf(v), *base)) for v in values.tolist()])
    assert np.abs(found / expected - 1).max() <= np.finfo(float).eps
    assert (found == expected).mean() > 0.98


def test_functions_at_the_edges() -> None:
    with np.errstate(all="ignore"):
        found = [functions.log(0.0), functions.exp(-1e6), functions.exp(1e6), functions.log(-1.0)]
    assert found[:3] == [-np.inf, 0.0, np.inf]
    assert np.isnan(found[3])
    assert functions.exp(functions.LEAST_LOG) == 0.0
    assert functions.exp(np.nextafter(functions.LEAST_LOG, 0)) > 0.0
    assert functions.power(10.0, -2) == 0.01
    long = np.linspace(0.5, 2, functions._CHUNK + 3).reshape(-1, 1)  # more than a chunk
    assert (functions.log(long) == [functions.log(row) for row in long]).all()


def test_large_products_are_exact_but_for_the_last_digit() -> None:
    left = DRAW.normal(size=(40, 900)) * 10.0 ** DRAW.integers(-6, 6, (40, 1)).astype(float)
    right = DRAW.normal(size=(900, 30)) * 10.0 ** DRAW.integers(-6, 6, (1, 30)).astype(float)
    assert left.shape[0] * right.size > SMALL
    found = multiply(left, right)
    for i, k in ((0, 0), (17, 5), (39, 29)):
        exact = sum(Fraction(a) * Fraction(b) for a, b in zip(left[i], right[:, k], strict=True))
        size = np.abs(left[i]).max() * np.abs(right[:, k]).max()
        assert abs(found[i, k] - float(exact)) <= 4e-15 * size


def test_products_of_any_order_have_the_same_bytes() -> None:
    """Sums of exact products do not depend on the order of what is added."""
    left, right = DRAW.normal(size=(60, 500)), DRAW.normal(size=(500, 40))
    order = DRAW.permutation(500)
    assert (multiply(left, right) == multiply(left[:, order], right[order])).all()
    counts = DRAW.integers(0, 2, (80, 300)).astype(float)
    assert (multiply(counts, counts.T) == (counts.astype(int) @ counts.astype(int).T)).all()


def test_products_have_the_shapes_of_numpy() -> None:
    a, b, v = DRAW.normal(size=(3, 4)), DRAW.normal(size=(4, 2)), DRAW.normal(size=4)
    for factors in ((a, b), (a, v), (v, b), (v, v), (a.T[:0].T, a[:0])):
        expected = np.matmul(*factors)
        assert multiply(*factors).shape == expected.shape
        assert multiply(*factors) == pytest.approx(expected)
    with pytest.raises(ValueError, match="do not go together"):
        multiply(a, a)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 40])
def test_leading_eigenvectors(n: int) -> None:
    matrix = make_symmetric(n)
    values, vectors = decompose_leading(matrix, min(n, 5))
    assert values == pytest.approx(np.linalg.eigvalsh(matrix)[::-1], abs=1e-13 * n)
    assert matrix @ vectors == pytest.approx(vectors * values[: min(n, 5)], abs=1e-12)
    assert vectors.T @ vectors == pytest.approx(np.eye(min(n, 5)), abs=1e-13)


def test_equal_eigenvalues_have_orthogonal_vectors() -> None:
    """All points equally far from each other: n - 1 equal eigenvalues 1/2, by hand."""
    n = 6
    centred = (np.eye(n) - 1 / n) / 2
    values, vectors = decompose_leading(centred, 4)
    assert values == pytest.approx([0.5] * (n - 1) + [0.0], abs=1e-15)
    assert vectors.T @ vectors == pytest.approx(np.eye(4), abs=1e-14)
    assert centred @ vectors == pytest.approx(vectors / 2, abs=1e-14)
    assert decompose_leading(np.zeros((3, 3)), 2)[0].tolist() == [0.0, 0.0, 0.0]


def test_many_small_matrices_at_once() -> None:
    matrices = make_symmetric(30, 4)
    values, vectors = decompose_small(matrices)
    assert values == pytest.approx(np.linalg.eigvalsh(matrices)[:, ::-1], abs=1e-13)
    assert matrices @ vectors == pytest.approx(vectors * values[:, None, :], abs=1e-13)
    assert pseudo_invert(matrices) == pytest.approx(np.linalg.inv(matrices), rel=1e-9)
    single = np.array([[1.0, 2.0], [2.0, 4.0]])  # of rank 1: its inverse is itself / 25
    assert pseudo_invert(single) == pytest.approx(single / 25)


def test_systems() -> None:
    matrices = DRAW.normal(size=(20, 5, 5))
    right = DRAW.normal(size=(20, 5, 2))
    assert invert(matrices) @ matrices == pytest.approx(
        np.broadcast_to(np.eye(5), matrices.shape), abs=1e-11
    )
    assert matrices @ solve(matrices, right) == pytest.approx(right, abs=1e-11)
    signs, logs = log_determinant(matrices)
    assert signs * np.exp(logs) == pytest.approx(np.linalg.det(matrices))
    assert log_determinant(np.array([[0.0, 2.0], [3.0, 0.0]])) == (-1, pytest.approx(np.log(6)))


def test_columns() -> None:
    columns = DRAW.normal(size=(30, 6))
    columns[:, 3] = columns[:, 0] - 2 * columns[:, 1]
    left, sizes, right = decompose_columns(columns)
    assert left * sizes @ right.T == pytest.approx(columns, abs=1e-13)
    assert sizes == pytest.approx(np.linalg.svd(columns)[1], abs=1e-13)
    outcome = DRAW.normal(size=30)
    expected = np.linalg.lstsq(columns, outcome, rcond=1e-10)[0]
    assert solve_least_squares(columns, outcome, 1e-10) == pytest.approx(expected)
    basis = span(columns, 1e-9)
    assert basis.shape == (30, 5)
    assert basis @ (basis.T @ columns) == pytest.approx(columns, abs=1e-13)
    assert span(np.zeros((4, 2)), 0.0).shape == (4, 0)
    independent = columns[:, [0, 1, 2, 4]]
    assert orthonormalise(independent).T @ orthonormalise(independent) == pytest.approx(np.eye(4))


def test_digits() -> None:
    assert round_digits([1.23456789, -2.5e-9, 0.0, np.nan], 3)[:3].tolist() == [1.23, -2.5e-9, 0.0]


def test_a_borrowed_function_gives_what_the_library_gives_and_leaves_it_alone() -> None:
    from skbio.stats.composition import dirmult_ttest

    counts = DRAW.poisson(20, size=(12, 8))
    options = {"treatment": "a", "reference": "b", "draws": 8, "p_adjust": None, "seed": 3}
    theirs = dirmult_ttest(counts, ["a", "b"] * 6, **options)
    ours = borrow(dirmult_ttest)(counts, ["a", "b"] * 6, **options)
    assert borrow(dirmult_ttest) is not dirmult_ttest
    for column in ("T-statistic", "Log2(FC)", "CI(2.5)", "CI(97.5)", "pvalue"):
        assert ours[column].to_numpy() == pytest.approx(theirs[column].to_numpy(), rel=1e-9)
    assert dirmult_ttest.__globals__["np"] is np
