"""Error rate of reads from the reads themselves, where their qualities show nothing.

For some reads the most similar other one is found over the 500 bp behind a conserved motif, and the
two are compared over the 350 bp before it: half of their distance there are errors, because the
choice did not see that part. Reads of species without another read are far from all; the 40th
percentile is not theirs as long as 60 % of the reads have a companion among 200.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from vagus.edits import count_edits_to_start, find_places
from vagus.reads.conserved import MOTIFS
from vagus.reads.read import Read
from vagus.sequences import reverse_complement

ANCHOR, MAX_ANCHOR_ERRORS = MOTIFS["787"], 2
BEHIND_BP, BEFORE_BP, MORE_BP = 500, 350, 50
N_READS, N_QUERIES, MIN_READS = 200, 40, 8
PERCENT, LEAST_PERCENT, MAX_RATE = 40, 10, 0.12


class _Part(NamedTuple):
    """Bases behind the motif, and before it from the motif on outwards."""

    behind: str
    before: str


class ErrorRates(NamedTuple):
    """Errors a base: of typical reads, and of the tenth of the reads that have fewest."""

    typical: float
    least: float


def estimate_error_rate(reads: Sequence[Read]) -> float | None:
    """Errors a base of typical reads; None where too few reads are similar, or are 16S."""
    rates = measure_error_rates(reads)
    return rates.typical if rates is not None and rates.typical <= MAX_RATE else None


def measure_error_rates(reads: Sequence[Read]) -> ErrorRates | None:
    """Rates as the reads show them, at most half of their distance; None with too few of 16S."""
    parts = [part for read in reads if (part := _cut_part(read.sequence)) is not None][:N_READS]
    if len(parts) < MIN_READS:
        return None
    distances = [_compare(i, parts) for i in range(min(N_QUERIES, len(parts)))]
    typical, least = np.percentile(distances, [PERCENT, LEAST_PERCENT]) / BEFORE_BP / 2
    return ErrorRates(float(typical), float(least))


def _cut_part(sequence: str) -> _Part | None:
    """The parts at the motif, on the strand on which it is found best; None if not whole."""
    found = [
        (places.edits, strand, places.lasts[0])
        for strand in (sequence, reverse_complement(sequence))
        if (places := find_places(ANCHOR, strand, MAX_ANCHOR_ERRORS)) is not None
    ]
    if not found:
        return None
    _, strand, last = min(found)
    behind = strand[last + 1 : last + 1 + BEHIND_BP + MORE_BP]
    before = strand[max(0, last + 1 - len(ANCHOR) - BEFORE_BP - MORE_BP) : last + 1 - len(ANCHOR)]
    is_whole = len(behind) == BEHIND_BP + MORE_BP and len(before) == BEFORE_BP + MORE_BP
    return _Part(behind, before[::-1]) if is_whole else None


def _compare(i: int, parts: Sequence[_Part]) -> int:
    """Distance of a read, before the motif, to the one that is nearest behind it."""
    best, nearest = BEHIND_BP, i
    for j, other in enumerate(parts):
        if j != i and best:
            distance = count_edits_to_start(parts[i].behind[:BEHIND_BP], other.behind, best)
            if 0 <= distance < best:
                best, nearest = distance, j
    if nearest == i:
        return BEFORE_BP
    distance = count_edits_to_start(parts[i].before[:BEFORE_BP], parts[nearest].before, BEFORE_BP)
    return BEFORE_BP if distance < 0 else distance
