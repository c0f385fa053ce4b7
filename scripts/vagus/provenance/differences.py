"""How far two versions of a result are apart: equal except for rounding, or beyond."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

CLOSE = 1e-6
TABLES = (".tsv", ".csv", ".txt", ".nwk", ".json", ".fasta")


@dataclass(frozen=True)
class Distance:
    """Distance of two files.

    Attributes:
        largest: largest difference of two numbers at one place, as a share of the larger one
            (of 1 for numbers below 1, so that noise around 0 counts as what it is).
        is_text_equal: whether all else is equal, letter by letter.
    """

    largest: float
    is_text_equal: bool

    @property
    def is_close(self) -> bool:
        """Whether the files are equal to 1e-6."""
        return self.is_text_equal and self.largest <= CLOSE


def measure_distance(one: Path, other: Path) -> Distance | None:
    """Distance of two tables, cell by cell; None for files that are no tables, or one absent."""
    if one.suffix not in TABLES:
        return None
    try:
        texts = [path.read_text(encoding="utf-8") for path in (one, other)]
    except (OSError, UnicodeDecodeError):
        return None
    rows = [[line.split("\t") for line in text.splitlines()] for text in texts]
    if [len(row) for row in rows[0]] != [len(row) for row in rows[1]]:
        return Distance(math.inf, False)
    largest, is_text_equal = 0.0, True
    for left, right in zip(*rows, strict=True):
        for first, second in zip(left, right, strict=True):
            if first != second:
                apart = _measure_cells(first, second)
                is_text_equal = is_text_equal and apart is not None
                largest = max(largest, apart or 0.0)
    return Distance(largest, is_text_equal)


def _measure_cells(first: str, second: str) -> float | None:
    try:
        one, other = float(first), float(second)
    except ValueError:
        return None
    if not (math.isfinite(one) and math.isfinite(other)):
        return None
    return abs(one - other) / max(abs(one), abs(other), 1.0)
