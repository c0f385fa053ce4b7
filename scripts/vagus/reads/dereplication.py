"""Dereplication: equal reads become one sequence with a count and summed qualities.

The sums are integers, so the result does not depend on the order of the reads. A sequence
seen once costs its letters and one byte a quality; wider sums are made at its second read.
"""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from vagus.reads.uniques import Uniques, encode_bases


class Dereplicator:
    """Collects the reads of one sample; ``finish`` gives its unique sequences."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}
        self._counts = array("q")
        self._sums: list[NDArray] = []
        self._reverse_counts = array("q")
        self._has_strands = False

    def __len__(self) -> int:
        """Number of unique sequences so far."""
        return len(self._counts)

    def add(
        self, sequence: str, quality: NDArray[np.uint8], is_reverse: bool | None = None
    ) -> None:
        """Add one read: upper-case ACGT letters and as many Phred qualities (copied).

        ``is_reverse`` is whether it was sequenced on the antisense strand, if that is known.
        """
        if len(sequence) != len(quality):
            raise ValueError(f"{len(sequence)} bases but {len(quality)} qualities")
        i = self._index.setdefault(sequence, len(self._counts))
        if i == len(self._counts):
            self._counts.append(0)
            self._reverse_counts.append(0)
            self._sums.append(quality.copy())
        self._has_strands |= is_reverse is not None
        self._reverse_counts[i] += is_reverse is True
        if self._counts[i] == 0:
            self._counts[i] = 1
            return
        if self._counts[i] == 1:
            self._sums[i] = self._sums[i].astype(np.uint32)
        self._counts[i] += 1
        self._sums[i] += quality

    def finish(self, sample: str, platform: str, quality_scheme: str) -> Uniques:
        """Sort by count (descending), then sequence, and empty this collector."""
        counts, sums = self._counts, self._sums
        has_strands, reverse_counts = self._has_strands, self._reverse_counts
        ordered = sorted(self._index.items(), key=lambda item: (-counts[item[1]], item[0]))
        self._index = {}
        offsets = np.zeros(len(ordered) + 1, np.int64)
        np.cumsum([len(sequence) for sequence, _ in ordered], out=offsets[1:])
        bases = np.empty(offsets[-1], np.uint8)
        quality_sums = np.empty(offsets[-1], np.uint32)
        sorted_counts = np.empty(len(ordered), np.int32)
        sorted_reverse = np.empty(len(ordered), np.int32)
        for position, (sequence, i) in enumerate(ordered):
            start, stop = offsets[position], offsets[position + 1]
            bases[start:stop] = encode_bases(sequence)
            quality_sums[start:stop] = sums[i]
            sums[i] = quality_sums[:0]
            sorted_counts[position] = counts[i]
            sorted_reverse[position] = reverse_counts[i]
        self.__init__()  # type: ignore[misc]
        return Uniques(
            bases, offsets, sorted_counts, quality_sums, sample, platform, quality_scheme,
            sorted_reverse if has_strands else None,
        )  # fmt: skip
