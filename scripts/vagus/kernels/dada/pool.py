"""Which founders of a pool depend on each other through the sequences that they share."""

from __future__ import annotations

import numpy as np

from vagus.kernels.jit import kernel


@kernel
def find_root(parents: np.ndarray, i: int) -> int:
    """Representative of the set of ``i``; paths are halved on the way."""
    while parents[i] != i:
        parents[i] = parents[parents[i]]
        i = parents[i]
    return int(i)


@kernel
def unite(parents: np.ndarray, i: int, j: int) -> None:
    """Join two sets; the smaller number represents them."""
    a, b = find_root(parents, i), find_root(parents, j)
    if a < b:
        parents[b] = a
    else:
        parents[a] = b


@kernel
def link_founders(
    rows: np.ndarray, founders: np.ndarray, near_first: np.ndarray, parents: np.ndarray
) -> None:
    """Unite the founders of each row, and with the first one where ``near_first`` says so.

    ``rows`` and ``founders`` are the pairs of a shard, sorted by row; ``parents`` int32, one
    a founder.
    """
    for k in range(rows.size):
        if near_first[rows[k]]:
            unite(parents, founders[k], 0)
        elif k > 0 and rows[k] == rows[k - 1]:
            unite(parents, founders[k], founders[k - 1])


@kernel
def flatten_sets(parents: np.ndarray) -> None:
    """Let every entry name its representative."""
    for i in range(parents.size):
        parents[i] = find_root(parents, i)
