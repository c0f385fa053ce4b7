"""The pileup of reads over a backbone: columns, states, qualities, and what they add up to.

A backbone of m bases has 2 m columns: column 2 j is the slot before base j, column 2 j + 1 the
base itself. A read's state in a column is a base (0 to 3), ``NONE`` (base deleted, or nothing
inserted) or ``ABSENT`` (the read does not reach there). Two quality bins go with each state:
that of the base itself (low four bits) and the worst of the run of equal bases it belongs to
with its two neighbours (high four bits): after gaps are moved left, the base that carries the
uncertainty of an indel may be anywhere in its run.
"""

from __future__ import annotations

import numpy as np

from vagus.kernels.jit import kernel

NONE = 4
ABSENT = 5
N_STATES = 5
N_BINS = 16
MAX_RUN = 8
UNLIKELY = -1e30
BLOCK_READS = 64
"""Reads that are laid out together: a cache line of each column is written at once."""


@kernel
def find_runs(backbone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Start and stop of the run of equal bases that each base belongs to."""
    m = len(backbone)
    starts = np.zeros(m, np.int64)
    stops = np.full(m, m, np.int64)
    for j in range(1, m):
        starts[j] = starts[j - 1] if backbone[j] == backbone[j - 1] else j
    for j in range(m - 2, -1, -1):
        stops[j] = stops[j + 1] if backbone[j] == backbone[j + 1] else j + 1
    return starts, stops


@kernel
def describe_columns(backbone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Run length (0 for 1 base to 7 for 8 and more) and next base of each column.

    Only the first column of a run and the slot before it stand for the run: gaps are moved left.
    """
    starts, stops = find_runs(backbone)
    m = len(backbone)
    runs = np.zeros(2 * m, np.uint8)
    for j in range(m):
        if starts[j] == j:
            length = min(MAX_RUN, stops[j] - j) - 1
            runs[2 * j] = length
            runs[2 * j + 1] = length
    return runs, np.repeat(backbone, 2)


@kernel
def find_worst(quality: np.ndarray, mapping: np.ndarray, start: int, stop: int) -> int:
    """Least quality of the read bases aligned to a run, inserted there, or beside it."""
    first = start - 1
    while first >= 0 and mapping[first] == -1:
        first -= 1
    last = stop
    while last < len(mapping) and mapping[last] == -1:
        last += 1
    low = mapping[first] if first >= 0 else -2
    high = mapping[last] if last < len(mapping) else -2
    for j in range(start, stop):
        if mapping[j] >= 0:
            low = mapping[j] if low < 0 else low
            high = mapping[j] if last >= len(mapping) or mapping[last] < 0 else high
    worst = 255
    if low >= 0 and high >= 0:
        for i in range(low, high + 1):
            worst = min(worst, int(np.int64(quality[i])))
    return worst


@kernel
def fill_read(
    read: np.ndarray,
    quality: np.ndarray,
    mapping: np.ndarray,
    starts: np.ndarray,
    stops: np.ndarray,
    bins: np.ndarray,
    states: np.ndarray,
    qualities: np.ndarray,
) -> None:
    """States and packed qualities of one read in all columns."""
    m = len(mapping)
    first, last = 0, m - 1
    while first < m and mapping[first] < 0:
        first += 1
    while last >= 0 and mapping[last] < 0:
        last -= 1
    worst = 0
    previous = mapping[first] - 1 if first < m else 0
    for j in range(m):
        if j < first or j > last:
            states[2 * j] = ABSENT
            states[2 * j + 1] = ABSENT
            qualities[2 * j] = 0
            qualities[2 * j + 1] = 0
            continue
        if j == first or starts[j] == j:
            worst = int(np.int64(bins[find_worst(quality, mapping, starts[j], stops[j])]) << 4)
        i = np.int64(mapping[j])
        states[2 * j] = NONE if j > first else ABSENT
        qualities[2 * j] = worst | (worst >> 4)
        if i > previous + 1:
            states[2 * j] = read[previous + 1]
            qualities[2 * j] = worst | np.int64(bins[quality[previous + 1]])
        if i >= 0:
            states[2 * j + 1] = read[i]
            qualities[2 * j + 1] = worst | np.int64(bins[quality[i]])
            previous = i
        else:
            states[2 * j + 1] = NONE
            qualities[2 * j + 1] = worst | (worst >> 4)


@kernel
def fill_pileup(
    bases: np.ndarray,
    qualities: np.ndarray,
    offsets: np.ndarray,
    members: np.ndarray,
    mappings: np.ndarray,
    backbone: np.ndarray,
    bins: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """States and qualities, uint8 (2 m, n members), of reads aligned to a backbone."""
    m = len(backbone)
    starts, stops = find_runs(backbone)
    states = np.empty((2 * m, len(members)), np.uint8)
    packed = np.empty((2 * m, len(members)), np.uint8)
    some_states = np.empty((BLOCK_READS, 2 * m), np.uint8)
    some_packed = np.empty((BLOCK_READS, 2 * m), np.uint8)
    for first in range(0, len(members), BLOCK_READS):
        n = min(BLOCK_READS, len(members) - first)
        for row in range(n):
            member = members[first + row]
            start, stop = offsets[member], offsets[member + 1]
            fill_read(
                bases[start:stop], qualities[start:stop], mappings[first + row],
                starts, stops, bins, some_states[row], some_packed[row],
            )  # fmt: skip
        for c in range(2 * m):
            for row in range(n):
                states[c, first + row] = some_states[row, c]
                packed[c, first + row] = some_packed[row, c]
    return states, packed


@kernel
def weigh_cell(
    state: int,
    own: int,
    worst: int,
    strand: int,
    true: int,
    run: int,
    next_base: int,
    tables: np.ndarray,
) -> float:
    """Log-probability of an observed state given the true one.

    ``tables`` is float64, shape (2 strands, 7, 8, 16): [strand, 0..3, observed or 4.., bin]:
    planes 0 to 3 contain substitutions (true base, observed base, own bin), plane 4 deletions
    (run, worst bin), plane 5 insertions of the run's own base, plane 6 of any other base.
    """
    if true < NONE:
        if state < NONE:
            return float(tables[strand, true, state, own])
        return float(tables[strand, 4, run, worst])
    if state == NONE:
        return 0.0
    if state == next_base:
        return float(tables[strand, 5, run, worst])
    return float(tables[strand, 6, run, worst])


@kernel
def weigh_hot_cell(
    state: int,
    own: int,
    worst: int,
    strand: int,
    true: int,
    run: int,
    next_base: int,
    tables: np.ndarray,
    excess: np.ndarray,
) -> float:
    """As ``weigh_cell``, in a sequence context in which errors are systematic.

    ``excess`` is float64, shape (2 strands, 4, 5): what the context adds to the probability of
    each observed state given the true base; of the true base itself, what it takes away.
    """
    value = weigh_cell(state, own, worst, strand, true, run, next_base, tables)
    if true < NONE and excess[strand, true, state] != 0.0:
        value = float(np.log(max(1e-12, np.exp(value) + excess[strand, true, state])))
    return value


@kernel
def sum_column(
    states: np.ndarray,
    qualities: np.ndarray,
    rows: np.ndarray,
    strands: np.ndarray,
    weights: np.ndarray,
    by_own: np.ndarray,
    by_worst: np.ndarray,
) -> None:
    """Histograms of one column: [state][bin][strand], by own and by worst quality."""
    by_own[:] = 0.0
    by_worst[:] = 0.0
    for r in rows:
        state = states[r]
        if state == ABSENT:
            continue
        strand = strands[r]
        by_own[state, qualities[r] & 15, strand] += weights[r]
        by_worst[state, qualities[r] >> 4, strand] += weights[r]


@kernel
def weigh_column(
    states: np.ndarray,
    qualities: np.ndarray,
    rows: np.ndarray,
    strands: np.ndarray,
    weights: np.ndarray,
    run: int,
    next_base: int,
    tables: np.ndarray,
    sums: np.ndarray,
    counts: np.ndarray,
) -> None:
    """Log-likelihood of a column under each of the five true states, and counts of states.

    One pass with sums in registers: most columns have one state in nearly all reads.
    """
    as_a = as_c = as_g = as_t = inserted = deleted = 0.0
    usual_count = 0.0
    usual = NONE
    counts[:] = 0.0
    for r in rows:
        state = states[r]
        if state == ABSENT:
            continue
        weight, strand, quality = weights[r], strands[r], qualities[r]
        if state == NONE:
            deleted += weight * tables[strand, 4, run, quality >> 4]
        else:
            own = quality & 15
            as_a += weight * tables[strand, 0, state, own]
            as_c += weight * tables[strand, 1, state, own]
            as_g += weight * tables[strand, 2, state, own]
            as_t += weight * tables[strand, 3, state, own]
            plane = 5 if state == next_base else 6
            inserted += weight * tables[strand, plane, run, quality >> 4]
        if state == usual:
            usual_count += weight
        else:
            counts[usual] += usual_count
            usual, usual_count = state, weight
    counts[usual] += usual_count
    sums[0], sums[1], sums[2], sums[3] = as_a, as_c, as_g, as_t
    sums[:NONE] += deleted
    sums[NONE] = inserted


@kernel
def add_excess(
    states: np.ndarray,
    qualities: np.ndarray,
    rows: np.ndarray,
    strands: np.ndarray,
    weights: np.ndarray,
    run: int,
    next_base: int,
    tables: np.ndarray,
    excess: np.ndarray,
    sums: np.ndarray,
) -> None:
    """Correct the log-likelihoods of a column whose sequence context errs systematically."""
    for r in rows:
        state = states[r]
        if state == ABSENT:
            continue
        own, worst = qualities[r] & 15, qualities[r] >> 4
        for true in range(NONE):
            plain = weigh_cell(state, own, worst, strands[r], true, run, next_base, tables)
            hot = weigh_hot_cell(
                state, own, worst, strands[r], true, run, next_base, tables, excess
            )
            sums[true] += weights[r] * (hot - plain)


@kernel
def call_consensus(
    states: np.ndarray,
    qualities: np.ndarray,
    rows: np.ndarray,
    strands: np.ndarray,
    weights: np.ndarray,
    runs: np.ndarray,
    next_bases: np.ndarray,
    errors: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Most likely state of each column for the reads ``rows``.

    Parameters
    ----------
    errors : the tables of ``weigh_cell``; int32, for each column the number of its context
        (0: none); float64, for each context the excess of ``weigh_hot_cell``.

    Returns
    -------
    calls : uint8; the state (ties: the lower), ``ABSENT`` where fewer than half of the reads,
        by weight, reach.
    margins : float64; log-likelihood of the call minus that of the next best state.
    counts : float64, shape (columns, 5); weights of the observed states.
    """
    n_columns = len(states)
    calls = np.empty(n_columns, np.uint8)
    margins = np.zeros(n_columns)
    counts = np.zeros((n_columns, N_STATES))
    sums = np.empty(N_STATES)
    tables, contexts, excess = errors
    total = 0.0
    for r in rows:
        total += weights[r]
    for c in range(n_columns):
        weigh_column(
            states[c], qualities[c], rows, strands, weights, runs[c], next_bases[c], tables,
            sums, counts[c],
        )  # fmt: skip
        if contexts[c]:
            add_excess(
                states[c], qualities[c], rows, strands, weights, runs[c], next_bases[c], tables,
                excess[contexts[c]], sums,
            )  # fmt: skip
        best, second = 0, UNLIKELY
        for state in range(1, N_STATES):
            if sums[state] > sums[best]:
                second = sums[best]
                best = state
            elif sums[state] > second:
                second = sums[state]
        calls[c] = best if counts[c].sum() * 2 >= total else ABSENT
        margins[c] = sums[best] - second
    return calls, margins, counts


@kernel
def weigh_difference(
    states: np.ndarray,
    qualities: np.ndarray,
    rows: np.ndarray,
    strands: np.ndarray,
    columns: np.ndarray,
    new: np.ndarray,
    old: np.ndarray,
    runs: np.ndarray,
    next_bases: np.ndarray,
    errors: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> np.ndarray:
    """For each read: log P(read | new) - log P(read | old), summed over ``columns``."""
    ratios = np.zeros(len(rows))
    tables, contexts, excess = errors
    for x in range(len(columns)):
        c = columns[x]
        here = excess[contexts[c]]
        for y in range(len(rows)):
            r = rows[y]
            state = states[c, r]
            if state == ABSENT:
                continue
            own, worst = qualities[c, r] & 15, qualities[c, r] >> 4
            ratios[y] += weigh_hot_cell(
                state, own, worst, strands[r], new[x], runs[c], next_bases[c], tables, here
            ) - weigh_hot_cell(
                state, own, worst, strands[r], old[x], runs[c], next_bases[c], tables, here
            )
    return ratios
