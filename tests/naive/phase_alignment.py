"""Slow twins of the kernels in ``vagus.kernels.phase.alignment``: the whole matrix, plainly."""

from __future__ import annotations

from collections.abc import Sequence

MISMATCH, OPEN, EXTEND, OVERHANG = 2, 2, 1, 2
INFINITE = 10**9


def score_alignment(read: Sequence[int], backbone: Sequence[int], free: int) -> int:
    """Least cost of a gap-affine alignment (Gotoh) whose ends may hang over."""
    n, m = len(read), len(backbone)
    free = free + abs(n - m)
    best = [[INFINITE] * (m + 1) for _ in range(n + 1)]
    inserted = [[INFINITE] * (m + 1) for _ in range(n + 1)]
    deleted = [[INFINITE] * (m + 1) for _ in range(n + 1)]
    for i in range(n + 1):
        for j in range(m + 1):
            options = []
            if i == 0 or j == 0:
                overhang = max(i, j)
                if overhang <= free:
                    options.append(OVERHANG if overhang else 0)
            if i:
                inserted[i][j] = min(best[i - 1][j] + OPEN, inserted[i - 1][j]) + EXTEND
                options.append(inserted[i][j])
            if j:
                deleted[i][j] = min(best[i][j - 1] + OPEN, deleted[i][j - 1]) + EXTEND
                options.append(deleted[i][j])
            if i and j:
                step = 0 if read[i - 1] == backbone[j - 1] else MISMATCH
                options.append(best[i - 1][j - 1] + step)
            best[i][j] = min(options, default=INFINITE)
    ends = [best[n][m]]
    ends += [best[n][j] + OVERHANG for j in range(max(0, m - free), m)]
    ends += [best[i][m] + OVERHANG for i in range(max(0, n - free), n)]
    return min(ends)


def price_mapping(read: Sequence[int], backbone: Sequence[int], mapping: Sequence[int]) -> int:
    """Cost of an alignment given as the read position of each backbone base."""
    reached = [j for j, i in enumerate(mapping) if i != -2]
    first, last = reached[0], reached[-1]
    cost = 0
    before = mapping[first]
    cost += OVERHANG * (first > 0 or before > 0)
    expected = before
    j = first
    while j <= last:
        if mapping[j] == -1:
            stop = j
            while mapping[stop] == -1:
                stop += 1
            cost += OPEN + EXTEND * (stop - j)
            j = stop
            continue
        if mapping[j] > expected:
            cost += OPEN + EXTEND * (mapping[j] - expected)
        cost += MISMATCH * (read[mapping[j]] != backbone[j])
        expected = mapping[j] + 1
        j += 1
    return cost + OVERHANG * (last < len(backbone) - 1 or expected < len(read))
