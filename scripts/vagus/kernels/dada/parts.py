"""How much of a variant another one explains from either end; words that they share."""

from __future__ import annotations

import numpy as np

from vagus.kernels.dada.alignment import (
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
FILTER_BITS = 22
MULTIPLIER = 0x9E3779B97F4A7C15


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

    Sequences too short for four words get -1 (which no sequence contains) four times.
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
def hash_word(word: np.int64) -> int:
    """Fibonacci hashing to FILTER_BITS bits."""
    return int((np.uint64(word) * np.uint64(MULTIPLIER)) >> np.uint64(64 - FILTER_BITS))


@kernel
def find_holders(
    bases: np.ndarray, offsets: np.ndarray, words: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where the sorted ``words`` occur: index of the word, sequence, position in it (int32)."""
    is_wanted = np.zeros(1 << FILTER_BITS, np.bool_)
    for word in words:
        is_wanted[hash_word(word)] = True
    capacity = max(4 * words.size, 1024)
    found = np.empty((3, capacity), np.int32)
    used = 0
    for i in range(offsets.size - 1):
        word = np.int64(0)
        for p in range(offsets[i], offsets[i + 1]):
            word = ((word << 2) | np.int64(bases[p])) & WORD_MASK
            if p - offsets[i] < WORD_BP - 1 or not is_wanted[hash_word(word)]:
                continue
            at = np.searchsorted(words, word)
            if at < words.size and words[at] == word:
                if used == found.shape[1]:
                    found = np.concatenate((found, np.empty_like(found)), axis=1)
                found[0, used] = at
                found[1, used] = i
                found[2, used] = p - offsets[i] - WORD_BP + 1
                used += 1
    return found[0, :used].copy(), found[1, :used].copy(), found[2, :used].copy()


@kernel
def extend_right(query: np.ndarray, other: np.ndarray, i: int, j: int) -> int:
    """Bases that agree from ``query[i]`` and ``other[j]`` on."""
    n = 0
    while i + n < query.size and j + n < other.size and query[i + n] == other[j + n]:
        n += 1
    return n


@kernel
def extend_left(query: np.ndarray, other: np.ndarray, i: int, j: int) -> int:
    """Bases that agree before ``query[i]`` and ``other[j]``."""
    n = 0
    while n < i and n < j and query[i - n - 1] == other[j - n - 1]:
        n += 1
    return n


@kernel
def bound_parts(
    query: np.ndarray,
    bases: np.ndarray,
    offsets: np.ndarray,
    words: np.ndarray,
    bounds: np.ndarray,
    holders: np.ndarray,
    positions: np.ndarray,
    rank: np.ndarray,
    max_overhang: int,
    limits: np.ndarray,
) -> bool:
    """Upper limits of the left and right parts that each parent explains, int32 (n, 2).

    ``words`` are the four words of the query; word ``w`` occurs in ``holders[k]`` at
    ``positions[k]`` for k from ``bounds[w]`` to ``bounds[w + 1]``; ``rank[v]`` is the row of
    parent ``v`` in ``limits``, -1 for other sequences. A part that covers the word next to
    its end is no longer than the exact match around that word; a shorter part is shorter
    than the overhang and the word. Returns whether some parent contains both words of a half.
    """
    limits[:] = max_overhang + WORD_BP - 1
    has_near_middle = np.zeros((limits.shape[0], 2), np.bool_)
    for side in range(2):
        word = words[1 + side]
        for k in range(bounds[word], bounds[word + 1]):
            if rank[holders[k]] >= 0:
                has_near_middle[rank[holders[k]], side] = True
    holds_half = False
    for side in range(2):
        word = words[3 * side]
        for k in range(bounds[word], bounds[word + 1]):
            row = rank[holders[k]]
            if row < 0:
                continue
            other = bases[offsets[holders[k]] : offsets[holders[k] + 1]]
            if side == 0:
                part = extend_right(query, other, max_overhang, positions[k])
            else:
                stop = query.size - max_overhang
                part = extend_left(query, other, stop, positions[k] + WORD_BP)
            limits[row, side] = max(limits[row, side], max_overhang + part)
            holds_half = holds_half or has_near_middle[row, side]
    return holds_half


@kernel
def trace_parts(
    query: np.ndarray, other: np.ndarray, lanes: Lanes, lane: int, low: int, max_overhang: int
) -> tuple[int, int]:
    """Matches from either end until the first mismatch or gap; (left, right).

    Ends of ``other`` that are not in the query are skipped; ends of the query that are not in
    ``other`` count as explained up to ``max_overhang``.
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
