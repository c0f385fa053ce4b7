"""5-mer counts of sequences, and how many 5-mers of a centre they miss."""

from __future__ import annotations

import numpy as np

from vagus.kernels.jit import kernel

WORD_BP = 5
N_WORDS = 4**WORD_BP


@kernel
def count_words(bases: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Counts of all 5-mers, uint8 (n, 1024); no sequence of 16S length contains one 256 times."""
    n = offsets.size - 1
    counts = np.zeros((n, N_WORDS), np.uint8)
    for i in range(n):
        word = np.int64(0)
        for p in range(offsets[i], offsets[i + 1]):
            word = ((word << 2) | np.int64(bases[p])) & (N_WORDS - 1)
            if p - offsets[i] >= WORD_BP - 1 and counts[i, word] < 255:
                counts[i, word] += 1
    return counts


@kernel
def share_words(a: np.ndarray, b: np.ndarray) -> int:
    """Number of 5-mers that two count vectors share."""
    shared = np.uint32(0)
    for w in range(a.size):
        shared += np.uint32(min(a[w], b[w]))
    return int(shared)


@kernel
def count_missing_words(
    counts: np.ndarray, offsets: np.ndarray, centre: int, n_missing: np.ndarray
) -> None:
    """5-mers of the shorter of (centre, i) that the pair does not share; uint16 (n,)."""
    own = counts[centre].copy()
    size = offsets[centre + 1] - offsets[centre]
    for i in range(offsets.size - 1):
        n_words = min(size, offsets[i + 1] - offsets[i]) - WORD_BP + 1
        n_missing[i] = max(0, n_words - share_words(own, counts[i]))


@kernel
def find_nearest_repeated(
    counts: np.ndarray, offsets: np.ndarray, n_repeated: int
) -> tuple[np.ndarray, np.ndarray]:
    """For each later sequence the one of the first ``n_repeated`` that shares most 5-mers.

    Returns its index, int32 (n,) with -1 for the first ones, and the 5-mers missed.
    """
    n = offsets.size - 1
    nearest = np.full(n, -1, np.int32)
    missed = np.zeros(n)
    for i in range(n_repeated, n):
        size = offsets[i + 1] - offsets[i]
        least = np.int64(1 << 30)
        own = counts[i]
        for j in range(n_repeated):
            n_words = min(size, offsets[j + 1] - offsets[j]) - WORD_BP + 1
            n_missing = max(0, n_words - share_words(own, counts[j]))
            if n_missing < least:
                least = n_missing
                nearest[i] = j
        missed[i] = least
    return nearest, missed
