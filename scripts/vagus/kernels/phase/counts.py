"""Counts of the errors in a pileup: what the error model is learned from."""

from __future__ import annotations

import numpy as np

from vagus.kernels.jit import kernel
from vagus.kernels.phase.columns import ABSENT, MAX_RUN, N_BINS, N_STATES, NONE


@kernel
def count_contexts(
    states: np.ndarray,
    qualities: np.ndarray,
    rows: np.ndarray,
    strands: np.ndarray,
    weights: np.ndarray,
    calls: np.ndarray,
    runs: np.ndarray,
    tables: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """What was seen of each base of the backbone, and what the error rates promise.

    Parameters
    ----------
    calls : uint8; state of the leaf in each column; columns without a base are left out.

    Returns
    -------
    observed, expected : float64, shape (bases, 2 strands, 5): weights of the states seen, and
        expected of ``tables`` (of the states but the true one).
    """
    n_bases = len(states) // 2
    observed = np.zeros((n_bases, 2, N_STATES))
    expected = np.zeros((n_bases, 2, N_STATES))
    rates = np.exp(tables)
    for j in range(n_bases):
        c = 2 * j + 1
        true, run = calls[c], runs[c]
        if true >= NONE:
            continue
        for r in rows:
            state = states[c, r]
            if state == ABSENT:
                continue
            strand, weight = strands[r], weights[r]
            own, worst = qualities[c, r] & 15, qualities[c, r] >> 4
            observed[j, strand, state] += weight
            for other in range(NONE):
                if other != true:
                    expected[j, strand, other] += weight * rates[strand, true, other, own]
            expected[j, strand, NONE] += weight * rates[strand, 4, run, worst]
    return observed, expected


@kernel
def count_errors(
    states: np.ndarray,
    qualities: np.ndarray,
    rows: np.ndarray,
    strands: np.ndarray,
    weights: np.ndarray,
    calls: np.ndarray,
    counts: np.ndarray,
    runs: np.ndarray,
    next_bases: np.ndarray,
    most: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Counts of what was observed where, for the error model.

    Columns in which all states but the called one have together more than a share, ``most`` by
    the class of the run, are left out.

    Returns
    -------
    observed : float64, shape (2, 7, 8, 16), laid out as the tables of ``weigh_cell``: counts of
        the event.
    totals : same shape; counts of the chances that it had.
    """
    observed = np.zeros((2, 7, MAX_RUN, N_BINS))
    totals = np.zeros((2, 7, MAX_RUN, N_BINS))
    for c in range(len(states)):
        call, run = calls[c], runs[c]
        depth = counts[c].sum()
        if call == ABSENT or depth - counts[c, call] > most[run] * depth:
            continue
        for r in rows:
            state = states[c, r]
            if state == ABSENT:
                continue
            own, worst = qualities[c, r] & 15, qualities[c, r] >> 4
            strand, weight = strands[r], weights[r]
            if call < NONE:
                totals[strand, 4, run, worst] += weight
                if state == NONE:
                    observed[strand, 4, run, worst] += weight
                else:
                    observed[strand, call, state, own] += weight
                    for base in range(4):
                        totals[strand, call, base, own] += weight
            else:
                totals[strand, 5, run, worst] += weight
                totals[strand, 6, run, worst] += weight
                if state != NONE:
                    plane = 5 if state == next_bases[c] else 6
                    observed[strand, plane, run, worst] += weight
    return observed, totals
