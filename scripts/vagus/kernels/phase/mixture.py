"""Mixture tests: is a share of the reads better explained by a second sequence?

With L(r) the log-likelihood ratio of read r for the second sequence against the first, the
statistic is T = max over f of sum over r of log((1 - f) + f exp(L(r))), in nats.
"""

from __future__ import annotations

import numpy as np

from vagus.kernels.jit import kernel
from vagus.kernels.phase.columns import (
    ABSENT,
    N_BINS,
    N_STATES,
    NONE,
    sum_column,
    weigh_hot_cell,
)

MAX_ROUNDS = 60
MIN_SHARE = 1e-7


@kernel
def fit_mixture(ratios: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """T and the share f that gives it, by expectation maximisation from the carriers' share."""
    total = weights.sum()
    share = 0.0
    for r in range(len(ratios)):
        if ratios[r] > 0.0:
            share += weights[r]
    if share == 0.0 or total == 0.0:
        return 0.0, 0.0
    share = min(0.999, share / total)
    statistic = 0.0
    for _ in range(MAX_ROUNDS):
        expected = 0.0
        statistic = 0.0
        for r in range(len(ratios)):
            if ratios[r] > 300.0:
                expected += weights[r]
                statistic += weights[r] * (np.log(share) + ratios[r])
                continue
            ratio = share * np.exp(ratios[r])
            expected += weights[r] * ratio / (1.0 - share + ratio)
            statistic += weights[r] * np.log(1.0 - share + ratio)
        before = share
        share = min(0.999, max(MIN_SHARE, expected / total))
        if abs(share - before) <= 1e-4 * before:
            break
    return max(0.0, statistic), share


@kernel
def gather_ratios(
    by_own: np.ndarray,
    by_worst: np.ndarray,
    new: int,
    old: int,
    run: int,
    next_base: int,
    tables: np.ndarray,
    excess: np.ndarray,
    ratios: np.ndarray,
    weights: np.ndarray,
) -> int:
    """Log-likelihood ratios of the classes of a column and their weights; returns how many."""
    n = 0
    for state in range(N_STATES):
        between_bases = state < NONE and new < NONE and old < NONE
        for b in range(N_BINS):
            for strand in range(2):
                weight = by_own[state, b, strand] if between_bases else by_worst[state, b, strand]
                if weight == 0.0:
                    continue
                ratios[n] = weigh_hot_cell(
                    state, b, b, strand, new, run, next_base, tables, excess
                ) - weigh_hot_cell(state, b, b, strand, old, run, next_base, tables, excess)
                weights[n] = weight
                n += 1
    return n


@kernel
def test_columns(
    states: np.ndarray,
    qualities: np.ndarray,
    rows: np.ndarray,
    strands: np.ndarray,
    weights: np.ndarray,
    calls: np.ndarray,
    runs: np.ndarray,
    next_bases: np.ndarray,
    errors: tuple[np.ndarray, np.ndarray, np.ndarray],
    limits: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """T of every allele of every column that differs from its leaf's state.

    Parameters
    ----------
    calls : uint8; state of the leaf in each column.
    errors : as in ``columns.call_consensus``.
    limits : float64, shape (2,); least weight of an allele to be looked at, least T reported.

    Returns
    -------
    columns, alleles : int64; T : float64; found : the alleles with T at or above the limit.
    """
    columns = np.empty(len(states) * 4, np.int64)
    alleles = np.empty(len(states) * 4, np.int64)
    found = np.empty(len(states) * 4)
    by_own = np.zeros((N_STATES, N_BINS, 2))
    by_worst = np.zeros((N_STATES, N_BINS, 2))
    ratios = np.empty(N_STATES * N_BINS * 2)
    numbers = np.empty(N_STATES * N_BINS * 2)
    tables, contexts, excess = errors
    n = 0
    for c in range(len(states)):
        call = calls[c]
        if call == ABSENT:
            continue
        other = 0.0
        for r in rows:
            if states[c, r] != call and states[c, r] != ABSENT:
                other += weights[r]
        if other < limits[0]:
            continue
        sum_column(states[c], qualities[c], rows, strands, weights, by_own, by_worst)
        for allele in range(N_STATES):
            if allele == call or by_own[allele].sum() < limits[0]:
                continue
            n_classes = gather_ratios(
                by_own, by_worst, allele, call, runs[c], next_bases[c], tables,
                excess[contexts[c]], ratios, numbers,
            )  # fmt: skip
            gain = 0.0
            for x in range(n_classes):
                gain += numbers[x] * max(0.0, ratios[x])
            if gain < limits[1]:
                continue
            statistic, _ = fit_mixture(ratios[:n_classes], numbers[:n_classes])
            if statistic >= limits[1]:
                columns[n], alleles[n], found[n] = c, allele, statistic
                n += 1
    return columns[:n], alleles[:n], found[:n]


@kernel
def list_alleles(
    states: np.ndarray,
    qualities: np.ndarray,
    rows: np.ndarray,
    calls: np.ndarray,
    runs: np.ndarray,
    limits: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Deviations of reads from their leaf that are of good quality and not in long runs.

    Parameters
    ----------
    limits : int64, shape (2,); least own quality bin, first run class that is left out.

    Returns
    -------
    places : int64; position in ``rows``; alleles : int64; column * 5 + state. In column order.
    """
    size = 1024
    places = np.empty(size, np.int64)
    alleles = np.empty(size, np.int64)
    n = 0
    for c in range(len(states)):
        if calls[c] == ABSENT or runs[c] >= limits[1]:
            continue
        for y in range(len(rows)):
            state = states[c, rows[y]]
            if state == calls[c] or state == ABSENT:
                continue
            quality = qualities[c, rows[y]]
            if (quality & 15 if state < NONE else quality >> 4) < limits[0]:
                continue
            if n == size:
                longer = np.empty(2 * size, np.int64)
                longer[:n] = places
                places = longer
                longest = np.empty(2 * size, np.int64)
                longest[:n] = alleles
                alleles = longest
                size *= 2
            places[n], alleles[n] = y, c * N_STATES + state
            n += 1
    return places[:n].copy(), alleles[:n].copy()
