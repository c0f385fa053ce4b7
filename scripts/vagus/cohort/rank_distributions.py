"""Exact null distributions of rank sums, also with ties.

Mid-ranks are halves, so they are doubled to whole numbers; the number of ways to reach every
sum is then counted one rank at a time. Counts stay below 2^53 for up to 50 ranks, hence exact in
floating point.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MAX_EXACT = 50
_TOLERANCE = 1e-9


def rank_sum_p(ranks: NDArray[np.float64], n_first: int, observed: float) -> float:
    """P that a random choice of ``n_first`` ranks has a sum at least as far from its mean.

    Two-sided: distance from the mean of the distribution. ``ranks`` are mid-ranks, shape (n,),
    n <= 50; ``observed`` is the sum of the first group's ranks.
    """
    doubled = np.rint(2 * ranks).astype(np.int64)
    ways = np.zeros((n_first + 1, int(doubled.sum()) + 1))
    ways[0, 0] = 1
    for rank in doubled.tolist():
        ways[1:, rank:] += ways[:-1, : ways.shape[1] - rank].copy()
    mean = n_first * float(ranks.mean())
    return _share_beyond(ways[n_first], 2 * mean, 2 * observed)


def signed_rank_p(ranks: NDArray[np.float64], observed: float) -> float:
    """P that random signs give a sum of positive ranks at least as far from its mean.

    ``ranks`` are mid-ranks of absolute differences, zeros removed, shape (n,), n <= 50.
    """
    doubled = np.rint(2 * ranks).astype(np.int64)
    ways = np.zeros(int(doubled.sum()) + 1)
    ways[0] = 1
    for rank in doubled.tolist():
        ways[rank:] += ways[: ways.size - rank].copy()
    return _share_beyond(ways, float(doubled.sum()) / 2, 2 * observed)


def _share_beyond(ways: NDArray[np.float64], centre: float, observed: float) -> float:
    distance = np.abs(np.arange(ways.size) - centre)
    extreme = distance >= abs(observed - centre) - _TOLERANCE
    return float(ways[extreme].sum() / ways.sum())
