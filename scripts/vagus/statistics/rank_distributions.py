"""Exact null distributions of rank sums, also with ties, and their mid-p values.

An exact p-value of few units takes few values, and a test at 5 % then rejects at the next one
below, often 3 %. The mid-p value (Lancaster 1961, J. Am. Stat. Assoc. 56:223) counts half of the
probability of what was observed and rejects at about 5 %. Both are given.

Mid-ranks are halves, so they are doubled to whole numbers; the number of ways to reach every
sum is then counted one rank at a time. Counts stay below 2^53 for up to 50 ranks, hence exact in
floating point.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MAX_EXACT = 50
_TOLERANCE = 1e-9


def rank_sum_p(ranks: NDArray[np.float64], n_first: int, observed: float) -> tuple[float, float]:
    """Exact and mid-p value of a sum of ``n_first`` ranks.

    P that a random choice of ranks has a sum at least as far from the mean of the distribution.
    ``ranks`` are mid-ranks, shape (n,), n <= 50; ``observed`` is the first group's sum.
    """
    doubled = np.rint(2 * ranks).astype(np.int64)
    ways = np.zeros((n_first + 1, int(doubled.sum()) + 1))
    ways[0, 0] = 1
    for rank in doubled.tolist():
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank].copy()
    mean = n_first * float(ranks.mean())
    return _share_beyond(ways[n_first], 2 * mean, 2 * observed)


def signed_rank_p(ranks: NDArray[np.float64], observed: float) -> tuple[float, float]:
    """Exact and mid-p value of a sum of positive ranks.

    P that random signs give a sum at least as far from its mean. ``ranks`` are mid-ranks of
    absolute differences, zeros removed, shape (n,), n <= 50.
    """
    doubled = np.rint(2 * ranks).astype(np.int64)
    ways = np.zeros(int(doubled.sum()) + 1)
    ways[0] = 1
    for rank in doubled.tolist():
        ways[rank:] += ways[: ways.size - rank].copy()
    return _share_beyond(ways, float(doubled.sum()) / 2, 2 * observed)


def _share_beyond(ways: NDArray[np.float64], centre: float, observed: float) -> tuple[float, float]:
    distance = np.abs(np.arange(ways.size) - centre)
    least, total = abs(observed - centre), ways.sum()
    exact = float(ways[distance >= least - _TOLERANCE].sum() / total)
    beyond = float(ways[distance > least + _TOLERANCE].sum() / total)
    return exact, (exact + beyond) / 2 if beyond < exact < 1 else exact
