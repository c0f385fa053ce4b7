"""Cells of the sample sheet that are numbers."""

from __future__ import annotations

import math


def parse_number(text: str) -> float | None:
    """The finite number that a cell gives in plain or scientific notation; None for other text."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def is_number(text: str) -> bool:
    """Whether a cell is a finite number."""
    return parse_number(text) is not None
