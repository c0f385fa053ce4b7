"""Times as numbers: days since the first visit, or amounts in the unit of ``cohort.time_unit``.

Dates become days since the first visit of each subject, without any setting. Amounts of time and
plain numbers stay the levels that they are, unless ``cohort.time_unit`` asks for numbers, or the
times are each subject's own: more than five of them, more than half with fewer than three
subjects. Then no two subjects share their times, and time can only be a slope.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from vagus.errors import ConfigError
from vagus.study.numbers import is_number
from vagus.study.samples import Sample
from vagus.study.time_units import UNITS
from vagus.study.times import GIVEN, TimeOrder, quote, read_times

MAX_SHARED_TIMES, MIN_SUBJECTS_A_TIME = 5, 3
_DIGITS = 4
_EPOCH = datetime(1900, 1, 1)


@dataclass(frozen=True)
class TimeSettings:
    """Column of times, of people, and what the config says of the order and the scale."""

    time: str
    person: str | None = None
    times: tuple[str, ...] = ()
    unit: str | None = None


@dataclass(frozen=True)
class TimeScale:
    """How the times of a study were understood.

    Attributes:
        order: values from first to last, as the tables name them.
        numbers: number of each sample, by name, where times are numbers; else empty.
        unit: unit of the numbers, such as ``days``; empty when it is not known.
        words: how the cells were read, for a person.
    """

    order: tuple[str, ...]
    numbers: Mapping[str, str]
    unit: str
    words: str


def scale_times(samples: Sequence[Sample], settings: TimeSettings) -> TimeScale:
    """Understand the times of the samples that are not controls.

    Raises ConfigError for times whose order is not known, and for a unit that they do not fit.
    """
    cells = {s.name: s.value(settings.time) for s in samples if s.value(settings.time)}
    read = read_times(set(cells.values()), settings.times)
    if settings.unit and settings.times:
        raise ConfigError(
            "cohort.times and cohort.time_unit are both given",
            fix="Give an order of levels (times) or a unit of numbers (time_unit), not both",
        )
    people = {s.name: s.value(settings.person) if settings.person else s.name for s in samples}
    if read.dates and settings.person:
        return _count_from_first_visits(cells, people, read, settings)
    if not (settings.unit or (read.numbers and is_individual(cells, people))):
        return TimeScale(read.order, {}, "", _explain(read))
    unit = settings.unit or (f"{read.unit}s" if read.unit else "days" if _has_units(read) else "")
    numbers = _convert(read, unit, settings)
    return TimeScale(
        sort_numbers(numbers.values()), {name: numbers[cell] for name, cell in cells.items()},
        unit, f"{_explain(read)}, taken as numbers" + (f" of {unit}" if unit else ""),
    )  # fmt: skip


def is_individual(cells: Mapping[str, str], people: Mapping[str, str]) -> bool:
    """Whether times are each subject's own, and not shared; both by sample."""
    seen: dict[str, set[str]] = {}
    for name, cell in cells.items():
        seen.setdefault(cell, set()).add(people[name])
    few = sum(len(found) < MIN_SUBJECTS_A_TIME for found in seen.values())
    return len(seen) > MAX_SHARED_TIMES and 2 * few > len(seen) and all(people.values())


def sort_numbers(cells: Collection[str]) -> tuple[str, ...]:
    """Different numbers in cells, in their order."""
    return tuple(sorted(set(cells), key=float))


def _has_units(read: TimeOrder) -> bool:
    return read.kind.startswith("amounts")


def _explain(read: TimeOrder) -> str:
    if read.kind == GIVEN:
        return "in the order of cohort.times"
    return f"read as {read.kind}"


def _count_from_first_visits(
    cells: Mapping[str, str],
    people: Mapping[str, str],
    read: TimeOrder,
    settings: TimeSettings,
) -> TimeScale:
    """Days (or another unit) since each person's first visit; hours count the time of day too."""
    unit = settings.unit or "days"
    assert read.dates is not None
    moments = read.dates.moments
    days = {
        name: (
            (moments[cell] - _EPOCH).total_seconds() / 86400
            if unit == "hours"
            else moments[cell].toordinal()
        )
        for name, cell in cells.items()
        if people[name]
    }
    first: dict[str, float] = {}
    for name, day in days.items():
        first[people[name]] = min(day, first.get(people[name], day))
    numbers = {
        name: write_number((day - first[people[name]]) / UNITS[unit]) for name, day in days.items()
    }
    words = f"{unit} since the first visit of each {settings.person}, read as {read.kind}"
    return TimeScale(sort_numbers(numbers.values()), numbers, unit, words)


def _convert(read: TimeOrder, unit: str, settings: TimeSettings) -> dict[str, str]:
    """The number of each cell, in the unit."""
    if read.dates:
        moments = read.dates.moments
        start = min(moment.toordinal() for moment in moments.values())
        days = {cell: moment.toordinal() - start for cell, moment in moments.items()}
        return {cell: write_number(day / UNITS[unit]) for cell, day in days.items()}
    if not read.numbers:
        raise ConfigError(
            f"cohort.time_unit is {unit}, but times such as {quote(read.order[:3])} are no "
            f"amounts of time (read as {read.kind})",
            fix="Write them as numbers, amounts of time or dates, or leave time_unit empty",
        )
    by = UNITS[unit] if _has_units(read) else 1.0
    return {cell: write_number(number / by) for cell, number in read.numbers.items()}


def write_number(value: float) -> str:
    """A number as a cell of the sheet would have it."""
    return f"{round(value, _DIGITS):.10g}" if round(value, _DIGITS) else "0"


def place_times(samples: Sequence[Sample], settings: TimeSettings) -> list[Sample]:
    """The samples with numbers in place of times that are numbers; controls stay as they are.

    Raises ConfigError as ``scale_times`` does.
    """
    own = [sample for sample in samples if not sample.control]
    numbers = scale_times(own, settings).numbers
    return [
        replace(s, derived={**s.derived, settings.time: numbers.get(s.name, "")})
        if numbers and not s.control
        else s
        for s in samples
    ]


def has_numbers_as_times(samples: Sequence[Sample], settings: TimeSettings) -> bool:
    """Whether times are a slope and not levels, from samples that ``place_times`` returned."""
    cells = {s.name: s.value(settings.time) for s in samples if s.value(settings.time)}
    if settings.times or not cells or not all(map(is_number, cells.values())):
        return False
    people = {s.name: s.value(settings.person) if settings.person else s.name for s in samples}
    return bool(settings.unit) or is_individual(cells, people)
