from __future__ import annotations

import numpy as np
import pytest

from vagus.diversity.beta import NO_TREE, measure_robust_aitchison
from vagus.diversity.robust_pca import center_completed, complete_matrix, robust_log_ratios


def test_log_ratios_equal_scikit_bio() -> None:
    from skbio.stats.composition import rclr

    counts = np.random.default_rng(3).poisson(1.5, (6, 9)) + np.eye(6, 9, dtype=int)
    np.testing.assert_allclose(robust_log_ratios(counts), rclr(counts), atol=1e-12)


def test_log_ratios_by_hand() -> None:
    values = robust_log_ratios(np.array([[4, 0, 1], [0, 7, 0]]))
    np.testing.assert_allclose(values[0, [0, 2]], [np.log(2), -np.log(2)])
    assert values[1, 1] == 0
    assert np.isnan(values[[0, 1, 1], [1, 0, 2]]).all()


def test_a_complete_matrix_of_low_rank_comes_back() -> None:
    random = np.random.default_rng(1)
    truth = random.normal(size=(12, 2)) @ random.normal(size=(2, 30))
    np.testing.assert_allclose(complete_matrix(truth, rank=2), truth, atol=1e-6)


def test_missing_values_are_recovered_better_than_by_zero() -> None:
    random = np.random.default_rng(2)
    truth = random.normal(size=(40, 2)) @ random.normal(size=(2, 60))
    hidden = random.random(truth.shape) < 0.4
    seen = np.where(hidden, np.nan, truth)
    few = np.linalg.norm((complete_matrix(seen, 2) - truth)[hidden])
    many = np.linalg.norm((complete_matrix(seen, 2, steps=200) - truth)[hidden])
    nothing = np.linalg.norm(truth[hidden])
    assert few < 0.35 * nothing
    assert many < 0.01 * nothing


def test_distances_of_few_samples_and_taxa() -> None:
    for counts in ([[5]], [[5], [7]], [[5, 0], [0, 7]], [[20, 30, 1], [10, 40, 9], [9, 9, 9]]):
        values = measure_robust_aitchison(np.array(counts), NO_TREE)
        assert values.shape == (len(counts), len(counts))
        assert np.isfinite(values).all()


def test_depth_alone_makes_no_distance() -> None:
    random = np.random.default_rng(4)
    community = random.lognormal(0, 1, 40)
    counts = np.array([np.round(community * size) for size in (50, 500)]).astype(int) + 1
    other = np.round(random.permutation(community) * 200).astype(int) + 1
    values = measure_robust_aitchison(np.vstack([counts, other]), NO_TREE)
    assert values[0, 1] < 0.2 * values[0, 2]


def test_centred_rows_and_columns() -> None:
    counts = np.random.default_rng(5).poisson(4, (8, 20))
    values = center_completed(counts)
    np.testing.assert_allclose(values.mean(axis=0), 0, atol=1e-10)
    np.testing.assert_allclose(values.mean(axis=1), 0, atol=1e-10)
    assert np.linalg.matrix_rank(values, tol=1e-8) <= 5


@pytest.mark.parametrize("shape", [(5, 30), (30, 5)])
def test_tall_and_wide(shape: tuple[int, int]) -> None:
    random = np.random.default_rng(6)
    truth = random.normal(size=(shape[0], 2)) @ random.normal(size=(2, shape[1]))
    np.testing.assert_allclose(complete_matrix(truth, 2), truth, atol=1e-6)
