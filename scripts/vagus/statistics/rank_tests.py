"""Rank tests of one value per unit, with effect sizes.

| test | when | statistic | effect |
|---|---|---|---|
| Mann-Whitney U | two levels, different units | U of the first values | rank-biserial correlation,
  2 U / (n1 n2) - 1 (Wendt 1972) |
| Kruskal-Wallis | more levels, different units | H, tie-corrected | epsilon squared, H / (n - 1) |
| Wilcoxon signed-rank | two levels, same subjects | sum of positive ranks, first minus second,
  zeros removed | matched-pairs rank-biserial, (W+ - W-) / (W+ + W-) (Kerby 2014) |
| Friedman | more levels, same subjects | chi-squared, tie-corrected | Kendall's W |
| Spearman | numbers | rho | rho |

P-values are two-sided. Mann-Whitney and Wilcoxon give mid-p values of the exact distribution, ties
included, for up to 50 units, else normal approximations with tie correction. Kruskal-Wallis,
Friedman and Spearman use permutations as long as a level has fewer than 10 units (Spearman: fewer
than 30 units), else their asymptotic distributions. Equal values throughout give p = 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.products import multiply
from vagus.statistics.arrangements import Arrangements, permutation_p
from vagus.statistics.effect_sizes import (
    correlation_interval,
    rank_biserial_interval,
    signed_rank_interval,
)
from vagus.statistics.rank_distributions import MAX_EXACT, rank_sum_p, signed_rank_p

MIN_ASYMPTOTIC_LEVEL = 10
MIN_ASYMPTOTIC_UNITS = 30
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """One test: what it found and how the p-value came about; NaN where there was no test."""

    test: str
    statistic: float
    p_value: float
    effect: float
    effect_name: str
    note: str
    permutations: int = 0
    effect_interval: tuple[float, float] = (float("nan"), float("nan"))


@dataclass(frozen=True)
class PermutationPlan:
    """Greatest number of permutations and the seed of one test."""

    permutations: int
    seed: tuple[int, ...]


def rank(values: Floats, axis: int | None = None) -> Floats:
    """Mid-ranks from 1; values that differ by rounding alone are tied."""
    from scipy.stats import rankdata

    scale = float(np.abs(values).max(initial=0.0))
    rounded = np.round(values / scale, 12) if scale > 0 else values
    ranks: Floats = rankdata(rounded, axis=axis)
    return ranks


def mann_whitney(first: Floats, second: Floats) -> Outcome:
    """Two levels, different units: values of shape (n1,) and (n2,)."""
    ranks = rank(np.concatenate([first, second]))
    n1, n2 = first.size, second.size
    rank_sum = float(ranks[:n1].sum())
    u = rank_sum - n1 * (n1 + 1) / 2
    if n1 + n2 <= MAX_EXACT:
        exact, p = rank_sum_p(ranks, n1, rank_sum)
        note = f"mid-p of the exact distribution (exact p {exact:.3g})"
    else:
        variance = n1 * n2 / (n1 + n2) * float(ranks.var(ddof=1))
        p, note = _normal_p(u - n1 * n2 / 2, variance), "normal approximation"
    effect = 2 * u / (n1 * n2) - 1
    limits = rank_biserial_interval(effect, n1, n2)
    return Outcome("Mann-Whitney U", u, p, effect, "rank-biserial correlation", note, 0, limits)


def wilcoxon(first: Floats, second: Floats) -> Outcome:
    """Two levels, same subjects: values of shape (n,) each, paired."""
    name, effect_name = "Wilcoxon signed-rank", "matched-pairs rank-biserial correlation"
    scale = float(np.abs(np.concatenate([first, second])).max(initial=0.0))
    differences = first - second
    differences = differences[np.abs(differences) > 1e-12 * scale]
    if differences.size == 0:
        return Outcome(name, 0.0, 1.0, 0.0, effect_name, "all pairs are equal")
    ranks = rank(np.abs(differences))
    positive, total = float(ranks[differences > 0].sum()), float(ranks.sum())
    if differences.size <= MAX_EXACT:
        exact, p = signed_rank_p(ranks, positive)
        note = f"mid-p of the exact distribution (exact p {exact:.3g})"
    else:
        p = _normal_p(positive - total / 2, float((ranks**2).sum()) / 4)
        note = "normal approximation"
    effect = 2 * positive / total - 1
    limits = signed_rank_interval(effect, differences.size)
    return Outcome(name, positive, p, effect, effect_name, note, 0, limits)


def kruskal_wallis(values: Floats, levels: NDArray[np.int64], plan: PermutationPlan) -> Outcome:
    """More levels, different units: values and level indices of shape (n,)."""
    from scipy.stats import chi2

    ranks, sizes, n = rank(values), np.bincount(levels), values.size
    variance = float(ranks.var(ddof=1))
    name, effect_name = "Kruskal-Wallis", "epsilon squared"
    if variance == 0:
        return Outcome(name, 0.0, 1.0, 0.0, effect_name, "all values are equal")
    centred = ranks - ranks.mean()

    def spread(arrangements: NDArray[np.int64]) -> Floats:
        totals = np.zeros(arrangements.shape[0])
        for level, size in enumerate(sizes.tolist()):
            totals += multiply(arrangements == level, centred) ** 2 / size
        return totals

    h = float(spread(levels[None, :])[0]) / variance
    if sizes.min() >= MIN_ASYMPTOTIC_LEVEL:
        p, note = float(chi2.sf(h, sizes.size - 1)), "chi-squared approximation"
    else:
        shuffled = Arrangements(levels, np.zeros(n, dtype=np.int64), plan.permutations, plan.seed)
        p, note = permutation_p(shuffled, spread), shuffled.describe()
    return Outcome(name, h, p, h / (n - 1), effect_name, note)


def friedman(values: Floats, plan: PermutationPlan) -> Outcome:
    """More levels, same subjects: values of shape (n_subjects, n_levels)."""
    from scipy.stats import chi2

    n, k = values.shape
    scale = float(np.abs(values).max(initial=0.0))
    ranks = rank(values / scale if scale > 0 else values, axis=1) - (k + 1) / 2
    within = float((ranks**2).sum())
    if within == 0:
        return Outcome("Friedman", 0.0, 1.0, 0.0, "Kendall's W", "all values are equal")
    statistic = (k - 1) * float((ranks.sum(axis=0) ** 2).sum()) / within

    def spread(arrangements: NDArray[np.int64]) -> Floats:
        columns = arrangements.reshape(-1, n, k)
        sums = [(ranks * (columns == level)).sum(axis=(1, 2)) for level in range(k)]
        total: Floats = (np.array(sums) ** 2).sum(axis=0)
        return total

    if n >= MIN_ASYMPTOTIC_LEVEL:
        p, note = float(chi2.sf(statistic, k - 1)), "chi-squared approximation"
    else:
        labels, blocks = np.tile(np.arange(k), n), np.repeat(np.arange(n), k)
        shuffled = Arrangements(labels, blocks, plan.permutations, plan.seed)
        p, note = permutation_p(shuffled, spread), shuffled.describe()
    effect = statistic / (n * (k - 1))
    return Outcome("Friedman", statistic, p, effect, "Kendall's W", note)


def spearman(values: Floats, numbers: Floats, plan: PermutationPlan) -> Outcome:
    """Association of values with numbers, both of shape (n,), n >= 3."""
    from scipy.stats import t

    name, effect_name, n = "Spearman", "Spearman's rho", values.size
    a, b = rank(values), rank(numbers)
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a**2).sum() * (b**2).sum()))
    if scale == 0:
        return Outcome(name, 0.0, 1.0, 0.0, effect_name, "all values are equal")
    rho = float(np.clip((a * b).sum() / scale, -1, 1))
    if n >= MIN_ASYMPTOTIC_UNITS:
        ratio = abs(rho) * np.sqrt((n - 2) / max(1 - rho**2, 1e-300))
        p, note = float(2 * t.sf(ratio, n - 2)), "t approximation"
    else:
        steps, labels = np.unique(b, return_inverse=True)
        shuffled = Arrangements(
            labels.astype(np.int64), np.zeros(n, dtype=np.int64), plan.permutations, plan.seed,
            labels_are_names=False,
        )  # fmt: skip
        p = permutation_p(shuffled, lambda arrangements: np.abs(multiply(steps[arrangements], a)))
        note = shuffled.describe()
    return Outcome(name, rho, p, rho, effect_name, note, 0, correlation_interval(rho, n))


def _normal_p(deviation: float, variance: float) -> float:
    """Two-sided normal p-value with continuity correction of one half."""
    from scipy.stats import norm

    if variance <= 0:
        return 1.0
    z = max(abs(deviation) - 0.5, 0.0) / variance**0.5
    return float(2 * norm.sf(z))
