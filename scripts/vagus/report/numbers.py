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


def format_signed(value: float) -> str:
    """'+1.8', '−0.96', '0'."""
    if is_missing(value) or value == 0:
        return format_value(value)
    return ("+" if value > 0 else "−") + format_value(abs(value), 2)


def format_fold(log2: float) -> str:
    """A log2 fold as a factor: '×4', '÷3.4', '×1'."""
    if is_missing(log2):
        return "–"
    factor = 2.0 ** min(abs(log2), 60)
    text = format_value(factor, 2).removesuffix(".0")
    return "×1" if text == "1" else ("×" if log2 > 0 else "÷") + text


def format_share_plainly(share: float) -> str:
    """'3.6 %', '0 %', '−1.2 %': shares of variation, which may be below 0."""
    if is_missing(share):
        return "–"
    text = f"{abs(100 * share):.1f}"
    return "0 %" if text == "0.0" else ("−" if share < 0 else "") + f"{text.removesuffix('.0')} %"


def format_q(q_value: float) -> str:
    """'0.83', '0.012', '< 0.001': two digits from 0.1 on."""
    return f"{q_value:.2f}" if q_value >= 0.1 else format_p(q_value)


def count_noun(n: int, singular: str, plural: str | None = None) -> str:
    """A count and its noun: '1 sample', '1,200 samples'."""
    return f"{n:,} {singular if n == 1 else plural or singular + 's'}"


def is_missing(value: object) -> bool:
    """Whether there is no value: None, NaN or empty text."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))
