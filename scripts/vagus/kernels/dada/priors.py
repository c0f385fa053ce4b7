"""P-values of sequences that are among the priors, and the founder among these."""

from __future__ import annotations

import math

import numpy as np

from vagus.kernels.dada.partition import score_abundance
from vagus.kernels.jit import kernel


@kernel
def update_prior_p_values(
    priors: np.ndarray,
    counts: np.ndarray,
    cluster: np.ndarray,
    link: np.ndarray,
    log_lambdas: np.ndarray,
    cluster_reads: np.ndarray,
    changed: np.ndarray,
    is_centre: np.ndarray,
    p_values: np.ndarray,
) -> None:
    """P(X >= n) of the priors (indices) in the clusters that changed, into ``p_values``.

    The presence of a prior is no surprise that would have to be discounted, so that its
    p-value is not conditioned on it, and one read counts as evidence.
    """
    for i in priors:
        if changed[cluster[i]] and not is_centre[i]:
            reads = cluster_reads[cluster[i]]
            p_values[i] = math.exp(score_abundance(counts[i], log_lambdas[link[i]], reads, False))


@kernel
def find_prior_bud(
    priors: np.ndarray,
    p_values: np.ndarray,
    counts: np.ndarray,
    hamming: np.ndarray,
    link: np.ndarray,
    log_mu: np.ndarray,
    min_hamming: int,
    is_centre: np.ndarray,
) -> int:
    """The most significant prior: smallest p, most reads, least expected, smallest index.

    ``log_mu`` is ln of the reads that its cluster explains; -1 if no prior is left.
    """
    best = -1
    for i in priors:
        if is_centre[i] or hamming[link[i]] < min_hamming:
            continue
        if best < 0 or p_values[i] < p_values[best]:
            best = i
        elif p_values[i] == p_values[best]:
            more = counts[i] > counts[best]
            if more or (counts[i] == counts[best] and log_mu[i] < log_mu[best]):
                best = i
    return best
