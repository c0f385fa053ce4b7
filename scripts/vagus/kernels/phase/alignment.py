"""Alignment of reads to a near backbone by wavefronts, with traceback and gaps to the left.

Gap-affine wavefronts (Marco-Sola et al. 2021, Bioinformatics 37:456, equations 3 and 4, with
the lag rule of section 2.3) cost time with the number of differences, not with length times
band: the band is as wide as the differences found so far ask for. A mismatch costs 2, a gap of
n bases 2 + n. An end of the read or of the backbone may hang over by ``free`` bases for
2. The result is one number a backbone base: the read position aligned to it, ``GAP`` where
the read misses it, ``MISSING`` beyond the read's ends; inserted bases are the positions skipped.
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
_NONE = -20000
_M, _I, _D = 0, 1, 2
_PAD = 4
"""Diagonals beside a front, and fronts before the first, that later fronts may look at."""
_CENTRE = MAX_SHIFT + 2 * _PAD
WIDTH = 2 * _CENTRE + 1


@kernel
def make_fronts(max_score: int) -> np.ndarray:
    """Room for the fronts of scores 0 to ``max_score``: int16 (layer, score + 4, diagonal)."""
    fronts = np.empty((3, max_score + 1 + _PAD, WIDTH), np.int16)
    fronts[:, :_PAD] = _NONE
    return fronts


@kernel
def peek(
    fronts: np.ndarray, layer: int, lows: np.ndarray, highs: np.ndarray, score: int, k: int
) -> int:
    """Furthest read position on diagonal k at a score; very negative where there is none."""
    if score < 0 or k < lows[score] or k > highs[score]:
        return _NONE
    return int(fronts[layer, score + _PAD, k + _CENTRE])


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
def step_front(fronts: np.ndarray, score: int, low: int, high: int, n: int, m: int) -> None:
    """Gaps and mismatches of one front, without the matches that follow; no branches."""
    first, stop = low + _CENTRE, high + _CENTRE + 1
    row = score + _PAD
    opened_left = fronts[_M, row - OPEN - EXTEND, first - 1 : stop - 1]
    opened_right = fronts[_M, row - OPEN - EXTEND, first + 1 : stop + 1]
    inserted_left = fronts[_I, row - EXTEND, first - 1 : stop - 1]
    deleted_right = fronts[_D, row - EXTEND, first + 1 : stop + 1]
    mismatched = fronts[_M, row - MISMATCH, first:stop]
    matched = fronts[_M, row, first:stop]
    inserted = fronts[_I, row, first:stop]
    deleted = fronts[_D, row, first:stop]
    none = np.int16(_NONE)
    for x in range(stop - first):
        end = np.int16(min(n, m + low + x))
        insertion = np.int16(max(opened_left[x], inserted_left[x]) + 1)
        deletion = max(opened_right[x], deleted_right[x])
        insertion = none if insertion > end else insertion
        deletion = none if deletion > end else deletion
        best = max(max(insertion, deletion), np.int16(mismatched[x] + 1))
        inserted[x] = insertion
        deleted[x] = deletion
        matched[x] = none if best > end else best


@kernel
def extend_front(
    read: np.ndarray, backbone: np.ndarray, front: np.ndarray, low: int
) -> tuple[int, bool]:
    """Follow the matches of a front whose first diagonal is ``low``.

    Returns the furthest antidiagonal, and whether an end of read or backbone was reached.
    """
    n, m = len(read), len(backbone)
    furthest = -1
    has_ended = False
    for x in range(len(front)):
        i = int(front[x])
        if i < 0:
            continue
        j = i - low - x
        while i < n and j < m and read[i] == backbone[j]:
            i += 1
            j += 1
        front[x] = i
        furthest = max(furthest, i + j)
        has_ended = has_ended or i == n or j == m
    return furthest, has_ended


@kernel
def clear_beside(
    fronts: np.ndarray, lows: np.ndarray, highs: np.ndarray, score: int, free: int
) -> None:
    """Blank the diagonals beside a front as far as the next three fronts may look."""
    low, high = lows[score], highs[score]
    first, last = min(low, 0), max(high, 0)
    for before in range(max(0, score - 2), score + 1):
        if lows[before] <= highs[before]:
            first, last = min(first, lows[before]), max(last, highs[before])
    if score <= OVERHANG:
        first, last = min(first, -free), max(last, free)
    first, last = first - _PAD + _CENTRE, last + _PAD + 1 + _CENTRE
    row = score + _PAD
    if low > high:
        fronts[:, row, first:last] = _NONE
        return
    fronts[:, row, first : low + _CENTRE] = _NONE
    fronts[:, row, high + 1 + _CENTRE : last] = _NONE


@kernel
def advance_front(
    read: np.ndarray,
    backbone: np.ndarray,
    fronts: np.ndarray,
    lows: np.ndarray,
    highs: np.ndarray,
    score: int,
    free: int,
) -> bool:
    """Compute the front of one score; returns whether read or backbone ended on a diagonal.

    First gaps and mismatches, then matches as far as they go; diagonals that lag are given up.
    """
    low, high = bound_front(lows, highs, score, free)
    has_ended = False
    if low <= high:
        step_front(fronts, score, low, high, len(read), len(backbone))
        front = fronts[_M, score + _PAD, low + _CENTRE : high + _CENTRE + 1]
        if score <= OVERHANG:
            for x in range(len(front)):
                start = start_position(score, low + x, free)
                if start <= len(read) and start - low - x <= len(backbone):
                    front[x] = max(int(front[x]), start)
        furthest, has_ended = extend_front(read, backbone, front, low)
        first, last = 0, len(front) - 1
        while first < last and 2 * int(front[first]) - low - first < furthest - MAX_LAG:
            first += 1
        while last > first and 2 * int(front[last]) - low - last < furthest - MAX_LAG:
            last -= 1
        low, high = low + first, low + last
    lows[score], highs[score] = low, high
    clear_beside(fronts, lows, highs, score, free)
    return has_ended


@kernel
def find_end(
    fronts: np.ndarray, lows: np.ndarray, highs: np.ndarray, score: int, n: int, m: int, free: int
) -> tuple[int, int]:
    """A diagonal on which read or backbone ends with at most ``free`` bases over, or none.

    The end of both is preferred, then the least overhang, then the lower diagonal.
    """
    best, least = MAX_SHIFT + 1, free + 1
    for k in range(lows[score], highs[score] + 1):
        i = int(fronts[_M, score + _PAD, k + _CENTRE])
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
    i = int(fronts[_M, score + _PAD, k + _CENTRE])
    while True:
        if layer == _M:
            mismatch = peek(fronts, _M, lows, highs, score - MISMATCH, k) + 1
            inserted = int(fronts[_I, score + _PAD, k + _CENTRE])
            deleted = int(fronts[_D, score + _PAD, k + _CENTRE])
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
        has_ended = advance_front(read, backbone, fronts, lows, highs, score, free)
        k, over = MAX_SHIFT + 1, 0
        if has_ended:
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
    fronts = make_fronts(top)
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
