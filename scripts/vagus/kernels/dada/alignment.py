"""Ends-free Needleman-Wunsch of many reads against one centre, and what it says of a pair.

A pair (centre, read) is given as codes, 16-bit numbers ``(centre base * 4 + read base) *
128 + quality``: first one for each substitution, then one for each base of the read that
has no partner (with the read's base twice). That is all that the error model asks of an
alignment, and it does not depend on the error rates.

Order of ties: a gap in the read ("up"), then a gap in the centre ("left"), then a pair of
bases, followed from the end of the alignment to its start.
"""

from __future__ import annotations

import numpy as np

from vagus.kernels.dada.gapless import QUALITY_SPAN, grow_codes
from vagus.kernels.jit import kernel

MAX_LANES = 32
LANE_STEP = 8
MINUS_INFINITY = -30000
PAIR, UP, LEFT = 0, 1, 2

Lanes = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


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
    newer: np.ndarray,
    is_open: np.ndarray,
    centre: np.ndarray,
    read: np.ndarray,
    steps: np.ndarray,
    starts: tuple,
    n: int,
    rewards: tuple,
) -> None:
    """Cells of one anti-diagonal, all lanes: ``scores`` contains the diagonal's, then their own.

    ``starts`` are the first indices, unsigned (else the loop would not be vectorised), in
    ``scores`` and ``is_open``, for "up" and for "left" in ``newer``, in ``centre``, ``read``
    and ``steps``; ``n`` is the number of cells.
    """
    own, up, left, centre_at, read_at, steps_at = starts
    match, mismatch, gap = rewards
    for signed in range(n):
        x = np.uint64(signed)
        reward = match if centre[centre_at + x] == read[read_at + x] else mismatch
        pair = np.int16(scores[own + x] + reward)
        gap_up = np.int16(newer[up + x] + gap)
        gap_left = np.int16(newer[left + x] + gap)
        gapped = max(gap_up, gap_left)
        step = np.int8(UP) if gap_up >= gap_left else np.int8(LEFT)
        best = np.int16(max(pair, gapped))
        scores[own + x] = best if is_open[own + x] else np.int16(MINUS_INFINITY)
        steps[steps_at + x] = step if gapped >= pair else np.int8(PAIR)


@kernel
def open_bands(lengths: np.ndarray, size: int, band: int, low: int, high: int) -> np.ndarray:
    """Cells that are in the band of their lane, int16 (parity, (k + 1) * n_lanes + lane)."""
    n_lanes = lengths.size
    is_open = np.zeros((2, ((high - low) // 2 + 3) * n_lanes), np.int16)
    for lane in range(n_lanes):
        own_low = -(band + max(0, size - lengths[lane]))
        own_high = band + max(0, lengths[lane] - size)
        for parity in range(2):
            for k in range((high - low - parity) // 2 + 1):
                d = low + parity + 2 * k
                if own_low <= d <= own_high:
                    is_open[parity, (k + 1) * n_lanes + lane] = 1
    return is_open


@kernel
def open_corner(
    scores: np.ndarray,
    is_open: np.ndarray,
    t: int,
    size: int,
    longest: int,
    base: int,
    high: int,
    n_lanes: int,
) -> None:
    """Let the alignment start with 0 in row 0 or column 0 of this anti-diagonal."""
    for d in (-t, t):
        if base <= d <= high and (d == -t or t <= longest) and (d == t or t <= size):
            at = ((d - base) // 2 + 1) * n_lanes
            for x in range(at, at + n_lanes):
                scores[x] = 0 if is_open[x] else MINUS_INFINITY


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
    """Copy the scores of this anti-diagonal that are in the last row or the last column."""
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
    """Score all lanes; ``steps[t, k * n_lanes + lane]`` gives how the best path enters a cell.

    Anti-diagonal ``t`` = i + j, and j - i = low + parity + 2 k, with i bases of the centre
    and j of the read consumed. Every gap costs the same here; the free gaps at the ends
    are added from the last row (j, lane) and the last column (i, lane). Returns ``low``.
    """
    reversed_centre, reads, lengths, steps, last_row, last_column = lanes
    n_lanes = lengths.size
    size = reversed_centre.size // n_lanes
    shortest, longest = lengths.min(), lengths.max()
    low = -(band + max(0, size - shortest))
    high = band + max(0, longest - size)
    is_open = open_bands(lengths, size, band, low, high)
    older = np.full(is_open.shape[1], MINUS_INFINITY, np.int16)
    newer = older.copy()
    flat_steps = steps.ravel()
    scores = (rewards[0], rewards[1], rewards[2])
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
            starts = (
                np.uint64((k + 1) * n_lanes),
                np.uint64((k + parity + 1) * n_lanes),
                np.uint64((k + parity) * n_lanes),
                np.uint64((size - (t - bottom) // 2) * n_lanes),
                np.uint64(((t + bottom) // 2 - 1) * n_lanes),
                np.uint64(t * steps.shape[1] + k * n_lanes),
            )
            n = ((top - bottom) // 2 + 1) * n_lanes
            fill_step(
                older, newer, is_open[parity], reversed_centre, reads, flat_steps, starts, n, scores
            )
        if t <= max(-low, high):
            open_corner(older, is_open[parity], t, size, longest, base, high, n_lanes)
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
    high = low + 2 * (steps.shape[1] // n_lanes)
    for j in range(max(1, size + low), length):
        before = last_row[j - 1, lane]
        if before > MINUS_INFINITY and before >= last_row[j, lane]:
            cell = (j - size - low) // 2 * n_lanes + lane
            if before > last_row[j, lane] or steps[size + j, cell] != UP:
                steps[size + j, cell] = LEFT
            last_row[j, lane] = before
    for i in range(max(1, length - high), size):
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
