"""The inner loops of the partition: likelihoods, expectations, moves and p-values.

Names of the arrays (one row a unique sequence): ``counts`` reads; ``cluster`` to which it
belongs; ``floor`` the least expected number of reads that its best centre guarantees;
``locked`` its cluster's centre alone explains it. Comparisons that are kept form one chain
a sequence: ``head[i]`` is the newest comparison of ``i``, ``after[k]`` the one before it.
"""

from __future__ import annotations

import math

import numpy as np

from vagus.kernels.dada.poisson import log_poisson_tail, log_presence
from vagus.kernels.jit import kernel

QUALITY_SPAN = 128
N_TRANSITIONS = 16


@kernel
def sum_log_self(
    bases: np.ndarray, qualities: np.ndarray, offsets: np.ndarray, log_rates: np.ndarray
) -> np.ndarray:
    """ln of the chance to read each sequence without an error; ``log_rates`` flat (16 * 128)."""
    n = offsets.size - 1
    sums = np.zeros(n)
    for i in range(n):
        total = 0.0
        for p in range(offsets[i], offsets[i + 1]):
            total += log_rates[np.int64(bases[p]) * 5 * QUALITY_SPAN + qualities[p]]
        sums[i] = total
    return sums


@kernel
def sum_log_ratios(
    starts: np.ndarray,
    n_substitutions: np.ndarray,
    codes: np.ndarray,
    rows: np.ndarray,
    log_ratios: np.ndarray,
) -> np.ndarray:
    """For each pair of ``rows`` the sum over its substitutions of ln(its rate / no-error rate)."""
    sums = np.zeros(rows.size)
    for at in range(rows.size):
        row = rows[at]
        total = 0.0
        for k in range(starts[row], starts[row] + n_substitutions[row]):
            total += log_ratios[codes[k]]
        sums[at] = total
    return sums


@kernel
def keep_comparisons(
    members: np.ndarray,
    log_lambdas: np.ndarray,
    centre: int,
    centre_reads: int,
    total_reads: int,
    floor: np.ndarray,
    kept: np.ndarray,
) -> None:
    """Mark the comparisons that can matter, and raise ``floor`` by what they guarantee.

    A comparison is kept if lambda times all reads beats the best expectation that the
    sequence already has for sure, or if the sequence is the centre itself.
    """
    for row in range(members.size):
        i = members[row]
        lambda_ = math.exp(log_lambdas[row])
        kept[row] = lambda_ * total_reads > floor[i] or i == centre
        if kept[row]:
            floor[i] = max(floor[i], lambda_ * centre_reads)


@kernel
def find_best_clusters(
    head: np.ndarray,
    after: np.ndarray,
    owner: np.ndarray,
    lambdas: np.ndarray,
    cluster_reads: np.ndarray,
    best: np.ndarray,
) -> None:
    """The comparison with the greatest expectation of each sequence; ties: the older cluster."""
    for i in range(head.size):
        k = head[i]
        top = -1.0
        choice = -1
        while k >= 0:
            expected = lambdas[k] * cluster_reads[owner[k]]
            if expected > top or (expected == top and owner[k] < owner[choice]):
                top = expected
                choice = k
            k = after[k]
        best[i] = choice


@kernel
def move_sequences(
    best: np.ndarray,
    carrier: np.ndarray,
    owner: np.ndarray,
    counts: np.ndarray,
    is_centre: np.ndarray,
    cluster: np.ndarray,
    link: np.ndarray,
    cluster_reads: np.ndarray,
    changed: np.ndarray,
) -> int:
    """Move every sequence that is not a centre to its best cluster; returns the number moved.

    A sequence with a ``carrier`` (index of a sequence before it, else -1) goes with that one.
    """
    n_moved = 0
    for i in range(best.size):
        if is_centre[i]:
            continue
        if carrier[i] >= 0:
            target = cluster[carrier[i]]
        else:
            target = owner[best[i]]
            link[i] = best[i]
        if target != cluster[i]:
            cluster_reads[cluster[i]] -= counts[i]
            cluster_reads[target] += counts[i]
            changed[cluster[i]] = True
            changed[target] = True
            cluster[i] = target
            n_moved += 1
    return n_moved


@kernel
def score_abundance(n: int, log_lambda: float, reads: int, conditional: bool) -> float:
    """ln p of seeing ``n`` or more copies, given one at all if ``conditional``."""
    if reads <= 0:
        return 0.0
    log_mu = log_lambda + math.log(reads)
    log_p = log_poisson_tail(n, log_mu)
    return log_p - log_presence(log_mu) if conditional else log_p


@kernel
def score_members(
    counts: np.ndarray,
    cluster: np.ndarray,
    log_lambdas: np.ndarray,
    cluster_reads: np.ndarray,
    is_centre: np.ndarray,
) -> np.ndarray:
    """ln p of each sequence in its cluster, not conditioned on presence; 0 for centres."""
    scores = np.zeros(counts.size)
    for i in range(counts.size):
        if not is_centre[i]:
            scores[i] = score_abundance(counts[i], log_lambdas[i], cluster_reads[cluster[i]], False)
    return scores


@kernel
def rank_abundance(n: int, log_lambda: float, reads: int) -> float:
    """The same conditional p in double precision, 0 where it is too small for that.

    Candidates whose p is 0 count as equally significant, and the more abundant one wins.
    """
    mu = math.exp(log_lambda) * reads
    if mu <= 0.0:
        return 0.0
    log_mu = math.log(mu)
    return math.exp(log_poisson_tail(n, log_mu)) / math.exp(log_presence(log_mu))


@kernel
def update_p_values(
    counts: np.ndarray,
    cluster: np.ndarray,
    link: np.ndarray,
    log_lambdas: np.ndarray,
    cluster_reads: np.ndarray,
    changed: np.ndarray,
    is_centre: np.ndarray,
    p_values: np.ndarray,
) -> None:
    """Conditional p-values of all repeated sequences in the clusters that changed."""
    for i in range(p_values.size):
        if changed[cluster[i]] or p_values[i] < 0.0:
            p_values[i] = 1.0
            if not is_centre[i] and counts[i] > 1:
                p_values[i] = rank_abundance(
                    counts[i], log_lambdas[link[i]], cluster_reads[cluster[i]]
                )


@kernel
def lock_sequences(
    counts: np.ndarray,
    cluster: np.ndarray,
    link: np.ndarray,
    lambdas: np.ndarray,
    centres: np.ndarray,
    unchecked: np.ndarray,
    is_centre: np.ndarray,
    locked: np.ndarray,
) -> None:
    """Lock what its centre alone explains, in clusters that were not checked before."""
    for i in range(counts.size):
        if unchecked[cluster[i]]:
            centre_reads = counts[centres[cluster[i]]]
            if is_centre[i] or lambdas[link[i]] * centre_reads > counts[i]:
                locked[i] = True


@kernel
def find_bud(
    p_values: np.ndarray,
    counts: np.ndarray,
    hamming: np.ndarray,
    link: np.ndarray,
    log_mu: np.ndarray,
    min_hamming: int,
    is_centre: np.ndarray,
) -> int:
    """The most significant sequence: smallest p, most reads, least expected, smallest index.

    ``log_mu`` is ln of the reads that its cluster explains.
    """
    best = -1
    for i in range(p_values.size):
        if is_centre[i] or counts[i] < 2 or hamming[link[i]] < min_hamming:
            continue
        if best >= 0 and p_values[i] == p_values[best]:
            more = counts[i] > counts[best]
            if more or (counts[i] == counts[best] and log_mu[i] < log_mu[best]):
                best = i
        elif best < 0 or p_values[i] < p_values[best]:
            best = i
    return best


@kernel
def count_self(
    bases: np.ndarray,
    qualities: np.ndarray,
    offsets: np.ndarray,
    counts: np.ndarray,
    used: np.ndarray,
    totals: np.ndarray,
) -> None:
    """Add each used sequence's bases, times its reads, to the no-error cells of ``totals``."""
    for i in range(counts.size):
        if used[i]:
            for p in range(offsets[i], offsets[i + 1]):
                totals[np.int64(bases[p]) * 5 * QUALITY_SPAN + qualities[p]] += counts[i]


@kernel
def count_codes(
    starts: np.ndarray,
    n_substitutions: np.ndarray,
    codes: np.ndarray,
    rows: np.ndarray,
    weights: np.ndarray,
    totals: np.ndarray,
) -> None:
    """Correct ``totals`` for the substitutions and unpaired bases of some pairs.

    ``rows`` are the pairs, ``weights`` their reads. A substitution moves the reads from
    the no-error cell of the base read to its own cell; an unpaired base is not counted.
    """
    for at in range(rows.size):
        row = rows[at]
        middle = starts[row] + n_substitutions[row]
        for k in range(starts[row], starts[row + 1]):
            code = np.int64(codes[k])
            read_base = (code // QUALITY_SPAN) & 3
            totals[read_base * 5 * QUALITY_SPAN + (code & (QUALITY_SPAN - 1))] -= weights[at]
            if k < middle:
                totals[code] += weights[at]
