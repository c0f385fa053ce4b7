from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from vagus.diversity.distances import Distances
from vagus.diversity.ordination import ordinate


def distances_of(points: np.ndarray, metric: str = "euclidean") -> Distances:
    names = tuple(f"s{index:02d}" for index in range(len(points)))
    return Distances(names, squareform(pdist(points, metric)))


def test_points_on_a_line_by_hand() -> None:
    # At 0, 1 and 5: centred -2, -1, 3; one axis; the largest coordinate is positive.
    result = ordinate(distances_of(np.array([[0.0], [1.0], [5.0]])))
    np.testing.assert_allclose(result.coordinates[:, 0], [-2, -1, 3], atol=1e-12)
    assert result.eigenvalues[0] == pytest.approx(4 + 1 + 9)
    np.testing.assert_allclose(result.proportions, [1, 0], atol=1e-12)
    assert (result.coordinates[:, 1] == 0).all()
    assert result.negative_share == 0


def test_the_first_of_equal_extremes_is_positive() -> None:
    result = ordinate(distances_of(np.array([[0.0], [2.0]])))
    np.testing.assert_allclose(result.coordinates, [[1], [-1]])


def test_axes_equal_scikit_bio_up_to_sign() -> None:
    from skbio.stats.distance import DistanceMatrix
    from skbio.stats.ordination import pcoa

    distances = distances_of(np.random.default_rng(2).random((9, 6)), "braycurtis")
    ours = ordinate(distances)
    theirs = pcoa(DistanceMatrix(distances.values), dimensions=9, warn_neg_eigval=False)
    np.testing.assert_allclose(
        np.abs(ours.coordinates), np.abs(theirs.samples.to_numpy()[:, :5]), atol=1e-9
    )
    np.testing.assert_allclose(
        ours.proportions, theirs.proportion_explained.to_numpy()[:5], atol=1e-9
    )
    leaders = np.abs(ours.coordinates).argmax(axis=0)
    assert (ours.coordinates[leaders, range(5)] > 0).all()


def test_negative_eigenvalues_are_stated() -> None:
    # Not a metric: 0-1 and 1-2 are 1 apart, 0-2 are 4 apart.
    values = np.array([[0, 1, 4], [1, 0, 1], [4, 1, 0]], dtype=float)
    result = ordinate(Distances(("a", "b", "c"), values))
    # Trace of the centred matrix = sum of d^2 over pairs / n = 18 / 3 = 6 = positive - negative.
    positive = result.eigenvalues[result.eigenvalues > 0].sum()
    assert 0 < result.negative_share < 1
    negative = positive * result.negative_share / (1 - result.negative_share)
    assert positive - negative == pytest.approx(6)
    assert result.proportions.sum() == pytest.approx(1)
    assert np.isfinite(result.coordinates).all()


@pytest.mark.parametrize(("n_samples", "n_axes"), [(0, 0), (1, 0), (2, 1), (3, 2), (9, 5)])
def test_identical_and_few_samples(n_samples: int, n_axes: int) -> None:
    names = tuple(f"s{index}" for index in range(n_samples))
    result = ordinate(Distances(names, np.zeros((n_samples, n_samples))))
    assert result.coordinates.shape == (n_samples, n_axes)
    assert not result.coordinates.any()
    assert not result.proportions.any()
    axes = [f"PC{axis + 1}" for axis in range(n_axes)]
    assert list(result.tabulate().columns) == ["sample", *axes]
    assert result.tabulate_explained("jaccard")["axis"].tolist() == axes
