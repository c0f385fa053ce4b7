"""The order of times: understood, or asked for, never guessed.

``read_times`` takes the different cells of the column of times. The order is that of
``cohort.times``, when it is given; else all cells must be numbers, dates, amounts of time (``day
-7``, ``2 weeks``), counts of one word (``visit 2``), or words with a known place (``baseline``,
``follow-up``), which may be mixed with amounts or counts where their place is clear. Anything else
is an error that names the cells and asks for ``cohort.times``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from vagus.errors import ConfigError
from vagus.study.dates import Dates, UnclearError, read_dates
from vagus.study.moments import (
    FOLLOW_UP,
    LAST,
    MIDDLE,
    SCREENING,
    START,
    Moment,
    read_moment,
)

GIVEN, DATES, NUMBERS, AMOUNTS = "cohort.times", "dates", "numbers", "amounts of time"
_SHOWN = 8
_EPSILON = 1e-9


@dataclass(frozen=True)
class TimeOrder:
    """Times as they were understood.

    Attributes:
        order: the cells from first to last.
        kind: how they were read, for a person.
        numbers: the number of each cell where all have one: days, or what plain numbers give.
        unit: unit of the cells when they are amounts of one unit; else empty.
        dates: the dates, when they are dates with days.
    """

    order: tuple[str, ...]
    kind: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    unit: str = ""
    dates: Dates | None = None


def order_times(cells: Collection[str], times: Sequence[str] = ()) -> tuple[str, ...]:
    """Times from first to last; ConfigError when their order is not known."""
    return read_times(cells, times).order


def read_times(cells: Collection[str], times: Sequence[str] = ()) -> TimeOrder:
    """Understand the different cells of the column of times; ``times`` is ``cohort.times``.

    Raises ConfigError, which names the cells and asks for ``cohort.times``.
    """
    found = sorted(set(cells))
    if times:
        return TimeOrder(_take_given(found, times), GIVEN)
    try:
        dates = read_dates(found) if found else None
        if dates:
            return _order_dates(found, dates)
        if len(found) < 2:
            return TimeOrder(tuple(found), "one value")
        return _order_moments({cell: read_moment(cell) for cell in found})
    except UnclearError as error:
        raise ConfigError(
            f"the order of the times is not clear: {error}",
            fix=f"Give the order, first to last, as cohort.times: [{', '.join(found[:_SHOWN])}"
            f"{', ...' if len(found) > _SHOWN else ''}], or write them as numbers or as dates "
            "such as 2026-02-01",
        ) from None


def _take_given(found: Sequence[str], times: Sequence[str]) -> tuple[str, ...]:
    unknown = [cell for cell in found if cell not in times]
    if unknown:
        raise ConfigError(
            f"cohort.times does not name {quote(unknown)}, which the sheet has",
            fix="Name every time of the sheet, as it is written there, from first to last",
        )
    return tuple(time for time in times if time in set(found))


def quote(cells: Sequence[str]) -> str:
    """Cells in quotation marks, the first few of many."""
    more = f" and {len(cells) - _SHOWN} more" if len(cells) > _SHOWN else ""
    return ", ".join(f"'{cell}'" for cell in cells[:_SHOWN]) + more


def _order_dates(found: Sequence[str], dates: Dates) -> TimeOrder:
    order = tuple(sorted(found, key=lambda cell: (dates.moments[cell], cell)))
    if not dates.has_days:
        _refuse_equal(
            order, {cell: (moment.toordinal(),) for cell, moment in dates.moments.items()}
        )
        return TimeOrder(order, dates.form)
    kind = DATES if dates.form == DATES else f"{DATES} ({dates.form})"
    return TimeOrder(order, kind, dates=dates)


def _order_moments(read: Mapping[str, Moment | None]) -> TimeOrder:
    unknown = [cell for cell, moment in read.items() if moment is None]
    if unknown:
        raise UnclearError(f"{quote(unknown)} cannot be placed in time")
    moments = {cell: moment for cell, moment in read.items() if moment}
    stages = {cell: moment for cell, moment in moments.items() if moment.kind == "stage"}
    numbered = {cell: moment for cell, moment in moments.items() if moment.kind != "stage"}
    _refuse_anchors(moments)
    numbered = _settle_hyphens(_settle_units(numbered), has_stages=bool(stages))
    numbers = {c: m.days if m.kind == "amount" else m.number for c, m in numbered.items()}
    keys = _place(stages, numbers)
    order = tuple(sorted(moments, key=lambda cell: (keys[cell], cell)))
    _refuse_equal(order, keys)
    return _finish(order, stages, numbered, numbers)


def _finish(
    order: tuple[str, ...],
    stages: Mapping[str, Moment],
    numbered: Mapping[str, Moment],
    numbers: dict[str, float],
) -> TimeOrder:
    """The order with its scale: a start is 0 where all numbers are above."""
    units = {m.word for m in numbered.values() if m.kind == "amount"}
    words = {m.word for m in numbered.values() if m.kind == "count"} - ({""} if units else set())
    kind = "words"
    if numbered:
        kind = AMOUNTS if units else NUMBERS if words == {""} else f"numbers of '{min(words)}'"
        kind += " and words" if stages else ""
    starts = [cell for cell, moment in stages.items() if moment.stage == START]
    is_scale = bool(numbered) and words <= {""} and len(stages) == len(starts) < 2
    scale = {**numbers, **dict.fromkeys(starts, 0.0)} if is_scale else {}
    return TimeOrder(order, kind, scale, min(units) if len(units) == 1 else "")


def _refuse_anchors(moments: Mapping[str, Moment]) -> None:
    """Two events ('pre-FMT', 'post-antibiotics') have no order of their own."""
    anchors = sorted({moment.anchor for moment in moments.values() if moment.anchor})
    if len(anchors) > 1:
        raise UnclearError(f"they are before or after {' and '.join(anchors)}")


def _settle_units(numbered: dict[str, Moment]) -> dict[str, Moment]:
    """One kind of number: amounts of time, of any units, or counts of one word.

    A plain 0 is 0 of any unit. 'm' is minutes beside hours, and months beside longer units.
    """
    amounts = {cell: moment for cell, moment in numbered.items() if moment.kind == "amount"}
    counts = {cell: moment for cell, moment in numbered.items() if moment.kind == "count"}
    if amounts:
        zero = {c: Moment("amount", "day") for c, m in counts.items() if m == Moment("count")}
        if strange := sorted(set(counts) - set(zero)):
            raise UnclearError(f"{quote(strange)} and {quote(sorted(amounts)[:2])} differ in kind")
        return {**_settle_minutes(amounts), **zero}
    words = sorted({moment.word for moment in counts.values()})
    if len(words) > 1:
        raise UnclearError(f"numbers of {quote(words)} are mixed")
    return counts


def _settle_minutes(amounts: dict[str, Moment]) -> dict[str, Moment]:
    single = {c for c in amounts if "".join(filter(str.isalpha, c)).casefold() == "m"}
    short = any(m.word in ("minute", "hour") for m in amounts.values())
    long = any(m.word in ("day", "week", "year") for m in amounts.values())
    if single and short and long:
        raise UnclearError(f"{quote(sorted(single))} can be minutes or months")
    if not (single and short):
        return amounts
    return {c: replace(m, word="minute") if c in single else m for c, m in amounts.items()}


def _settle_hyphens(numbered: dict[str, Moment], has_stages: bool) -> dict[str, Moment]:
    """'day-7' is a minus beside 'day 7', a hyphen where even 0 has one, else unclear."""
    joined = [cell for cell, moment in numbered.items() if moment.has_hyphen]
    if not joined:
        return numbered
    others = [m for m in numbered.values() if not m.has_hyphen]
    if others:
        return numbered
    has_zero = any(moment.number == 0 for moment in numbered.values())
    is_count = all(moment.kind == "count" for moment in numbered.values()) and not has_stages
    if not (has_zero or is_count):
        raise UnclearError(f"{quote(sorted(joined))} can have a hyphen or a minus")
    return {cell: replace(m, number=abs(m.number)) for cell, m in numbered.items()}


def _place(
    stages: Mapping[str, Moment], numbers: Mapping[str, float]
) -> dict[str, tuple[float, ...]]:
    """Sort keys: phase, number. Numbers are in the middle, or around a start that is 0."""
    if numbers:
        _refuse_unclear_stages(stages, numbers)
    keys: dict[str, tuple[float, ...]] = {cell: (MIDDLE, n) for cell, n in numbers.items()}
    around_zero = min(numbers.values(), default=1.0) < 0
    for cell, moment in stages.items():
        if moment.stage == START and around_zero:
            keys[cell] = (MIDDLE, 0.0)
        else:
            keys[cell] = (moment.stage, moment.number)
    _refuse_partly_numbered(stages)
    return keys


def _refuse_unclear_stages(stages: Mapping[str, Moment], numbers: Mapping[str, float]) -> None:
    lowest, highest = min(numbers.values()), max(numbers.values())
    has_zero = any(abs(number) < _EPSILON for number in numbers.values())
    for cell, moment in sorted(stages.items()):
        is_before = cell.casefold().strip().startswith(("pre", "before")) or moment.number > 0
        is_clear = {
            SCREENING: lowest > 0,
            START: lowest > 0 if is_before else not has_zero,
            FOLLOW_UP: highest > 0,
            LAST: highest > 0,
        }
        if not is_clear.get(moment.stage, False):
            beside = quote(sorted(numbers)[:3])
            raise UnclearError(f"'{cell}' has no clear place among {beside}")


def _refuse_partly_numbered(stages: Mapping[str, Moment]) -> None:
    """'follow-up' beside 'follow-up 2' may be the first or the last of them."""
    for cell, moment in sorted(stages.items()):
        if not moment.number and any(
            other.stage == moment.stage and other.number for other in stages.values()
        ):
            raise UnclearError(f"'{cell}' has no number, and others of its kind have one")


def _refuse_equal(order: Sequence[str], keys: Mapping[str, tuple[float, ...]]) -> None:
    for first, second in pairwise(order):
        if all(abs(a - b) < _EPSILON for a, b in zip(keys[first], keys[second], strict=True)):
            raise UnclearError(
                f"'{first}' and '{second}' are the same time, or which is first is not known"
            )
