"""How much of a variant another one explains from either end; words that they share."""

from __future__ import annotations

import numpy as np

from vagus.kernels.denoise_alignment import (
    LEFT,
    MAX_LANES,
    UP,
    Lanes,
    choose_lanes,
    fill_lanes,
    load_lanes,
    make_lanes,
    measure_lengths,
    settle_borders,
)
from vagus.kernels.jit import kernel

WORD_BP = 31
WORD_MASK = (1 << (2 * WORD_BP)) - 1


@kernel
def encode_word(bases: np.ndarray, start: int) -> int:
    """31 bases as an integer."""
    word = np.int64(0)
    for p in range(start, start + WORD_BP):
        word = (word << 2) | np.int64(bases[p])
    return int(word)


@kernel
def pick_words(bases: np.ndarray, offsets: np.ndarray, margin: int) -> np.ndarray:
    """Four words of each sequence, int64 (n, 4): start, before and after the middle, end.

    Sequences too short for four words get -1 (which no sequence holds) four times.
    """
    n = offsets.size - 1
    words = np.full((n, 4), -1, np.int64)
    for i in range(n):
        start, stop = offsets[i], offsets[i + 1]
        middle = start + (stop - start) // 2
        if stop - start >= 2 * (WORD_BP + margin):
            words[i, 0] = encode_word(bases, start + margin)
            words[i, 1] = encode_word(bases, middle - WORD_BP)
            words[i, 2] = encode_word(bases, middle)
            words[i, 3] = encode_word(bases, stop - margin - WORD_BP)
    return words


@kernel
def find_holders(
    bases: np.ndarray, offsets: np.ndarray, words: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (index into the sorted ``words``, sequence that holds that word)."""
    capacity = max(4 * words.size, 1024)
    found = np.empty(capacity, np.int64)
    holders = np.empty(capacity, np.int64)
    last = np.full(words.size, -1, np.int64)
    used = 0
    for i in range(offsets.size - 1):
        word = np.int64(0)
        for p in range(offsets[i], offsets[i + 1]):
            word = ((word << 2) | np.int64(bases[p])) & WORD_MASK
            if p - offsets[i] < WORD_BP - 1:
                continue
            at = np.searchsorted(words, word)
            if at < words.size and words[at] == word and last[at] != i:
                last[at] = i
                if used == capacity:
                    capacity *= 2
                    found = np.concatenate((found, np.empty(used, np.int64)))
                    holders = np.concatenate((holders, np.empty(used, np.int64)))
                found[used] = at
                holders[used] = i
                used += 1
    return found[:used].copy(), holders[:used].copy()


@kernel
def trace_parts(
    query: np.ndarray, other: np.ndarray, lanes: Lanes, lane: int, low: int, max_overhang: int
) -> tuple[int, int]:
    """Matches from either end until the first mismatch or gap; (left, right).

    Ends of ``other`` that the query lacks are skipped; ends of the query that ``other``
    lacks count as explained up to ``max_overhang``.
    """
    steps = lanes[3]
    n_lanes = lanes[2].size
    i, j = query.size, other.size
    run = 0
    right = -1
    overhang = 0
    while i > 0 and j > 0:
        step = steps[i + j, (j - i - low) // 2 * n_lanes + lane]
        at_end = j == other.size and run == 0 and right < 0
        if step == UP:
            i -= 1
            if at_end:
                overhang += 1
                continue
            matched = False
        elif step == LEFT:
            j -= 1
            if i == query.size and right < 0:
                continue
            matched = False
        else:
            i -= 1
            j -= 1
            matched = query[i] == other[j]
        if not matched and right < 0:
            right = run + overhang if overhang <= max_overhang else max_overhang
        run = run + 1 if matched else 0
    if right < 0:
        right = run + overhang if overhang <= max_overhang else max_overhang
    left = run + i if i <= max_overhang else max_overhang
    return left, right


@kernel
def measure_parts(
    query: np.ndarray,
    bases: np.ndarray,
    offsets: np.ndarray,
    others: np.ndarray,
    band: int,
    rewards: np.ndarray,
    max_overhang: int,
) -> np.ndarray:
    """Left and right part of ``query`` that each of ``others`` explains, int64 (n, 2)."""
    parts = np.zeros((others.size, 2), np.int64)
    if others.size == 0:
        return parts
    shortest, longest = measure_lengths(offsets, others)
    lanes = make_lanes(query, shortest, longest, band, choose_lanes(others.size))
    for first in range(0, others.size, MAX_LANES):
        chunk = others[first : first + MAX_LANES]
        if choose_lanes(chunk.size) != lanes[2].size:
            lanes = make_lanes(query, shortest, longest, band, choose_lanes(chunk.size))
        load_lanes(lanes, bases, offsets, chunk)
        low = fill_lanes(lanes, band, rewards)
        for lane in range(chunk.size):
            start, stop = offsets[chunk[lane]], offsets[chunk[lane] + 1]
            settle_borders(lanes, lane, low)
            left, right = trace_parts(query, bases[start:stop], lanes, lane, low, max_overhang)
            parts[first + lane, 0] = left
            parts[first + lane, 1] = right
    return parts
