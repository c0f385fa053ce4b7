"""Cells of the sample sheet that have no value."""

from __future__ import annotations

MISSING = frozenset({"", "na", "n/a", "nan", "null"})


def is_missing(value: str) -> bool:
    """Whether a cell of the sheet has no value: empty, NA, N/A, NaN or null in any case."""
    return value.strip().casefold() in MISSING
