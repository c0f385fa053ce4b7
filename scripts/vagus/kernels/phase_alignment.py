"""Alignment of reads to a near backbone by wavefronts, with traceback and gaps to the left.

Gap-affine wavefronts (Marco-Sola et al. 2021, Bioinformatics 37:456, equations 3 and 4, with
the lag rule of section 2.3) cost time with the number of differences, not with length times
band: the band is as wide as the differences found so far ask for. A mismatch costs 2, a gap of
n bases 2 + n. An end of the read or of the backbone may hang over by ``free`` bases for
2. The result is one number a backbone base: the read position aligned to it, ``GAP`` where
the read lacks it, ``MISSING`` beyond the read's ends; inserted bases are the positions skipped.
"""

from __future__ import annotations

import numpy as np

from vagus.kernels.jit import kernel

MISMATCH = 2
OPEN = 2
EXTEND = 1
OVERHANG = 2
GAP = -1
MISSING = -2
MAX_SHIFT = 480
MAX_LAG = 160
WIDTH = 2 * MAX_SHIFT + 1
_NONE = -20000
_M, _I, _D = 0, 1, 2


@kernel
def peek(
    fronts: np.ndarray, layer: int, lows: np.ndarray, highs: np.ndarray, score: int, k: int
) -> int:
    """Furthest read position on diagonal k at a score; very negative where there is none."""
    if score < 0 or k < lows[score] or k > highs[score]:
        return _NONE
    return int(fronts[layer, score, k + MAX_SHIFT])


@kernel
def bound_front(lows: np.ndarray, highs: np.ndarray, score: int, free: int) -> tuple[int, int]:
    """Lowest and highest diagonal that can be reached at a score."""
    low, high = MAX_SHIFT + 1, -MAX_SHIFT - 1
    if score == 0:
        return 0, 0
    if score == OVERHANG:
        low, high = -free, free
    for back, widen in ((MISMATCH, 0), (OPEN + EXTEND, 1), (EXTEND, 1)):
        if score >= back and lows[score - back] <= highs[score - back]:
            low = min(low, lows[score - back] - widen)
            high = max(high, highs[score - back] + widen)
    return max(low, -MAX_SHIFT), min(high, MAX_SHIFT)


@kernel
def start_position(score: int, k: int, free: int) -> int:
    """Read position at which diagonal k may start at this score, or very negative."""
    if score == 0 and k == 0:
        return 0
    if score == OVERHANG and k != 0 and -free <= k <= free:
        return max(k, 0)
    return _NONE


@kernel
def advance_front(
    read: np.ndarray,
    backbone: np.ndarray,
    fronts: np.ndarray,
    lows: np.ndarray,
    highs: np.ndarray,
    score: int,
    free: int,
) -> None:
    """Compute the wavefront of one score: gaps, mismatches, then matches as far as they go."""
    n, m = len(read), len(backbone)
    low, high = bound_front(lows, highs, score, free)
    lows[score], highs[score] = low, high
    furthest = -1
    for k in range(low, high + 1):
        inserted = (
            max(
                peek(fronts, _M, lows, highs, score - OPEN - EXTEND, k - 1),
                peek(fronts, _I, lows, highs, score - EXTEND, k - 1),
            )
            + 1
        )
        deleted = max(
            peek(fronts, _M, lows, highs, score - OPEN - EXTEND, k + 1),
            peek(fronts, _D, lows, highs, score - EXTEND, k + 1),
        )
        if inserted > n or inserted - k > m or inserted < 0:
            inserted = _NONE
        if deleted > n or deleted - k > m or deleted < 0:
            deleted = _NONE
        i = max(inserted, deleted, peek(fronts, _M, lows, highs, score - MISMATCH, k) + 1)
        i = max(i, start_position(score, k, free))
        if i > n or i - k > m or i < 0 or i - k < 0:
            i = _NONE
        while 0 <= i < n and i - k < m and read[i] == backbone[i - k]:
            i += 1
        fronts[_I, score, k + MAX_SHIFT] = inserted
        fronts[_D, score, k + MAX_SHIFT] = deleted
        fronts[_M, score, k + MAX_SHIFT] = i
        furthest = max(furthest, 2 * i - k)
    while low < high and 2 * int(fronts[_M, score, low + MAX_SHIFT]) - low < furthest - MAX_LAG:
        low += 1
    while high > low and (2 * int(fronts[_M, score, high + MAX_SHIFT]) - high < furthest - MAX_LAG):
        high -= 1
    lows[score], highs[score] = low, high


@kernel
def find_end(
    fronts: np.ndarray, lows: np.ndarray, highs: np.ndarray, score: int, n: int, m: int, free: int
) -> tuple[int, int]:
    """A diagonal on which read or backbone ends with at most ``free`` bases over, or none.

    The end of both is preferred, then the least overhang, then the lower diagonal.
    """
    best, least = MAX_SHIFT + 1, free + 1
    for k in range(lows[score], highs[score] + 1):
        i = int(fronts[_M, score, k + MAX_SHIFT])
        if i < 0:
            continue
        over_read, over_backbone = n - i, m - (i - k)
        if min(over_read, over_backbone) == 0 and max(over_read, over_backbone) < least:
            least = max(over_read, over_backbone)
            best = k
    return best, least


@kernel
def trace_back(
    fronts: np.ndarray,
    lows: np.ndarray,
    highs: np.ndarray,
    score: int,
    k: int,
    free: int,
    mapping: np.ndarray,
) -> int:
    """Write ``mapping`` from the end of an alignment to its start; returns the mismatches."""
    layer = _M
    n_mismatches = 0
    i = int(fronts[_M, score, k + MAX_SHIFT])
    while True:
        if layer == _M:
            mismatch = peek(fronts, _M, lows, highs, score - MISMATCH, k) + 1
            inserted = int(fronts[_I, score, k + MAX_SHIFT])
            deleted = int(fronts[_D, score, k + MAX_SHIFT])
            begin = start_position(score, k, free)
            best = max(mismatch, begin, inserted, deleted)
            while i > best:
                i -= 1
                mapping[i - k] = i
            if best == begin:
                return n_mismatches
            if best == mismatch:
                i -= 1
                mapping[i - k] = i
                n_mismatches += 1
                score -= MISMATCH
            elif best == deleted:
                layer = _D
            else:
                layer = _I
        elif layer == _I:
            opened = peek(fronts, _M, lows, highs, score - OPEN - EXTEND, k - 1) + 1
            if opened == i:
                layer = _M
                score -= OPEN
            score -= EXTEND
            k -= 1
            i -= 1
        else:
            opened = peek(fronts, _M, lows, highs, score - OPEN - EXTEND, k + 1)
            mapping[i - k - 1] = GAP
            if opened == i:
                layer = _M
                score -= OPEN
            score -= EXTEND
            k += 1


@kernel
def align_pair(
    read: np.ndarray,
    backbone: np.ndarray,
    free: int,
    max_score: int,
    fronts: np.ndarray,
    lows: np.ndarray,
    highs: np.ndarray,
    mapping: np.ndarray,
) -> int:
    """Align one read; fill ``mapping``; returns the score, or -1 if it exceeds ``max_score``."""
    n, m = len(read), len(backbone)
    free = min(free + abs(n - m), MAX_SHIFT - 60)
    mapping[:] = MISSING
    end_score, end_k = -1, 0
    for score in range(max_score + 1):
        advance_front(read, backbone, fronts, lows, highs, score, free)
        k, over = find_end(fronts, lows, highs, score, n, m, free)
        if k <= MAX_SHIFT and over == 0:
            trace_back(fronts, lows, highs, score, k, free, mapping)
            return score
        if k <= MAX_SHIFT and end_score < 0:
            end_score, end_k = score, k
        if end_score >= 0 and score >= end_score + OVERHANG:
            trace_back(fronts, lows, highs, end_score, end_k, free, mapping)
            return end_score + OVERHANG
    return -1


@kernel
def shift_gaps_left(read: np.ndarray, backbone: np.ndarray, mapping: np.ndarray) -> None:
    """Move every gap as far left as equal bases allow, so that equal indels look equal."""
    m = len(backbone)
    j = 1
    while j < m:
        if mapping[j] == GAP and mapping[j - 1] >= 0:
            stop = j
            while stop < m and mapping[stop] == GAP:
                stop += 1
            left, right = j, stop
            while (
                left > 1
                and mapping[left - 1] >= 0
                and mapping[left - 2] >= 0
                and mapping[left - 2] == mapping[left - 1] - 1
                and read[mapping[left - 1]] == backbone[left - 1]
                and backbone[left - 1] == backbone[right - 1]
            ):
                mapping[right - 1] = mapping[left - 1]
                mapping[left - 1] = GAP
                left -= 1
                right -= 1
            j = stop
        elif mapping[j] >= 0 and mapping[j - 1] >= 0 and mapping[j] > mapping[j - 1] + 1:
            left = j - 1
            last = mapping[j] - 1
            while (
                left > 0
                and mapping[left - 1] == mapping[left] - 1
                and read[mapping[left]] == backbone[left]
                and read[last] == backbone[left]
            ):
                mapping[left] = last
                last -= 1
                left -= 1
            j += 1
        else:
            j += 1


@kernel
def count_edits(read: np.ndarray, backbone: np.ndarray, mapping: np.ndarray) -> int:
    """Mismatches plus inserted plus deleted bases between the ends of an alignment."""
    edits = 0
    previous = -1
    for j in range(len(backbone)):
        i = mapping[j]
        if i == GAP:
            edits += 1
        elif i >= 0:
            if previous >= 0:
                edits += i - previous - 1
            edits += read[i] != backbone[j]
            previous = i
    return edits


@kernel
def align_reads(
    bases: np.ndarray,
    offsets: np.ndarray,
    members: np.ndarray,
    backbone: np.ndarray,
    free: int,
    max_scores: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Align the reads ``members`` to one backbone.

    Returns
    -------
    mappings : int16, shape (n members, backbone length).
    edits : int64, mismatches and inserted or deleted bases; -1 for reads that do not align
        within their ``max_scores``.
    """
    top = max(OVERHANG, int(max_scores.max())) + OVERHANG + 1 if len(members) else 1
    fronts = np.empty((3, top + 1, WIDTH), np.int16)
    lows = np.empty(top + 1, np.int64)
    highs = np.empty(top + 1, np.int64)
    mappings = np.empty((len(members), len(backbone)), np.int16)
    edits = np.empty(len(members), np.int64)
    for row in range(len(members)):
        read = bases[offsets[members[row]] : offsets[members[row] + 1]]
        score = align_pair(
            read, backbone, free, int(max_scores[row]), fronts, lows, highs, mappings[row]
        )
        edits[row] = -1
        if score >= 0:
            shift_gaps_left(read, backbone, mappings[row])
            edits[row] = count_edits(read, backbone, mappings[row])
    return mappings, edits
