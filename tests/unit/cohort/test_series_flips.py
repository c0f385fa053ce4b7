"""Flips of whole series: sums written out, the paired test, and what has no effect."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from vagus.cohort.partial_permanova import TermColumns, measure_term
from vagus.cohort.series_flips import flip_series
from vagus.statistics.rank_tests import PermutationPlan

PLAN = PermutationPlan(999, (3, 4))
SIZES = [3, 2, 4, 3, 2, 5]
SUBJECTS = np.repeat(np.arange(6), SIZES)
DUMMIES = np.eye(6)[SUBJECTS]


def draw(seed, n):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n, 4))
    points -= points.mean(axis=0)
    return points, rng.normal(size=(n, 1))


def test_p_value_is_the_share_of_signs_written_out() -> None:
    points, number = draw(1, 19)
    given = np.hstack([DUMMIES, np.random.default_rng(2).normal(size=(19, 1))])
    rest = np.eye(19) - given @ np.linalg.pinv(given)
    x, y = rest @ number, rest @ points
    own = np.array([(x * y)[s == SUBJECTS].sum(axis=0) for s in range(6)])
    lengths = [(np.array(signs) @ own) @ (np.array(signs) @ own)
               for signs in product([1, -1], repeat=6)]  # fmt: skip
    expected = np.mean(np.array(lengths) >= lengths[0] - 1e-9)
    found = flip_series(points @ points.T, number, given, SUBJECTS, PLAN)
    assert found.flips == 32
    assert found.p_value == pytest.approx(expected)
    few = flip_series(points @ points.T, number, given, SUBJECTS, PermutationPlan(20, (1,)))
    assert few.flips == 20
    assert 1 / 21 <= few.p_value <= 1


def test_two_visits_are_the_permutation_within_people() -> None:
    points, _ = draw(3, 14)
    points[1::2] += 0.8
    subjects, level = np.repeat(np.arange(7), 2), np.tile([0.0, 1.0], 7)[:, None]
    dummies, gower = np.eye(7)[subjects], points @ points.T
    columns = TermColumns(level, dummies, np.zeros((14, 0)), subjects)
    expected = measure_term(gower, columns, PLAN)
    assert expected is not None
    found = flip_series(gower, level, dummies, subjects, PLAN)
    assert found.flips * 2 == expected.permutations
    assert found.p_value == pytest.approx(expected.p_value)


def test_coding_of_levels_and_order_of_samples_have_no_effect() -> None:
    points, _ = draw(4, 19)
    levels = np.eye(3)[np.arange(19) % 3]
    gower = points @ points.T
    first = flip_series(gower, levels[:, 1:], DUMMIES, SUBJECTS, PLAN)
    other = flip_series(gower, levels[:, :2] * 5, DUMMIES, SUBJECTS, PLAN)
    order = np.random.default_rng(5).permutation(19)
    moved = flip_series(
        gower[np.ix_(order, order)], levels[order, 1:], DUMMIES[order], SUBJECTS[order], PLAN
    )
    assert first.p_value == other.p_value == moved.p_value


def test_series_without_change_do_not_count() -> None:
    points, number = draw(6, 19)
    number[SUBJECTS > 0] = 1.0
    found = flip_series(points @ points.T, number, DUMMIES, SUBJECTS, PLAN)
    assert np.isnan(found.p_value)
    assert "fewer than 2 subjects" in found.note
    number[:5] = [[1], [2], [3], [0], [1]]
    found = flip_series(points @ points.T, number, DUMMIES, SUBJECTS, PLAN)
    assert found.n_series == 2
    assert "cannot be below 0.5" in found.note
