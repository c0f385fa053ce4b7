"""The reads of a sample as the ``phase`` engine sees them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.functions import log1p, power
from vagus.reads.uniques import Uniques

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

BIN_TOPS = np.array([2, 4, 6, 8, 10, 12, 14, 17, 20, 24, 28, 32, 36, 40, 70])
"""Highest quality of each bin but the last; the seven Revio values fall into seven bins."""
QUALITY_BINS = np.searchsorted(BIN_TOPS, np.arange(256), side="left").astype(np.uint8)
"""Bin, 0 to 15, of each quality."""
ERROR_PROBABILITY = np.minimum(0.75, power(10.0, -np.arange(256) / 10))
LOG_RIGHT = log1p(-ERROR_PROBABILITY)
CHUNK_READS = 1000
MIN_ONE_STRAND, MAX_ONE_STRAND = 0.02, 0.98
"""Share of antisense reads between which both strands are there."""


@dataclass(frozen=True)
class ReadSet:
    """Unique sequences with counts, qualities and strands; number i is that of ``Uniques``.

    Attributes:
        bases, qualities: uint8, flat; sequence i is at ``offsets[i]:offsets[i + 1]``.
        counts: float64; reads of each sequence.
        reverse_counts: float64; those of them sequenced on the antisense strand.
        has_strands: whether strands are known and both are among the reads.
        expected_errors: float64; sum of the error probabilities of a sequence's qualities.
    """

    bases: NDArray[np.uint8]
    qualities: NDArray[np.uint8]
    offsets: Ints
    counts: Floats
    reverse_counts: Floats
    has_strands: bool
    expected_errors: Floats

    @classmethod
    def from_uniques(cls, uniques: Uniques) -> ReadSet:
        """Mean qualities are rounded; reads of unknown strand count as sense."""
        qualities = uniques.rounded_mean_quality()
        counts = uniques.counts.astype(np.float64)
        reverse = np.zeros(len(counts))
        if uniques.reverse_counts is not None:
            reverse = uniques.reverse_counts.astype(np.float64)
        share = reverse.sum() / max(1.0, counts.sum())
        return cls(
            bases=uniques.bases,
            qualities=qualities,
            offsets=uniques.offsets,
            counts=counts,
            reverse_counts=reverse,
            has_strands=bool(MIN_ONE_STRAND < share < MAX_ONE_STRAND),
            expected_errors=sum_errors(qualities, uniques.offsets),
        )

    def __len__(self) -> int:
        """Number of unique sequences."""
        return len(self.counts)

    @property
    def lengths(self) -> Ints:
        """Length of each sequence in bp."""
        return np.diff(self.offsets)

    @cached_property
    def strands(self) -> NDArray[np.uint8]:
        """1 where most reads of a sequence were antisense, else 0."""
        return (2 * self.reverse_counts > self.counts).astype(np.uint8)

    @property
    def error_rates(self) -> Floats:
        """Expected errors per base of each sequence."""
        return self.expected_errors / np.maximum(1, self.lengths)

    @cached_property
    def order(self) -> Ints:
        """Sequences from the most trustworthy on: most reads, fewest errors, then as stored."""
        return np.lexsort((np.arange(len(self)), self.expected_errors, -self.counts))

    def get(self, i: int) -> NDArray[np.uint8]:
        """Codes of sequence i."""
        return self.bases[self.offsets[i] : self.offsets[i + 1]]


def sum_errors(qualities: NDArray[np.uint8], offsets: Ints) -> Floats:
    """Expected errors of each sequence, a thousand at a time to save memory."""
    sums = np.zeros(len(offsets) - 1)
    for first in range(0, len(sums), CHUNK_READS):
        bounds = offsets[first : first + CHUNK_READS + 1]
        errors = ERROR_PROBABILITY[qualities[bounds[0] : bounds[-1]]]
        cumulative = np.concatenate([[0.0], np.cumsum(errors)])
        sums[first : first + CHUNK_READS] = np.diff(cumulative[bounds - bounds[0]])
    return sums
