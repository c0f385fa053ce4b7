"""How numbers are written on the pages."""

from __future__ import annotations

import math
import re

MISSING = "–"
# Whole numbers of four digits and more that are no part of a name, a decimal or a quoted word.
_LONG_COUNT = re.compile(r"(?<![\w.,'-])\d{4,}(?![\w'-]|[.,]\d)")


def format_count(value: float | None) -> str:
    """A count with commas between thousands: 12,345."""
    return MISSING if is_missing(value) else f"{round(value):,}"  # type: ignore[arg-type]


def format_share(part: float, whole: float) -> str:
    """``part`` of ``whole`` as a percentage; small non-zero shares do not round to zero."""
    if is_missing(part) or is_missing(whole) or whole == 0:
        return MISSING
    return format_percent(part / whole)


def format_percent(share: float | None) -> str:
    """A share (0 to 1) as a percentage with one decimal, two below 1 %.

    Only the whole is '100.0 %': a share that would round to it is '> 99.9 %'.
    """
    if is_missing(share):
        return MISSING
    percent = 100 * share  # type: ignore[operator]
    if 0 < percent < 0.01:
        return "< 0.01 %"
    if share < 1 and percent >= 99.95:  # type: ignore[operator]
        return "> 99.9 %"
    return f"{percent:.2f} %" if 0 < abs(percent) < 1 else f"{percent:.1f} %"


def format_setting(share: float) -> str:
    """A share that a user sets (0 to 1) as a percentage with the digits that it has: 98.7 %."""
    return f"{100 * share:.6g} %"


def separate_thousands(text: str) -> str:
    """``text`` of another stage with commas in its counts: '1813 reads' -> '1,813 reads'."""
    return _LONG_COUNT.sub(lambda found: f"{int(found[0]):,}", text)


def format_value(value: float | None, digits: int = 3) -> str:
    """A measured value with ``digits`` significant digits, never in powers of ten above 1e-4."""
    if is_missing(value):
        return MISSING
    number = float(value)  # type: ignore[arg-type]
    if number == 0:
        return "0"
    if abs(number) >= 10**digits:
        return f"{number:,.0f}"
    if abs(number) < 1e-4:
        return f"{number:.1e}"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(number))))
    return f"{number:.{decimals}f}"


def format_p(value: float | None) -> str:
    """A p- or q-value: three decimals, or that it is below 0.001."""
    if is_missing(value):
        return MISSING
    return "< 0.001" if value < 0.001 else f"{value:.3f}"  # type: ignore[operator]


def count_noun(n: int, singular: str, plural: str | None = None) -> str:
    """A count and its noun: '1 sample', '1,200 samples'."""
    return f"{n:,} {singular if n == 1 else plural or singular + 's'}"


def is_missing(value: object) -> bool:
    """Whether there is no value: None, NaN or empty text."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))
