"""Ends-free Needleman-Wunsch of many reads against one centre, and what it says of a pair.

A pair (centre, read) is told as codes, 16-bit numbers ``(centre base * 4 + read base) *
128 + quality``: first one for each substitution, then one for each base of the read that
has no partner (with the read's base twice). That is all that the error model asks of an
alignment, and it does not depend on the error rates.

Order of ties: a gap in the read ("up"), then a gap in the centre ("left"), then a pair of
bases, followed from the end of the alignment to its start.
"""

from __future__ import annotations

import numpy as np

from vagus.kernels.jit import kernel

MAX_LANES = 32
LANE_STEP = 8
WORD_BP = 5
QUALITY_SPAN = 128
MINUS_INFINITY = -30000
PAIR, UP, LEFT = 0, 1, 2

Lanes = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


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


@kernel
def choose_lanes(n: int) -> int:
    """Lanes for ``n`` reads: a multiple of LANE_STEP, MAX_LANES at most."""
    return min(MAX_LANES, (n + LANE_STEP - 1) // LANE_STEP * LANE_STEP)


@kernel
def make_lanes(centre: np.ndarray, shortest: int, longest: int, band: int, n_lanes: int) -> Lanes:
    """Room for ``n_lanes`` alignments side by side of reads of ``shortest`` to ``longest`` bp.

    Returns the centre backwards and repeated for each lane, the bases of the reads (p,
    lane), their lengths, the steps, and the scores of the last row and column.
    """
    size = centre.size
    reversed_centre = np.empty(size * n_lanes, np.int16)
    for p in range(size):
        reversed_centre[(size - 1 - p) * n_lanes : (size - p) * n_lanes] = centre[p]
    reads = np.zeros(longest * n_lanes, np.int16)
    lengths = np.zeros(n_lanes, np.int64)
    width = (2 * band + max(size, longest) - min(size, shortest)) // 2 + 2
    steps = np.empty((size + longest + 1, width * n_lanes), np.int8)
    last_row = np.empty((longest + 1, n_lanes), np.int16)
    last_column = np.empty((size + 1, n_lanes), np.int16)
    return reversed_centre, reads, lengths, steps, last_row, last_column


@kernel
def load_lanes(lanes: Lanes, bases: np.ndarray, offsets: np.ndarray, members: np.ndarray) -> None:
    """Put the bases of the members side by side; the last one fills the empty lanes."""
    reads, lengths = lanes[1], lanes[2]
    n_lanes = lengths.size
    for lane in range(n_lanes):
        member = members[min(lane, members.size - 1)]
        first, stop = offsets[member], offsets[member + 1]
        lengths[lane] = stop - first
        for p in range(stop - first):
            reads[p * n_lanes + lane] = bases[first + p]


@kernel
def fill_step(
    scores: np.ndarray,
    up: np.ndarray,
    left: np.ndarray,
    centre: np.ndarray,
    read: np.ndarray,
    steps: np.ndarray,
    match: int,
    mismatch: int,
    gap: int,
) -> None:
    """Cells of one anti-diagonal, all lanes: ``scores`` holds the diagonal's, then their own."""
    for x in range(scores.size):
        pair = np.int16(scores[x] + (match if centre[x] == read[x] else mismatch))
        gap_up = np.int16(up[x] + gap)
        gap_left = np.int16(left[x] + gap)
        gapped = max(gap_up, gap_left)
        step = np.int8(UP) if gap_up >= gap_left else np.int8(LEFT)
        scores[x] = max(pair, gapped)
        steps[x] = step if gapped >= pair else np.int8(PAIR)


@kernel
def mask_bands(
    scores: np.ndarray, own_low: np.ndarray, own_high: np.ndarray, base: int, high: int
) -> None:
    """Close the cells that lie outside of the band of a lane whose read is shorter or longer."""
    n_lanes = own_low.size
    for k in range((own_low.max() - base + 1) // 2):
        for lane in range(n_lanes):
            if base + 2 * k < own_low[lane]:
                scores[(k + 1) * n_lanes + lane] = MINUS_INFINITY
    for k in range((own_high.min() - base) // 2 + 1, (high - base) // 2 + 1):
        for lane in range(n_lanes):
            if base + 2 * k > own_high[lane]:
                scores[(k + 1) * n_lanes + lane] = MINUS_INFINITY


@kernel
def keep_borders(
    scores: np.ndarray,
    lengths: np.ndarray,
    t: int,
    size: int,
    base: int,
    high: int,
    last_row: np.ndarray,
    last_column: np.ndarray,
) -> None:
    """Copy the scores of this anti-diagonal that lie in the last row or the last column."""
    n_lanes = lengths.size
    d = t - 2 * size
    if base <= d <= high and t >= size:
        at = ((d - base) // 2 + 1) * n_lanes
        last_row[t - size] = scores[at : at + n_lanes]
    for lane in range(n_lanes):
        d = 2 * lengths[lane] - t
        i = t - lengths[lane]
        if base <= d <= high and 0 <= i <= size:
            last_column[i, lane] = scores[((d - base) // 2 + 1) * n_lanes + lane]


@kernel
def fill_lanes(lanes: Lanes, band: int, rewards: np.ndarray) -> int:
    """Score all lanes; ``steps[t, k * n_lanes + lane]`` tells how the best path enters a cell.

    Anti-diagonal ``t`` = i + j, and j - i = low + parity + 2 k, with i bases of the centre
    and j of the read consumed. Every gap costs the same here; the free gaps at the ends
    are added from the last row (j, lane) and the last column (i, lane). Returns ``low``.
    """
    reversed_centre, reads, lengths, steps, last_row, last_column = lanes
    n_lanes = lengths.size
    size = reversed_centre.size // n_lanes
    shortest, longest = lengths.min(), lengths.max()
    own_low = -(band + np.maximum(0, size - lengths))
    own_high = band + np.maximum(0, lengths - size)
    low, high = own_low.min(), own_high.max()
    older = np.full(((high - low) // 2 + 3) * n_lanes, MINUS_INFINITY, np.int16)
    newer = older.copy()
    last_row[:] = MINUS_INFINITY
    last_column[:] = MINUS_INFINITY
    for t in range(size + longest + 1):
        parity = (t - low) & 1
        base = low + parity
        bottom = max(base, 2 - t, t - 2 * size)
        bottom += (bottom - base) & 1
        top = min(high, t - 2, 2 * longest - t)
        if top >= bottom:
            k = (bottom - base) // 2
            n = ((top - bottom) // 2 + 1) * n_lanes
            centre_at = (size - (t - bottom) // 2) * n_lanes
            read_at = ((t + bottom) // 2 - 1) * n_lanes
            left = (k + parity) * n_lanes
            fill_step(
                older[(k + 1) * n_lanes : (k + 1) * n_lanes + n],
                newer[left + n_lanes : left + n_lanes + n],
                newer[left : left + n],
                reversed_centre[centre_at : centre_at + n],
                reads[read_at : read_at + n],
                steps[t, k * n_lanes : k * n_lanes + n],
                rewards[0],
                rewards[1],
                rewards[2],
            )
        for d in (-t, t):
            if base <= d <= high and (d == -t or t <= longest) and (d == t or t <= size):
                at = ((d - base) // 2 + 1) * n_lanes
                older[at : at + n_lanes] = 0
        if shortest != longest:
            mask_bands(older, own_low, own_high, base, high)
        if t >= min(2 * size + low, 2 * shortest - high):
            keep_borders(older, lengths, t, size, base, high, last_row, last_column)
        older, newer = newer, older
    return int(low)


@kernel
def settle_borders(lanes: Lanes, lane: int, low: int) -> None:
    """Let gaps at the ends be free: running maxima along the last row and column, and steps."""
    lengths, steps, last_row, last_column = lanes[2], lanes[3], lanes[4], lanes[5]
    n_lanes = lengths.size
    size, length = last_column.shape[0] - 1, lengths[lane]
    for j in range(1, length):
        before = last_row[j - 1, lane]
        if before > MINUS_INFINITY and before >= last_row[j, lane]:
            cell = (j - size - low) // 2 * n_lanes + lane
            if before > last_row[j, lane] or steps[size + j, cell] != UP:
                steps[size + j, cell] = LEFT
            last_row[j, lane] = before
    for i in range(1, size):
        before = last_column[i - 1, lane]
        if before > MINUS_INFINITY and before >= last_column[i, lane]:
            steps[i + length, (length - i - low) // 2 * n_lanes + lane] = UP
            last_column[i, lane] = before
    cell = (length - size - low) // 2 * n_lanes + lane
    up, left = last_column[size - 1, lane], last_row[length - 1, lane]
    if up >= max(left, last_row[length, lane]):
        steps[size + length, cell] = UP
    elif left >= last_row[length, lane]:
        steps[size + length, cell] = LEFT


@kernel
def trace_lane(
    centre: np.ndarray,
    read: np.ndarray,
    quality: np.ndarray,
    lanes: Lanes,
    lane: int,
    low: int,
    substituted: np.ndarray,
    unpaired: np.ndarray,
) -> tuple[int, int]:
    """Follow the steps from the end; returns the numbers of substitutions and unpaired bases."""
    steps = lanes[3]
    n_lanes = lanes[2].size
    i, j = centre.size, read.size
    n_substituted = 0
    n_unpaired = 0
    while i > 0 and j > 0:
        step = steps[i + j, (j - i - low) // 2 * n_lanes + lane]
        if step == UP:
            i -= 1
            continue
        j -= 1
        if step == LEFT:
            unpaired[n_unpaired] = np.int64(read[j]) * 5 * QUALITY_SPAN + quality[j]
            n_unpaired += 1
            continue
        i -= 1
        if centre[i] != read[j]:
            code = (np.int64(centre[i]) * 4 + read[j]) * QUALITY_SPAN + quality[j]
            substituted[n_substituted] = code
            n_substituted += 1
    while j > 0:
        j -= 1
        unpaired[n_unpaired] = np.int64(read[j]) * 5 * QUALITY_SPAN + quality[j]
        n_unpaired += 1
    return n_substituted, n_unpaired


@kernel
def measure_lengths(offsets: np.ndarray, members: np.ndarray) -> tuple[int, int]:
    """Shortest and longest of some sequences, in bp."""
    shortest = offsets[members[0] + 1] - offsets[members[0]]
    longest = shortest
    for member in members:
        length = offsets[member + 1] - offsets[member]
        shortest, longest = min(shortest, length), max(longest, length)
    return shortest, longest


@kernel
def align_pairs(
    centre: np.ndarray,
    bases: np.ndarray,
    qualities: np.ndarray,
    offsets: np.ndarray,
    members: np.ndarray,
    band: int,
    rewards: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Codes of the members from their banded alignments to ``centre``.

    Parameters: ``centre`` uint8 (bp,); ``bases``, ``qualities`` uint8 flat; ``offsets``
    int64; ``members`` int32 (n,), n > 0, best sorted by length; ``band`` in bp;
    ``rewards`` int16 (match, mismatch, gap). Returns ``starts`` (n + 1,),
    ``n_substitutions`` (n,) and ``codes`` as described above.
    """
    n = members.size
    starts = np.zeros(n + 1, np.int64)
    n_substitutions = np.zeros(n, np.int32)
    codes = np.empty(max(64 * n, 1024), np.uint16)
    shortest, longest = measure_lengths(offsets, members)
    substituted = np.empty(longest, np.uint16)
    unpaired = np.empty(longest, np.uint16)
    lanes = make_lanes(centre, shortest, longest, band, choose_lanes(n))
    used = 0
    for first in range(0, n, MAX_LANES):
        chunk = members[first : first + MAX_LANES]
        if choose_lanes(chunk.size) != lanes[2].size:
            lanes = make_lanes(centre, shortest, longest, band, choose_lanes(chunk.size))
        load_lanes(lanes, bases, offsets, chunk)
        low = fill_lanes(lanes, band, rewards)
        for lane in range(chunk.size):
            start, stop = offsets[chunk[lane]], offsets[chunk[lane] + 1]
            settle_borders(lanes, lane, low)
            n_substituted, n_unpaired = trace_lane(
                centre, bases[start:stop], qualities[start:stop], lanes, lane, low,
                substituted, unpaired,
            )  # fmt: skip
            codes = grow_codes(codes, used, n_substituted + n_unpaired)
            codes[used : used + n_substituted] = substituted[:n_substituted]
            used += n_substituted
            codes[used : used + n_unpaired] = unpaired[:n_unpaired]
            used += n_unpaired
            n_substitutions[first + lane] = n_substituted
            starts[first + lane + 1] = used
    return starts, n_substitutions, codes[:used].copy()
