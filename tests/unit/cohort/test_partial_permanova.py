"""Permutation of residuals against a slow twin, and its limits."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from vagus.cohort.partial_permanova import TermColumns, measure_term
from vagus.diversity.ordination import center_squares
from vagus.statistics.effect_sizes import omega_squared
from vagus.statistics.rank_tests import PermutationPlan

PLAN = PermutationPlan(999, (3, 4))


def twin(gower, tested, before, after, orders):  # type: ignore[no-untyped-def]
    """Freedman-Lane with projections written out, one arrangement at a time."""

    def project(columns):  # type: ignore[no-untyped-def]
        return columns @ np.linalg.pinv(columns)

    hat, whole = project(before), project(np.hstack([before, tested, after]))
    given, rest = project(np.hstack([before, tested])), np.eye(len(gower)) - project(before)
    ratios = []
    for order in orders:
        move = np.eye(len(gower))[list(order)]
        table = move.T @ rest @ gower @ rest @ move
        among = np.trace((given - hat) @ table)
        ratios.append(among / np.trace((np.eye(len(gower)) - whole) @ table))
    return np.array(ratios)


def test_p_value_equals_twin() -> None:
    rng = np.random.default_rng(4)
    gower = center_squares(squareform(pdist(rng.random((6, 4)))))
    tested, number = np.repeat([[0.0], [1.0]], 3, axis=0), rng.normal(size=(6, 1))
    later = rng.normal(size=(6, 1))
    columns = TermColumns(
        tested, np.hstack([np.ones((6, 1)), number]), later, np.zeros(6, dtype=np.int64)
    )
    found = measure_term(gower, columns, PLAN)
    assert found is not None
    ratios = twin(gower, tested, columns.before, later, permutations(range(6)))
    assert found.permutations == 720
    assert found.p_value == pytest.approx((ratios >= ratios[0] - 1e-9).mean())


def test_p_value_within_blocks_equals_twin() -> None:
    rng = np.random.default_rng(5)
    blocks = np.repeat(np.arange(4), 2)
    gower = center_squares(squareform(pdist(rng.random((8, 3)))))
    dummies = (blocks[:, None] == np.arange(4)).astype(float)
    number = rng.normal(size=(8, 1))
    tested = np.tile([[0.0], [1.0]], (4, 1))
    columns = TermColumns(tested, np.hstack([dummies, number]), np.zeros((8, 0)), blocks)
    found = measure_term(gower, columns, PLAN)
    assert found is not None
    orders = [
        [pair * 2 + (side ^ (swap >> pair & 1)) for pair in range(4) for side in (0, 1)]
        for swap in range(16)
    ]
    ratios = twin(gower, tested, columns.before, columns.after, orders)
    assert found.p_value == pytest.approx((ratios >= ratios[0] - 1e-9).mean())


def test_nothing_to_test() -> None:
    gower = center_squares(squareform(pdist(np.arange(4.0)[:, None])))
    ones, none, block = np.ones((4, 1)), np.zeros((4, 0)), np.zeros(4, dtype=np.int64)
    assert measure_term(gower, TermColumns(2 * ones, ones, none, block), PLAN) is None
    full = np.eye(4)[:, 1:]
    assert measure_term(gower, TermColumns(full, ones, none, block), PLAN) is None


def test_omega_squared_by_hand() -> None:
    # One-way: SS_A 36, MS_W 2, df 1, n 4: (36 - 2) / (36 + 3 * 2)
    assert omega_squared(36, 2, 1, 4) == pytest.approx(34 / 42)
    points = np.array([0.0, 2, 6, 8])[:, None]
    gower = center_squares(squareform(pdist(points)))
    columns = TermColumns(
        np.array([[0.0], [0], [1], [1]]), np.ones((4, 1)), np.zeros((4, 0)),
        np.zeros(4, dtype=np.int64),
    )  # fmt: skip
    found = measure_term(gower, columns, PLAN)
    assert found is not None
    assert found.omega2 == pytest.approx(34 / 42)


def test_omega_interval_holds_the_truth() -> None:
    """Normal points in 20 dimensions, shifted: the true share is known."""
    rng = np.random.default_rng(7)
    n, dimensions, shift = 20, 20, 2.0
    truth = (shift**2 / 4) / (shift**2 / 4 + dimensions)
    group = np.repeat([[0.0], [1.0]], n // 2, axis=0)
    columns = TermColumns(group, np.ones((n, 1)), np.zeros((n, 0)), np.zeros(n, dtype=np.int64))
    held = 0
    for _ in range(100):
        points = rng.normal(size=(n, dimensions))
        points[:, 0] += shift * group[:, 0]
        found = measure_term(
            center_squares(squareform(pdist(points))), columns, PermutationPlan(1, (1,))
        )
        assert found is not None
        held += found.omega2_interval[0] <= truth <= found.omega2_interval[1]
    assert 90 <= held <= 100


def one_way(points, levels=2):  # type: ignore[no-untyped-def]
    """The interval for equal groups; ``points`` has a row for each unit."""
    n = len(points)
    group = (np.arange(n)[:, None] * levels // n == np.arange(1, levels)).astype(float)
    columns = TermColumns(group, np.ones((n, 1)), np.zeros((n, 0)), np.zeros(n, dtype=np.int64))
    gower = center_squares(squareform(pdist(points)))
    found = measure_term(gower, columns, PermutationPlan(1, (1,)))
    assert found is not None
    return found.omega2_interval


@pytest.mark.parametrize("unit", [0.1, 10.0])
@pytest.mark.parametrize("shift", [0.0, 1.5, 6.0])
def test_omega_interval_has_no_unit(unit: float, shift: float) -> None:
    points = np.random.default_rng(8).normal(size=(18, 5))
    points[9:, 0] += shift
    assert one_way(unit * points) == pytest.approx(one_way(points), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("unit", [0.05, 20.0])
@pytest.mark.parametrize("axis", [0, 3])
def test_omega_interval_holds_the_truth_in_any_unit(unit: float, axis: int) -> None:
    """Unequal variances, a large shift along the widest or the narrowest axis, three groups."""
    rng = np.random.default_rng(9)
    scales, n = np.array([2.0, 1.0, 1.0, 0.5]), 36
    centres = np.zeros((n, 4))
    centres[:, axis] = np.repeat([0.0, 1.5, 3.0], n // 3)
    squares = ((centres - centres.mean(axis=0)) ** 2).sum()
    truth = squares / (squares + n * (scales**2).sum())
    held = 0
    for _ in range(100):
        low, high = one_way(unit * (centres + scales * rng.normal(size=(n, 4))), 3)
        held += low <= truth <= high
    assert 90 <= held <= 100
