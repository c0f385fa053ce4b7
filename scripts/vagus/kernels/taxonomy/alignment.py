"""Kernels that align a sequence to candidate references, both ends free.

The alignment maximises, in this order: the score (match 5, mismatch -4, gap base -8),
the number of matches, the smallest number of columns, the latest start in the query.
All four travel in one integer, so no traceback is needed. Gaps before the first and
after the last aligned column of either sequence are free and not counted.
"""

from __future__ import annotations

import numpy as np

from vagus.kernels.jit import kernel
from vagus.kernels.taxonomy.words import N_WORDS, WORD_BP, find_words

MATCH, MISMATCH, GAP = 5, -4, -8
MAX_LENGTH_BP = (1 << 14) - 1  # of either sequence, so that the fields below do not overflow
_COLUMN_SHIFT, _MATCH_SHIFT, _SCORE_SHIFT = 14, 29, 43
_ON_MISMATCH = (MISMATCH << _SCORE_SHIFT) - (1 << _COLUMN_SHIFT)
_ON_MATCH = (MATCH << _SCORE_SHIFT) + (1 << _MATCH_SHIFT) - (1 << _COLUMN_SHIFT)
_ON_GAP = (GAP << _SCORE_SHIFT) - (1 << _COLUMN_SHIFT)
_NEVER = -(1 << 62)
BAND_MARGIN_BP = 12
MIN_WORDS_ON_DIAGONAL = 6


@kernel
def count_shared(
    words: np.ndarray, starts: np.ndarray, holders: np.ndarray, shared: np.ndarray
) -> None:
    """Add to ``shared`` (n references) the number of ``words`` that each reference contains."""
    for word in words:
        for entry in range(starts[word], starts[word + 1]):
            shared[holders[entry]] += 1


@kernel
def select_most(shared: np.ndarray, n_wanted: int, chosen: np.ndarray) -> int:
    """Fill ``chosen`` with the rows of the highest counts, ascending; returns how many.

    Rows whose count ties with the last one are taken in order while ``chosen`` has room.
    """
    n_with = np.zeros(int(shared.max()) + 2, np.int64)
    for row in range(shared.size):
        n_with[shared[row]] += 1
    least, n_above = n_with.size - 2, 0
    while least > 0 and n_above + n_with[least] < n_wanted:
        n_above += n_with[least]
        least -= 1
    room = chosen.size - n_above
    n_chosen = 0
    for row in range(shared.size):
        if shared[row] > least or (shared[row] == least and room > 0):
            if shared[row] == least:
                room -= 1
            chosen[n_chosen] = row
            n_chosen += 1
    return n_chosen


@kernel
def recount_shared(
    words: np.ndarray,
    masks: np.ndarray,
    offsets: np.ndarray,
    references: np.ndarray,
    shared: np.ndarray,
) -> None:
    """Fill ``shared`` (n references) with the number of distinct ``words`` that each contains."""
    wanted = np.full(N_WORDS, -1, np.int32)  # the last reference in which the word was met
    for word in words:
        wanted[word] = 0
    for number in range(references.size):
        sequence = masks[offsets[references[number]] : offsets[references[number] + 1]]
        found = np.full(max(sequence.size - WORD_BP + 1, 0), -1, np.int32)
        find_words(sequence, found)
        n_shared = 0
        for word in found:
            if word >= 0 and 0 <= wanted[word] <= number:
                wanted[word] = number + 1
                n_shared += 1
        shared[number] = n_shared


@kernel
def find_band(
    position_of: np.ndarray, n_query: int, reference_words: np.ndarray
) -> tuple[int, int]:
    """Lowest and highest diagonal (reference minus query position) with shared words.

    A diagonal counts when at least six words are on it; random matches do not reach that.
    Returns (0, -1) when no diagonal does. ``position_of`` (65536) is the query's position
    of each word, -1 for none.
    """
    n_on = np.zeros(n_query + reference_words.size + 1, np.int32)
    for position in range(reference_words.size):
        word = reference_words[position]
        if word >= 0 and position_of[word] >= 0:
            n_on[position - position_of[word] + n_query] += 1
    low, high = 0, -1
    for index in range(n_on.size):
        if n_on[index] >= MIN_WORDS_ON_DIAGONAL:
            if high < low:
                low = index - n_query
            high = index - n_query
    return low, high


@kernel
def extend_antidiagonal(
    keys: np.ndarray,
    above: np.ndarray,
    left: np.ndarray,
    query: np.ndarray,
    reference: np.ndarray,
) -> None:
    """One step of the recursion for cells that do not depend on each other, in place."""
    for x in range(keys.size):
        key = keys[x] + (_ON_MATCH if query[x] & reference[x] else _ON_MISMATCH)
        key = max(key, above[x] + _ON_GAP)
        keys[x] = max(key, left[x] + _ON_GAP)


@kernel
def sweep_inside(
    bands: np.ndarray,
    reversed_query: np.ndarray,
    reference: np.ndarray,
    starts: tuple[int, int],
    n_pairs: int,
) -> None:
    """Pairs of antidiagonals whose cells are all inside the matrix: no end to mind.

    ``starts`` are the positions in the reversed query and in the reference of cell 0 of the
    first antidiagonal. Weights are found before the recursion so that both loops vectorise.
    """
    n_cells = bands.shape[1] - 2
    even, even_up = bands[0, 1:-1], bands[0, 2:]
    odd, odd_down = bands[1, 1:-1], bands[1, :-2]
    weights = np.empty(n_cells, np.int64)
    in_query, in_reference = starts
    for _ in range(n_pairs):
        query_part = reversed_query[in_query : in_query + n_cells]
        part = reference[in_reference : in_reference + n_cells]
        for x in range(n_cells):
            weights[x] = _ON_MATCH if query_part[x] & part[x] else _ON_MISMATCH
        for x in range(n_cells):
            even[x] = max(max(odd[x], odd_down[x]) + _ON_GAP, even[x] + weights[x])
        in_reference += 1
        part = reference[in_reference : in_reference + n_cells]
        for x in range(n_cells):
            weights[x] = _ON_MATCH if query_part[x] & part[x] else _ON_MISMATCH
        for x in range(n_cells):
            odd[x] = max(max(even_up[x], even[x]) + _ON_GAP, odd[x] + weights[x])
        in_query -= 1


@kernel
def sweep_border(
    bands: np.ndarray,
    reversed_query: np.ndarray,
    reference: np.ndarray,
    low: int,
    totals: tuple[int, int],
    best: tuple[int, int],
) -> tuple[int, int]:
    """Antidiagonals of the totals [start, stop) that may touch an end of either sequence.

    Returns the best key on the last row or column and where in the query it is, given those
    so far.
    """
    n, m = reversed_query.size, reference.size
    n_cells = bands.shape[1] - 2
    best_key, best_stop = best
    for total in range(totals[0], totals[1]):
        parity = (total - low) & 1
        i0 = (total - low - parity) // 2  # cell x is query i0 - x, reference j0 + x
        j0 = (total + low + parity) // 2
        keys, others = bands[parity], bands[1 - parity]
        first = max(0, i0 - n, 1 - j0)
        last = min(n_cells - 1, i0 - 1, m - j0)
        if first <= last:
            shift = first + parity  # the neighbour one diagonal down of cell `first`
            size = last - first + 1
            extend_antidiagonal(
                keys[first + 1 : last + 2],
                others[shift + 1 : shift + 1 + size],
                others[shift : shift + size],
                reversed_query[n - i0 + first : n - i0 + first + size],
                reference[j0 + first - 1 : j0 + first - 1 + size],
            )
        if 0 <= i0 < n_cells and j0 + i0 <= m:
            keys[i0 + 1] = 0
        if 0 <= -j0 < n_cells and total <= n:
            keys[1 - j0] = total
        for x in (i0 - n, m - j0):  # the last row and the last column
            if first <= x <= last and keys[x + 1] > best_key:
                best_key, best_stop = int(keys[x + 1]), i0 - x
    return best_key, best_stop


@kernel
def align_free_ends(
    query: np.ndarray, reversed_query: np.ndarray, reference: np.ndarray, low: int, high: int
) -> tuple[int, int, int]:
    """Best alignment whose diagonals are in [low, high]: matches, columns, query bases.

    Bases are masks; two that share a bit match. Query bases are those between the first
    and the last aligned column. Cells are visited by antidiagonals i + j = total; those of
    diagonals low, low + 2, ... live in ``bands[0]``, the others in ``bands[1]``, cell x at
    position x + 1. Cost O((query + reference) * (high - low + 1)).
    """
    n, m = query.size, reference.size
    n_cells = (high - low) // 2 + 1
    bands = np.full((2, n_cells + 2), _NEVER, np.int64)
    # antidiagonals 2 i + low and the next are inside for query positions i in [start, stop)
    start = max(n_cells, 1 - low)
    stop = min(n, m - n_cells - low)
    if stop > start:
        best = sweep_border(bands, reversed_query, reference, low, (0, 2 * start + low), (0, 0))
        inside = (n - start, start + low - 1)
        sweep_inside(bands, reversed_query, reference, inside, stop - start)
        best = sweep_border(
            bands, reversed_query, reference, low, (2 * stop + low, n + m + 1), best
        )
    else:
        best = sweep_border(bands, reversed_query, reference, low, (0, n + m + 1), (0, 0))
    best_key, best_stop = best
    score = (best_key + (1 << (_MATCH_SHIFT - 1))) >> _SCORE_SHIFT
    rest = best_key - (score << _SCORE_SHIFT)
    matches = (rest + (1 << _MATCH_SHIFT) - 1) >> _MATCH_SHIFT
    rest = (matches << _MATCH_SHIFT) - rest
    columns = (rest + (1 << _COLUMN_SHIFT) - 1) >> _COLUMN_SHIFT
    return matches, columns, best_stop - ((columns << _COLUMN_SHIFT) - rest)


@kernel
def align_candidates(
    query: np.ndarray,
    masks: np.ndarray,
    offsets: np.ndarray,
    candidates: np.ndarray,
    results: np.ndarray,
) -> None:
    """Fill ``results`` (n candidates, 3) with matches, columns and aligned query bases."""
    query_words = np.full(max(query.size - WORD_BP + 1, 0), -1, np.int32)
    find_words(query, query_words)
    position_of = np.full(N_WORDS, -1, np.int32)
    for position in range(query_words.size):
        if query_words[position] >= 0:
            position_of[query_words[position]] = position
    reversed_query = query[::-1].copy()
    for index in range(candidates.size):
        reference = masks[offsets[candidates[index]] : offsets[candidates[index] + 1]]
        words = np.full(max(reference.size - WORD_BP + 1, 0), -1, np.int32)
        find_words(reference, words)
        low, high = find_band(position_of, query.size, words)
        if high < low:
            continue
        matches, columns, n_bases = align_free_ends(
            query, reversed_query, reference, low - BAND_MARGIN_BP, high + BAND_MARGIN_BP
        )
        results[index, 0] = matches
        results[index, 1] = columns
        results[index, 2] = n_bases
