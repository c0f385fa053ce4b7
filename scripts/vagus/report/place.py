"""Where one sample's value is among those of others."""

from __future__ import annotations

import math
from collections.abc import Sequence

from vagus.report.numbers import is_missing

_Z = 1.959963984540054


def describe_place(value: float, others: Sequence[float]) -> str:
    """How many others are lower, and the value's percentile (ties count half)."""
    if is_missing(value):
        return "no value"
    if not others:
        return "no other sample to compare with"
    lower = sum(other < value for other in others)
    equal = sum(other == value for other in others)
    percentile = 100 * (lower + equal / 2) / len(others)
    same = f", equal to {equal}" if equal else ""
    return f"higher than {lower} of {len(others)} others{same} (percentile {percentile:.0f})"


def find_percentile(value: float, others: Sequence[float]) -> float:
    """Share of the others that are lower (0 to 1); ties count half."""
    lower = sum(other < value for other in others)
    equal = sum(other == value for other in others)
    return (lower + equal / 2) / len(others)


def estimate_interval(successes: float, trials: int) -> tuple[float, float]:
    """95 % interval of a proportion after Wilson (1927, J. Am. Stat. Assoc. 22:209-212).

    ``successes`` may be a half where ties count half. Shares from 0 to 1; (0, 1) without trials.
    """
    if not trials:
        return 0.0, 1.0
    share, scale = successes / trials, 1 + _Z**2 / trials
    middle = (share + _Z**2 / (2 * trials)) / scale
    half = _Z / scale * math.sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2))
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    return low, 1.0 if successes == trials else min(1.0, middle + half)
