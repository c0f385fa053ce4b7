from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import isotonic_regression
from scipy.spatial.distance import pdist, squareform

from vagus.diversity.distances import Distances
from vagus.diversity.nmds import count_starts, measure_stress, scale_non_metric


def distances_of(values: np.ndarray) -> Distances:
    return Distances(tuple(f"s{i:02d}" for i in range(len(values))), values)


def test_an_order_that_two_dimensions_can_keep_has_no_stress() -> None:
    points = np.random.default_rng(1).normal(size=(14, 2))
    result = scale_non_metric(distances_of(squareform(pdist(points)) ** 2), 1)
    assert result.stress < 0.01
    placed, true = pdist(result.coordinates), pdist(points)
    assert np.corrcoef(np.argsort(np.argsort(placed)), np.argsort(np.argsort(true)))[0, 1] > 0.99


def test_stress_by_hand() -> None:
    # Points 0, 1, 3 on a line: lengths 1, 3, 2; dissimilarities put 01 < 02 < 12.
    points = np.array([[0.0, 0], [1, 0], [3, 0]])
    dissimilarities = squareform(np.array([1.0, 2.0, 3.0]))
    # Regression of (1, 3, 2): (1, 2.5, 2.5).
    assert measure_stress(points, dissimilarities) == np.sqrt(0.5 / 14)


def test_equal_dissimilarities_may_differ() -> None:
    points = np.array([[0.0, 0], [1, 0], [5, 0], [6, 3]])
    assert measure_stress(points, 1 - np.eye(4)) == 0


@pytest.mark.parametrize("levels", [3, 40, 0])
def test_ties_are_ordered_by_length(levels: int) -> None:
    random = np.random.default_rng(5)
    points = random.normal(size=(30, 2))
    points[7] = points[3]  # equal lengths, too
    values = random.random(435)
    if levels:
        values = np.ceil(values * levels) / levels
    lengths = pdist(points)
    order = np.lexsort((lengths, values))
    fitted = isotonic_regression(lengths[order]).x
    stress = np.sqrt(((lengths[order] - fitted) ** 2).sum() / (lengths**2).sum())
    assert measure_stress(points, squareform(values)) == pytest.approx(stress, rel=1e-12)


def test_more_groups_of_ties_than_16_bits_hold() -> None:
    from vagus.diversity.nmds import _sort_within

    random = np.random.default_rng(6)
    group = np.sort(random.integers(0, 70_000, 150_000))
    lengths = random.random(150_000)
    np.testing.assert_array_equal(_sort_within(group, lengths), np.lexsort((lengths, group)))


def test_fewer_starts_for_many_samples() -> None:
    # their work, starts times samples squared, is that of 200 samples down to two starts
    assert [count_starts(n) for n in (4, 200, 282, 400, 1000)] == [16, 16, 8, 4, 2]


def test_no_worse_than_principal_coordinates_and_the_same_twice() -> None:
    from vagus.diversity.ordination import ordinate

    table = np.random.default_rng(7).lognormal(0, 2, (20, 30))
    distances = distances_of(squareform(pdist(table, "braycurtis")))
    first, second = scale_non_metric(distances, 1), scale_non_metric(distances, 1)
    np.testing.assert_array_equal(first.coordinates, second.coordinates)
    assert first.stress < measure_stress(ordinate(distances, 2).coordinates, distances.values)
    assert abs(first.stress - measure_stress(first.coordinates, distances.values)) < 1e-9
    np.testing.assert_allclose(first.coordinates.mean(axis=0), 0, atol=1e-9)
    assert abs((first.coordinates**2).sum() / 20 - 1) < 1e-9
    spread = first.coordinates.T @ first.coordinates
    assert abs(spread[0, 1]) < 1e-9 * spread[0, 0]
    assert spread[0, 0] >= spread[1, 1]


def test_few_or_equal_samples() -> None:
    assert np.isnan(scale_non_metric(distances_of(1 - np.eye(3)), 1).stress)
    assert np.isnan(scale_non_metric(distances_of(np.zeros((6, 6))), 1).stress)
    assert scale_non_metric(distances_of(np.zeros((0, 0))), 1).tabulate().shape == (0, 3)
