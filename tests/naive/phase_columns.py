"""Slow twins of the pileup kernels: dictionaries and single reads instead of histograms."""

from __future__ import annotations

import math
from collections.abc import Sequence

NONE, ABSENT = 4, 5


def list_states(read: Sequence[int], mapping: Sequence[int]) -> list[int]:
    """State of each column (slot before a base, base) of one aligned read."""
    placed = [j for j, i in enumerate(mapping) if i >= 0]
    states: list[int] = []
    for j, i in enumerate(mapping):
        if j < placed[0] or j > placed[-1]:
            states += [ABSENT, ABSENT]
            continue
        earlier = [mapping[k] for k in placed if k < j]
        if not earlier:
            slot = ABSENT
        elif i >= 0 and i > earlier[-1] + 1:
            slot = read[earlier[-1] + 1]
        else:
            slot = NONE
        states += [slot, read[i] if i >= 0 else NONE]
    return states


def sum_log_likelihoods(
    observations: Sequence[tuple[int, int, int, int, float]], run: int, next_base: int, tables
) -> list[float]:
    """Log-likelihood of a column under each true state.

    Observations are (state, own bin, worst bin, strand, weight).
    """
    sums = []
    for true in range(5):
        total = 0.0
        for state, own, worst, strand, weight in observations:
            if state == ABSENT:
                continue
            if true < NONE:
                plane, detail, quality = (true, state, own) if state < NONE else (4, run, worst)
            elif state == NONE:
                continue
            else:
                plane, detail, quality = (5 if state == next_base else 6, run, worst)
            total += weight * tables[strand][plane][detail][quality]
        sums.append(total)
    return sums


def maximise_mixture(ratios: Sequence[float], weights: Sequence[float]) -> float:
    """Greatest log-likelihood ratio of a mixture, by ternary search (it is concave in f)."""

    def value(share: float) -> float:
        return sum(
            w * (math.log1p(share * math.expm1(r)) if r < 300 else math.log(share) + r)
            for r, w in zip(ratios, weights, strict=True)
        )

    low, high = 0.0, 0.999
    for _ in range(300):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        low, high = (left, high) if value(left) < value(right) else (low, right)
    return max(0.0, value((low + high) / 2))
