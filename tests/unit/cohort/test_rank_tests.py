from __future__ import annotations

from itertools import combinations, permutations, product

import numpy as np
import pytest
from scipy import stats

from vagus.statistics.rank_distributions import rank_sum_p, signed_rank_p
from vagus.statistics.rank_tests import (
    PermutationPlan,
    friedman,
    kruskal_wallis,
    mann_whitney,
    rank,
    spearman,
    wilcoxon,
)

PLAN = PermutationPlan(999, (1, 2))
RNG = np.random.default_rng(11)


def test_mann_whitney_by_hand() -> None:
    # Every first value is below every second: U = 0; 2 of the C(6, 3) = 20 splits are so extreme,
    # none is more extreme: exact p 2 / 20, mid-p 1 / 20.
    result = mann_whitney(np.array([1.0, 2, 3]), np.array([4.0, 5, 6]))
    assert (result.statistic, result.effect) == (0, -1)
    assert result.p_value == pytest.approx(0.05)
    assert "exact p 0.1" in result.note
    assert result.effect_interval[0] == -1
    assert mann_whitney(np.array([4.0, 5, 6]), np.array([1.0, 2, 3])).effect == 1


def test_mann_whitney_equals_scipy_without_ties() -> None:
    for n1, n2 in ((3, 9), (8, 8), (20, 25)):
        first, second = RNG.normal(size=n1), RNG.normal(0.5, size=n2)
        expected = stats.mannwhitneyu(first, second, method="exact")
        result = mann_whitney(first, second)
        assert result.statistic == expected.statistic
        ranks = rank(np.concatenate([first, second]))
        exact, middle = rank_sum_p(ranks, n1, ranks[:n1].sum())
        assert exact == pytest.approx(expected.pvalue)
        assert result.p_value == middle < exact
    first, second = RNG.normal(size=40), RNG.integers(0, 3, size=35).astype(float)
    expected = stats.mannwhitneyu(first, second, method="asymptotic")
    assert mann_whitney(first, second).p_value == pytest.approx(expected.pvalue)


@pytest.mark.parametrize("n_first", [2, 3, 5])
def test_mann_whitney_with_ties_equals_enumeration(n_first: int) -> None:
    values = np.array([1.0, 1, 2, 2, 2, 5, 7, 7, 9])
    ranks = stats.rankdata(values)
    mean = n_first * ranks.mean()
    sums = np.array([ranks[list(chosen)].sum() for chosen in combinations(range(9), n_first)])
    for chosen in ([0, 2], [8, 7, 1], [0, 1, 2, 3, 8]):
        if len(chosen) != n_first:
            continue
        rest = [index for index in range(9) if index not in chosen]
        observed = abs(ranks[chosen].sum() - mean)
        distances = np.abs(sums - mean)
        at_least, beyond = distances >= observed - 1e-9, distances > observed + 1e-9
        expected = at_least.mean() if at_least.all() else (at_least.mean() + beyond.mean()) / 2
        assert mann_whitney(values[chosen], values[rest]).p_value == pytest.approx(expected)


def test_wilcoxon_by_hand() -> None:
    # All five differences positive: 2 of 2^5 sign patterns are so extreme, none more.
    result = wilcoxon(np.array([2.0, 4, 6, 8, 10]), np.array([1.0, 2, 3, 4, 5]))
    assert (result.statistic, result.effect) == (15, 1)
    assert result.p_value == pytest.approx(1 / 32)


def test_wilcoxon_equals_scipy_and_enumeration() -> None:
    first, second = RNG.normal(size=14), RNG.normal(0.3, size=14)
    expected = stats.wilcoxon(first, second, method="exact")
    ranks = rank(np.abs(first - second))
    exact, middle = signed_rank_p(ranks, ranks[first > second].sum())
    assert exact == pytest.approx(expected.pvalue)
    assert wilcoxon(first, second).p_value == middle < exact
    differences = np.array([1.0, -1, 2, 2, 0, -3, 4, 4])
    kept = differences[differences != 0]
    ranks = stats.rankdata(np.abs(kept))
    sums = np.array([np.dot(ranks, signs) for signs in product((0, 1), repeat=kept.size)])
    observed = abs(ranks[kept > 0].sum() - ranks.sum() / 2)
    away = np.abs(sums - ranks.sum() / 2)
    shares = (away >= observed - 1e-9).mean(), (away > observed + 1e-9).mean()
    assert wilcoxon(differences, np.zeros(8)).p_value == pytest.approx(sum(shares) / 2)
    first, second = RNG.normal(size=80), RNG.normal(0.2, size=80)
    expected = stats.wilcoxon(first, second, correction=True, method="asymptotic")
    assert wilcoxon(first, second).p_value == pytest.approx(expected.pvalue)


def test_kruskal_equals_scipy() -> None:
    values = RNG.integers(0, 9, size=36).astype(float)
    levels = np.repeat([0, 1, 2], 12)
    expected = stats.kruskal(*(values[levels == level] for level in range(3)))
    result = kruskal_wallis(values, levels, PLAN)
    assert result.statistic == pytest.approx(expected.statistic)
    assert result.p_value == pytest.approx(expected.pvalue)
    assert result.effect == pytest.approx(expected.statistic / 35)
    assert "chi-squared" in result.note


def test_small_kruskal_is_exact() -> None:
    # 1..6 in three perfect pairs: of the 15 ways to pair six, this and its like are extreme.
    values, levels = np.arange(1.0, 7), np.array([0, 0, 1, 1, 2, 2])
    all_h = [
        stats.kruskal(*(values[np.array(order) == level] for level in range(3))).statistic
        for order in set(permutations(levels.tolist()))
    ]
    result = kruskal_wallis(values, levels, PLAN)
    assert result.statistic == pytest.approx(max(all_h))
    assert result.p_value == pytest.approx(np.mean(np.array(all_h) >= max(all_h) - 1e-9))
    assert "all distinct permutations: 90" in result.note


def test_friedman_equals_scipy() -> None:
    values = RNG.integers(0, 5, size=(15, 4)).astype(float)
    expected = stats.friedmanchisquare(*values.T)
    result = friedman(values, PLAN)
    assert result.statistic == pytest.approx(expected.statistic)
    assert result.p_value == pytest.approx(expected.pvalue)
    assert result.effect == pytest.approx(expected.statistic / (15 * 3))


def test_small_friedman_is_exact() -> None:
    # Two subjects, three levels, the same order twice: 6 of the 36 pairs of orders agree.
    result = friedman(np.array([[1.0, 2, 3], [10, 20, 30]]), PLAN)
    assert (result.statistic, result.effect) == (pytest.approx(4), pytest.approx(1))
    assert result.p_value == pytest.approx(6 / 36)


def test_spearman_equals_scipy() -> None:
    numbers = RNG.normal(size=40)
    values = numbers + RNG.normal(size=40)
    expected = stats.spearmanr(values, numbers)
    result = spearman(values, numbers, PLAN)
    assert result.statistic == pytest.approx(expected.statistic)
    assert result.p_value == pytest.approx(expected.pvalue)
    # Six units in perfect order: 2 of 6! orders (up and down).
    short = spearman(np.arange(6.0), np.arange(6.0) ** 2, PLAN)
    assert short.p_value == pytest.approx(2 / 720)
    assert short.effect == pytest.approx(1)


def test_equal_values_give_p_one_without_warnings() -> None:
    same, levels = np.ones(6), np.array([0, 0, 1, 1, 2, 2])
    results = [
        mann_whitney(same, same),
        wilcoxon(same, same),
        kruskal_wallis(same, levels, PLAN),
        friedman(np.ones((4, 3)), PLAN),
        spearman(same, np.arange(6.0), PLAN),
    ]
    assert [result.p_value for result in results] == [1] * 5
    assert [result.effect for result in results] == [0] * 5


def test_values_that_differ_by_rounding_are_tied() -> None:
    assert rank(np.array([0.1 + 0.2, 0.3, 1.0])).tolist() == [1.5, 1.5, 3]
    assert wilcoxon(np.array([0.1 + 0.2, 2]), np.array([0.3, 1])).p_value == 1
