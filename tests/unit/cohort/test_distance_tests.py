from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from vagus.cohort.distance_tests import permanova, permdisp
from vagus.statistics.rank_tests import PermutationPlan
from vagus.study.comparison import Comparison

PLAN = PermutationPlan(999, (1, 2))


def compare(
    values: list[int] | np.ndarray, subjects: list[int] | None = None, design: str = "independent"
) -> Comparison:
    array = np.array(values)
    levels = () if array.dtype.kind == "f" else tuple("abcdef"[: array.max() + 1])
    names = tuple(f"s{index:03d}" for index in range(array.size))
    units = np.arange(array.size) if subjects is None else np.array(subjects)
    return Comparison("v", design, names, levels, array, units)


def euclidean(points: np.ndarray) -> np.ndarray:
    return squareform(pdist(points.reshape(len(points), -1)))


def test_permanova_by_hand() -> None:
    # On a line: 0, 2 | 6, 8. Within: 2 + 2; total around 4: 16 + 4 + 4 + 16 = 40; among 36.
    result = permanova(euclidean(np.array([0.0, 2, 6, 8])), compare([0, 0, 1, 1]), PLAN)
    assert result.statistic == pytest.approx((36 / 1) / (4 / 2))
    assert result.effect == pytest.approx(0.9)
    # 6 arrangements; this one and its mirror image are the most extreme.
    assert result.p_value == pytest.approx(2 / 6)
    assert result.permutations == 6
    assert "cannot be below 0.33" in result.note


def test_permanova_on_a_line_is_anova() -> None:
    from scipy.stats import f_oneway

    rng = np.random.default_rng(6)
    points, levels = rng.normal(size=15), np.repeat([0, 1, 2], [4, 5, 6])
    expected = f_oneway(*(points[levels == level] for level in range(3)))
    result = permanova(euclidean(points), compare(levels), PLAN)
    assert result.statistic == pytest.approx(expected.statistic)


def test_permanova_equals_scikit_bio() -> None:
    from skbio.stats.distance import DistanceMatrix
    from skbio.stats.distance import permanova as reference

    rng = np.random.default_rng(9)
    points = rng.random((18, 5))
    points[:6] += 0.12
    values = squareform(pdist(points, "braycurtis"))
    levels = np.repeat([0, 1, 2], 6)
    expected = reference(DistanceMatrix(values), levels, permutations=299, seed=1, engine="cython")
    result = permanova(values, compare(levels), PermutationPlan(4999, (1,)))
    assert result.statistic == pytest.approx(expected["test statistic"], rel=1e-10)
    error = np.sqrt(2 * expected["p-value"] * (1 - expected["p-value"]) / 299)
    assert abs(result.p_value - expected["p-value"]) < 4 * error


def test_whole_subjects_by_enumeration() -> None:
    """Labels move with the subject, also when subjects have different numbers of samples."""
    rng = np.random.default_rng(4)
    subjects = [0, 0, 0, 1, 1, 2, 3, 3, 4, 4, 4, 5]
    of_subject = np.array([0, 0, 0, 1, 1, 1])
    values = euclidean(rng.normal(size=(12, 2)) + rng.normal(size=(6, 2))[subjects])
    levels = of_subject[subjects]

    def pseudo_f(labels: np.ndarray) -> float:
        total = (values**2).sum() / 24
        within = 0.0
        for level in (0, 1):
            members = np.flatnonzero(labels == level)
            within += (values[np.ix_(members, members)] ** 2).sum() / (2 * members.size)
        return (total - within) / (within / 10)

    result = permanova(values, compare(levels, subjects, "between"), PLAN)
    assert result.statistic == pytest.approx(pseudo_f(levels))
    orders = set(permutations(of_subject.tolist()))
    others = np.array([pseudo_f(np.array(order)[subjects]) for order in orders])
    assert result.p_value == pytest.approx((others >= pseudo_f(levels) - 1e-9).mean())
    assert result.permutations == len(orders) == 20
    assert "12 samples of 6 subjects, whole subjects permuted" in result.note


def test_within_subjects_sees_what_between_subject_noise_hides() -> None:
    rng = np.random.default_rng(7)
    subjects = np.repeat(np.arange(8), 2)
    times = np.tile([0, 1], 8)
    points = rng.normal(scale=20, size=(8, 3))[subjects] + rng.normal(scale=0.1, size=(16, 3))
    points[:, 0] += times
    values = euclidean(points)
    paired = permanova(values, compare(times, subjects.tolist(), "within"), PLAN)
    unpaired = permanova(values, compare(times), PLAN)
    # 2^8 arrangements, the observed one and its mirror image are the most extreme.
    assert paired.p_value == pytest.approx(2 / 256)
    assert unpaired.p_value > 0.5
    assert paired.statistic == pytest.approx(unpaired.statistic)


def test_continuous_permanova_on_a_line_is_regression() -> None:
    from scipy.stats import linregress

    rng = np.random.default_rng(12)
    x = rng.normal(size=12)
    y = x + rng.normal(size=12)
    result = permanova(euclidean(y), compare(x), PLAN)
    r2 = linregress(x, y).rvalue ** 2
    assert result.effect == pytest.approx(r2)
    assert result.statistic == pytest.approx(r2 / ((1 - r2) / 10))


def test_permdisp_by_hand() -> None:
    # Centres 2 and 20; distances 2, 0, 2 and 6, 0, 6, times sqrt(3/2).
    points = np.array([0.0, 2, 4, 14, 20, 26])
    result = permdisp(euclidean(points), compare([0, 0, 0, 1, 1, 1]), PLAN)
    z = np.array([2, 0, 2, 6, 0, 6]) * np.sqrt(1.5)
    among = 3 * ((z[:3].mean() - z.mean()) ** 2 + (z[3:].mean() - z.mean()) ** 2)
    within = ((z[:3] - z[:3].mean()) ** 2).sum() + ((z[3:] - z[3:].mean()) ** 2).sum()
    assert result.statistic == pytest.approx(among / (within / 4))
    assert result.effect == pytest.approx(among / (among + within))
    assert "a 1.633, b 4.899" in result.note


def test_permdisp_equals_scikit_bio_on_euclidean_distances() -> None:
    from skbio.stats.distance import DistanceMatrix
    from skbio.stats.distance import permdisp as reference

    rng = np.random.default_rng(3)
    points = np.concatenate([rng.normal(size=(8, 3)), rng.normal(scale=3, size=(8, 3))])
    values, levels = euclidean(points), np.repeat([0, 1], 8)
    expected = reference(
        DistanceMatrix(values), levels, test="centroid", permutations=99, seed=1, dimensions=15
    )
    result = permdisp(values, compare(levels), PLAN)
    assert result.statistic == pytest.approx(expected["test statistic"], rel=1e-8)
    assert result.p_value < 0.05


def test_permdisp_takes_subject_centroids() -> None:
    rng = np.random.default_rng(5)
    centres = rng.normal(size=(8, 2))
    shifts = rng.normal(size=(8, 2))
    points = np.concatenate([centres + shifts, centres - shifts])
    levels, subjects = np.repeat([0, 1], 4), list(range(8)) * 2
    repeated = permdisp(euclidean(points), compare(np.tile(levels, 2), subjects, "between"), PLAN)
    single = permdisp(euclidean(centres), compare(levels), PLAN)
    assert repeated.statistic == pytest.approx(single.statistic)
    assert repeated.p_value == pytest.approx(single.p_value)


def test_permdisp_within_subjects_is_the_anova_of_repeated_measures() -> None:
    """Two levels: F is the square of the paired t of the distances to the levels' centroids."""
    from scipy.stats import ttest_rel

    rng = np.random.default_rng(8)
    subjects, levels = np.repeat(np.arange(9), 2), np.tile([0, 1], 9)
    points = rng.normal(scale=5, size=(9, 3))[subjects]
    points += rng.normal(size=(18, 3)) * (1 + levels)[:, None]
    own = []
    for level in (0, 1):
        part = points[levels == level]
        distances = np.sqrt(((part - part.mean(axis=0)) ** 2).sum(axis=1))
        own.append(distances * np.sqrt(9 / 8))
    t = ttest_rel(*own).statistic
    result = permdisp(euclidean(points), compare(levels, subjects.tolist(), "within"), PLAN)
    assert result.statistic == pytest.approx(t**2)
    assert result.effect == pytest.approx(t**2 / (t**2 + 8))
    assert result.effect_name == "partial eta squared"
    assert "permuted within subjects" in result.note


def test_degenerate_distances_are_rows_with_reasons() -> None:
    nothing = np.zeros((6, 6))
    for test in (permanova, permdisp):
        result = test(nothing, compare([0, 0, 0, 1, 1, 1]), PLAN)
        assert np.isnan(result.p_value)
        assert "not tested" in result.note
    perfect = euclidean(np.array([0.0, 0, 0, 5, 5, 5]))
    result = permanova(perfect, compare([0, 0, 0, 1, 1, 1]), PLAN)
    assert np.isnan(result.statistic)
    assert (result.effect, result.p_value) == (1, pytest.approx(0.1))
    assert "infinite" in result.note
    assert "not tested" in permdisp(perfect, compare([0, 0, 0, 1, 1, 1]), PLAN).note
    two_each = permdisp(euclidean(np.arange(4.0)), compare([0, 0, 1, 1]), PLAN)
    assert "fewer than 3 units" in two_each.note
    assert "not tested" in permdisp(nothing, compare(np.arange(6.0)), PLAN).note
