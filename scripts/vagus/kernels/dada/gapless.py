"""Pairs that need no gap: recognised by their 5-mers, and taken position by position.

The codes are those of ``alignment``.
"""

from __future__ import annotations

import numpy as np

from vagus.kernels.jit import kernel

WORD_BP = 5
QUALITY_SPAN = 128


@kernel
def grow_codes(codes: np.ndarray, used: int, needed: int) -> np.ndarray:
    """``codes`` itself, or a larger copy with room for ``needed`` more."""
    if used + needed <= codes.size:
        return codes
    larger = np.empty(max(2 * codes.size, used + needed), np.uint16)
    larger[:used] = codes[:used]
    return larger


@kernel
def compare_gapless(
    centre: np.ndarray, read: np.ndarray, n_missing: int, mismatches: np.ndarray
) -> int:
    """Number of mismatches if the pair needs no gap, else -1; their positions are filled in.

    A pair needs no gap (but at the end) if the 5-mers that agree in place are as many as
    those that agree at all, that is, if the mismatches destroy no more than ``n_missing``.
    """
    shared = min(centre.size, read.size)
    last_start = shared - WORD_BP
    n_destroyed = 0
    n_mismatches = 0
    next_start = 0
    for p in range(shared):
        if centre[p] != read[p]:
            mismatches[n_mismatches] = p
            n_mismatches += 1
            start = max(next_start, p - WORD_BP + 1)
            stop = min(p, last_start) + 1
            if stop > start:
                n_destroyed += stop - start
                next_start = stop
                if n_destroyed > n_missing:
                    return -1
    return n_mismatches if n_destroyed == n_missing else -1


@kernel
def find_gapless_pairs(
    centre: np.ndarray,
    bases: np.ndarray,
    qualities: np.ndarray,
    offsets: np.ndarray,
    members: np.ndarray,
    n_missing: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes of the members that align to ``centre`` without a gap.

    Returns ``starts`` (n + 1,), ``n_substitutions`` (n,; -1 where a gap is needed, with
    no codes) and ``codes``.
    """
    n = members.size
    starts = np.zeros(n + 1, np.int64)
    n_substitutions = np.full(n, -1, np.int32)
    codes = np.empty(max(16 * n, 1024), np.uint16)
    mismatches = np.empty(centre.size, np.int32)
    used = 0
    for row in range(n):
        first, stop = offsets[members[row]], offsets[members[row] + 1]
        read = bases[first:stop]
        count = compare_gapless(centre, read, n_missing[row], mismatches)
        n_substitutions[row] = count
        if count >= 0:
            codes = grow_codes(codes, used, count + max(0, read.size - centre.size))
            for s in range(count):
                p = mismatches[s]
                code = (np.int64(centre[p]) * 4 + read[p]) * QUALITY_SPAN + qualities[first + p]
                codes[used + s] = code
            used += count
            for p in range(centre.size, read.size):
                codes[used] = np.int64(read[p]) * 5 * QUALITY_SPAN + qualities[first + p]
                used += 1
        starts[row + 1] = used
    return starts, n_substitutions, codes[:used].copy()
