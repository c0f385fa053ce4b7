"""What is wrong with the reads of a sample: found by looking at the first of them."""

from __future__ import annotations

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Problem:
    """Something that the user should know: ``error`` (of no use as it is) or ``warning``."""

    severity: str
    message: str
    fix: str
