"""QC numbers of a set of reads: lengths, expected errors, quality along the read."""

from __future__ import annotations

from array import array
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

LENGTH_BIN_BP = 10
LONGEST_BP = 5000
MAX_POSITIONS = 300
MIN_COVERAGE = 0.01
DIGITS = 9

# Expected errors are binned on a logarithmic scale, eight bins a decade, 0.001 to 1000.
ERROR_EDGES = (0.0, *(float(f"{10 ** (k / 8):.3g}") for k in range(-24, 25)))


class ReadStatistics:
    """Collects reads one by one; 16 bytes a read are kept. ``summarise`` gives the numbers."""

    def __init__(self) -> None:
        self._lengths = array("i")
        self._errors = array("d")
        self._passes = array("i")
        self._quality_sums = np.zeros(LONGEST_BP, np.int64)

    def add(
        self, quality: NDArray[np.uint8], expected_errors: float, passes: int | None = None
    ) -> None:
        """Add one read. Positions beyond 5,000 bp are left out of the quality profile."""
        self._lengths.append(len(quality))
        self._errors.append(expected_errors)
        if passes is not None:
            self._passes.append(passes)
        shown = quality[:LONGEST_BP]
        target = self._quality_sums[: len(shown)]
        np.add(target, shown, out=target)

    def summarise(self) -> dict[str, Any]:
        """Totals of the reads; numbers that need a read are None without one.

        Independent of the order of the reads: sums of floats are exact before rounding.
        """
        lengths, errors = np.asarray(self._lengths), np.asarray(self._errors)
        accuracies = 1.0 - errors[lengths > 0] / lengths[lengths > 0]
        n_reads = len(lengths)
        return {
            "n_reads": n_reads,
            "n_bases": int(lengths.sum(dtype=np.int64)),
            "median_length_bp": _median(lengths),
            "mean_expected_errors": _round(fsum(self._errors) / n_reads) if n_reads else None,
            "median_expected_errors": _median(errors),
            "median_accuracy": _median(accuracies),
            "median_passes": _median(np.asarray(self._passes)),
        }

    def make_length_histogram(self) -> list[list[int]]:
        """Rows (shortest length of a 10-bp bin, reads); 5,000 bp and longer share a bin."""
        lengths = np.minimum(np.asarray(self._lengths), LONGEST_BP) // LENGTH_BIN_BP
        counts = np.bincount(lengths.astype(np.int64))
        return [[int(b) * LENGTH_BIN_BP, int(counts[b])] for b in np.flatnonzero(counts)]

    def make_error_histogram(self) -> list[list[float | int]]:
        """Rows (from, to, reads) of expected errors; ``from`` included, ``to`` not.

        The last bin's ``to`` covers everything from its ``from`` on.
        """
        edges = np.array(ERROR_EDGES)
        bins = np.clip(np.searchsorted(edges, self._errors, side="right") - 1, 0, len(edges) - 2)
        counts = np.bincount(bins, minlength=len(edges) - 1)
        return [
            [ERROR_EDGES[b], ERROR_EDGES[b + 1], int(counts[b])] for b in np.flatnonzero(counts)
        ]

    def make_quality_profile(self) -> list[list[float | int]]:
        """Rows (0-based first position of a bin, mean Phred quality), at most 300.

        Only positions that at least 1 % of the reads reach are shown.
        """
        lengths = np.minimum(np.asarray(self._lengths, dtype=np.int64), LONGEST_BP)
        ending = np.bincount(lengths, minlength=LONGEST_BP + 1)
        coverage = len(lengths) - np.cumsum(ending)[:LONGEST_BP]
        shown = int(np.count_nonzero(coverage >= max(1.0, MIN_COVERAGE * len(lengths))))
        if shown == 0:
            return []
        starts = np.arange(0, shown, -(-shown // MAX_POSITIONS))
        sums = np.add.reduceat(self._quality_sums[:shown], starts)
        means = sums / np.add.reduceat(coverage[:shown], starts)
        return [[int(p), _round(float(q))] for p, q in zip(starts, means, strict=True)]


def _median(values: NDArray) -> float | None:
    return _round(float(np.median(values))) if len(values) else None


def _round(value: float) -> float:
    return round(value, DIGITS)
