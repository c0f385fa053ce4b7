"""The gaps between a centre and its reads: what each one is, by the run of bases that it is in.

Classes of a gap of one base, for runs of 1 to 8 (and more) equal bases of the centre:
``DELETED + run - 1``: a base of the run is missing in the read; ``REPEATED + run - 1``: the
read has one more of the run's base; ``INSERTED``: a base that repeats no neighbour. Gaps at
the ends of either sequence are none.
"""

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

MAX_RUN = 8
DELETED, REPEATED, INSERTED = 0, MAX_RUN, 2 * MAX_RUN
N_CLASSES = 2 * MAX_RUN + 1


@kernel
def measure_runs(sequence: np.ndarray) -> np.ndarray:
    """Length of the run of equal bases in which each base is, MAX_RUN at most; uint8."""
    runs = np.empty(sequence.size, np.uint8)
    start = 0
    for p in range(1, sequence.size + 1):
        if p == sequence.size or sequence[p] != sequence[start]:
            runs[start:p] = min(p - start, MAX_RUN)
            start = p
    return runs


@kernel
def count_runs(sequence: np.ndarray) -> np.ndarray:
    """Places where a gap of each class can be: runs of each length (twice), and bases."""
    places = np.zeros(N_CLASSES, np.int64)
    runs = measure_runs(sequence)
    for p in range(sequence.size):
        if p == 0 or sequence[p] != sequence[p - 1]:
            places[DELETED + runs[p] - 1] += 1
            places[REPEATED + runs[p] - 1] += 1
    places[INSERTED] = sequence.size
    return places


@kernel
def trace_gaps(
    centre: np.ndarray, runs: np.ndarray, read: np.ndarray, lanes: Lanes, lane: int, low: int
) -> np.ndarray:
    """Number of gaps of each class on the best path, int32 (N_CLASSES,)."""
    gaps = np.zeros(N_CLASSES, np.int32)
    steps = lanes[3]
    n_lanes = lanes[2].size
    i, j = centre.size, read.size
    while i > 0 and j > 0:
        step = steps[i + j, (j - i - low) // 2 * n_lanes + lane]
        if step == UP:
            i -= 1
            if j < read.size:
                gaps[DELETED + runs[i] - 1] += 1
            continue
        j -= 1
        if step == LEFT:
            if i == centre.size:
                continue
            if read[j] == centre[i]:
                gaps[REPEATED + runs[i] - 1] += 1
            elif read[j] == centre[i - 1]:
                gaps[REPEATED + runs[i - 1] - 1] += 1
            else:
                gaps[INSERTED] += 1
            continue
        i -= 1
    return gaps


@kernel
def count_gaps(
    centre: np.ndarray,
    bases: np.ndarray,
    offsets: np.ndarray,
    members: np.ndarray,
    band: int,
    rewards: np.ndarray,
) -> np.ndarray:
    """Gaps of each class between ``centre`` and the members, int32 (n, N_CLASSES).

    Parameters as those of ``alignment.align_pairs``, whose alignments these are.
    """
    n = members.size
    found = np.zeros((n, N_CLASSES), np.int32)
    runs = measure_runs(centre)
    shortest, longest = measure_lengths(offsets, members)
    lanes = make_lanes(centre, shortest, longest, band, choose_lanes(n))
    for first in range(0, n, MAX_LANES):
        chunk = members[first : first + MAX_LANES]
        if choose_lanes(chunk.size) != lanes[2].size:
            lanes = make_lanes(centre, shortest, longest, band, choose_lanes(chunk.size))
        load_lanes(lanes, bases, offsets, chunk)
        low = fill_lanes(lanes, band, rewards)
        for lane in range(chunk.size):
            settle_borders(lanes, lane, low)
            read = bases[offsets[chunk[lane]] : offsets[chunk[lane] + 1]]
            found[first + lane] = trace_gaps(centre, runs, read, lanes, lane, low)
    return found
