"""Pairs of alleles that reads carry together more often than chance allows.

Two alleles that are each lost among errors still betray a rare sequence if the same reads
carry both. Only deviations of good quality outside long runs count, at least 4 bp apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vagus.kernels.phase.columns import N_STATES
from vagus.kernels.phase.mixture import list_alleles
from vagus.numerics.functions import log
from vagus.phase.pileup import Pileup
from vagus.phase.settings import PhaseSettings

Ints = NDArray[np.int64]

MIN_QUALITY_BIN = 7
"""The bin that begins with Q15."""
FIRST_LONG_RUN = 3
"""Class of a run of four bases."""
MIN_DISTANCE_BP = 4
MIN_LOG_SCORE = 8.0
MAX_ALLELES_PER_READ = 60


def find_pairs(
    pileup: Pileup, rows: Ints, calls: NDArray[np.uint8], settings: PhaseSettings
) -> list[tuple[tuple[int, int], ...]]:
    """Pairs ((column, state), (column, state)) by their score, best first.

    The score is minus the logarithm of a bound on the Poisson tail of the number of reads with
    both alleles, given the number expected of independent ones.
    """
    limits = np.array([MIN_QUALITY_BIN, FIRST_LONG_RUN])
    places, alleles = list_alleles(
        pileup.states, pileup.qualities, rows, calls, pileup.runs, limits
    )
    weights = pileup.weights[rows]
    places, alleles, carriers, names = _keep_frequent(places, alleles, weights, settings)
    first, second, reads = _list_pairs(places, alleles, names)
    if not len(first):
        return []
    keys, inverse = np.unique(first * len(names) + second, return_inverse=True)
    together = np.bincount(inverse, weights=weights[reads])
    first, second = keys // len(names), keys % len(names)
    expected = carriers[first] * carriers[second] / weights.sum()
    scores = score_excess(together, expected)
    good = np.flatnonzero((together >= settings.min_pair_reads) & (scores >= MIN_LOG_SCORE))
    good = good[np.lexsort((keys[good], -scores[good]))]
    return [
        tuple((int(names[x]) // N_STATES, int(names[x]) % N_STATES) for x in (first[i], second[i]))
        for i in good
    ]


def score_excess(together: NDArray, expected: NDArray) -> NDArray[np.float64]:
    """n ln(n / e) - n + e where n exceeds e: Chernoff's bound on the Poisson tail, in nats."""
    ratio = np.maximum(together, 1e-300) / np.maximum(expected, 1e-300)
    excess = together * log(ratio) - together + expected
    return np.where(together > expected, excess, 0.0)


def _keep_frequent(
    places: Ints, alleles: Ints, weights: NDArray, settings: PhaseSettings
) -> tuple[Ints, Ints, NDArray, Ints]:
    """Drop alleles of too few reads; number the others and sort by read, then allele."""
    names, inverse = np.unique(alleles, return_inverse=True)
    carriers = np.bincount(inverse, weights=weights[places], minlength=len(names))
    frequent = carriers >= settings.min_pair_reads
    number = np.cumsum(frequent) - 1
    kept = frequent[inverse]
    places, alleles = places[kept], number[inverse[kept]]
    order = np.lexsort((alleles, places))
    return places[order], alleles[order], carriers[frequent], names[frequent]


def _list_pairs(places: Ints, alleles: Ints, names: Ints) -> tuple[Ints, Ints, Ints]:
    """All pairs of alleles within each read that are far enough apart."""
    firsts, seconds, reads = [], [], []
    position = names // (2 * N_STATES)
    for step in range(1, MAX_ALLELES_PER_READ):
        if step >= len(places):
            break
        same = np.flatnonzero(places[step:] == places[:-step])
        if not len(same):
            break
        near, far = alleles[same], alleles[same + step]
        apart = position[far] - position[near] >= MIN_DISTANCE_BP
        firsts.append(near[apart])
        seconds.append(far[apart])
        reads.append(places[same][apart])
    if not firsts:
        empty = np.empty(0, np.int64)
        return empty, empty, empty
    return np.concatenate(firsts), np.concatenate(seconds), np.concatenate(reads)
