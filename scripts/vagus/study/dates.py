"""Cells of the sample sheet that are dates.

Understood are ISO dates (2026-02-01, with or without a time of day), 20260201, D.M.Y, D/M/Y or
M/D/Y where only one of them fits all cells, names of months (1 Feb 2026, Feb 1, 2026), and months
alone (2026-02, Feb 2026, Q1 2026). Names of months are English.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
         "october", "november", "december", "sept")  # fmt: skip
_CLOCK = r"(?:[t ](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?z?)?"
_NAME = rf"(?P<name>{'|'.join([*_FULL, *MONTHS])})\.?"
_WHOLE = [
    re.compile(pattern + _CLOCK)
    for pattern in (
        r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})",
        r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})",
        rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ .-]*{_NAME}[ ,-]*(?P<y>\d{{4}}|(?<=[ -])\d{{2}})",
        rf"{_NAME}[ -]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<y>\d{{4}})",
        rf"(?P<y>\d{{4}})[ -]*{_NAME}[ -]*(?P<d>\d{{1,2}})",
    )
]
_THREE = re.compile(
    r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{4}|\d{2})" + _CLOCK
)
_MONTH = [
    re.compile(pattern)
    for pattern in (
        r"(?P<y>(?:19|20)\d{2})[-/](?P<m>\d{1,2})",
        r"(?P<m>\d{1,2})[-/](?P<y>(?:19|20)\d{2})",
        rf"{_NAME}[ ,-]*(?P<y>(?:19|20)\d{{2}})",
        rf"(?P<y>(?:19|20)\d{{2}})[ -]*{_NAME}",
        r"q(?P<q>[1-4])[ -]*(?P<y>(?:19|20)\d{2})",
        r"(?P<y>(?:19|20)\d{2})[ -]*q(?P<q>[1-4])",
    )
]
_ORDERS = {"D.M.Y": "dmy", "D/M/Y": "dmy", "M/D/Y": "mdy", "Y-M-D": "ymd"}


class UnclearError(Exception):
    """Cells that can be read in several ways; the text says which."""


@dataclass(frozen=True)
class Dates:
    """Dates of cells: the form they were read as, and the moment of each.

    ``has_days`` is false for months without a day, which are only ordered.
    """

    form: str
    moments: dict[str, datetime]
    has_days: bool = True


def read_dates(cells: Collection[str]) -> Dates | None:
    """Dates, when every cell is one; None when one is not.

    Raises UnclearError when day and month cannot be distinguished.
    """
    months = {cell: _read_month(cell) for cell in cells}
    if all(months.values()):
        return Dates("months", {c: m for c, m in months.items() if m}, has_days=False)
    found: list[Dates] = []
    for form, order in _ORDERS.items():
        moments = {cell: _read_date(cell, order) for cell in cells}
        whole = {cell: moment for cell, moment in moments.items() if moment}
        if len(whole) == len(moments) and _suits(form, cells):
            if any(other.moments == whole for other in found):
                continue
            found.append(Dates(_name_form(form, cells), whole))
    if len(found) > 1:
        example = min(cell for cell in cells if len({d.moments[cell] for d in found}) > 1)
        forms = " or ".join(dates.form for dates in found)
        raise UnclearError(f"'{example}' can be {forms}, and no other cell says which")
    return found[0] if found else None


def _suits(form: str, cells: Collection[str]) -> bool:
    """Dots separate day, month and year in this order, except where that gives no date."""
    has_dots = any(match["sep"] == "." for match in map(_THREE.fullmatch, cells) if match)
    return not has_dots or form == "D.M.Y"


def _name_form(form: str, cells: Collection[str]) -> str:
    if any(_THREE.fullmatch(cell.casefold().strip()) for cell in cells):
        return form
    return "dates"


def _read_month(cell: str) -> datetime | None:
    text = cell.casefold().strip()
    for pattern in _MONTH:
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            month = 3 * int(parts["q"]) - 2 if parts.get("q") else _number_of_month(parts)
            return _make(int(parts["y"]), month, 1, {})
    return None


def _read_date(cell: str, order: str) -> datetime | None:
    text = cell.casefold().strip()
    for pattern in _WHOLE:
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            return _make(_full_year(parts["y"]), _number_of_month(parts), int(parts["d"]), parts)
    match = _THREE.fullmatch(text)
    if not match:
        return None
    parts = match.groupdict()
    if order == "ymd" and len(parts["c"]) == 4:
        return None
    named = dict(zip(order, (parts["a"], parts["b"], parts["c"]), strict=True))
    if len(named["y"]) == 1:
        return None
    return _make(_full_year(named["y"]), int(named["m"]), int(named["d"]), parts)


def _number_of_month(parts: dict[str, str | None]) -> int:
    if name := parts.get("name"):
        return MONTHS.index(name[:3]) + 1
    return int(parts["m"] or 0)


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _make(year: int, month: int, day: int, parts: dict[str, str | None]) -> datetime | None:
    clock = [int(parts.get(name) or 0) for name in ("hour", "minute", "second")]
    try:
        date = datetime(year, month, day)
    except ValueError:
        return None
    if clock[0] > 24 or clock[1] > 59 or clock[2] > 59:
        return None
    return date + timedelta(hours=clock[0], minutes=clock[1], seconds=clock[2])
