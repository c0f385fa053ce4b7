"""The order of times: chronological, or asked for. Each order is what a calendar or clock says."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vagus.errors import ConfigError
from vagus.study.design import StudyDesign
from vagus.study.samples import Sample
from vagus.study.times import order_times, read_times

UNDERSTOOD = [
    ("pre-treatment", "post-treatment"),
    ("PRE", "POST"),
    ("Before", "After"),
    ("preop", "postop"),
    ("pre-FMT", "post-FMT"),
    ("before surgery", "after surgery"),
    ("PRE", "POST", "FOLLOW-UP"),
    ("screening", "baseline", "end of treatment", "follow-up"),
    ("baseline", "follow-up 1", "follow-up 2", "follow-up 10"),
    ("pre", "post 1", "post 2"),
    ("baseline", "week2", "week8", "week10"),
    ("baseline", "6-month follow-up", "12-month follow-up"),
    ("Baseline", "4 weeks", "6 months", "final visit"),
    ("day -7", "baseline", "day 7"),
    ("day -7", "day 0", "day 56"),
    ("week_-1", "week_0", "week_2", "week_12"),
    ("D-7", "D0", "D+7", "D28"),
    ("day −7", "day 7"),
    ("day-0", "day-7", "day-28"),
    ("2 weeks", "12 weeks", "6 months", "1 year"),
    ("2wk", "12wk", "6mo", "1yr"),
    ("30m", "2h", "5h"),
    ("3 days", "2 weeks", "1m", "2y"),
    ("1 week before surgery", "2 days before surgery", "1 week after surgery"),
    ("pre-FMT", "post-FMT week 1", "post-FMT week 4"),
    ("birth", "1 month", "6 months old"),
    ("0", "week 2", "week 10"),
    ("-7", "0", "2", "10", "56"),
    ("0.5", "1.5", "10"),
    ("2019", "2020", "2021"),
    ("T0", "T1", "T2", "T10"),
    ("V-1", "V0", "V1"),
    ("visit-1", "visit-2", "visit-10"),
    ("visit one", "visit two", "visit three"),
    ("first visit", "second visit", "third visit"),
    ("1st", "2nd", "3rd", "10th"),
    ("Phase I", "Phase II", "Phase IV"),
    ("1st trimester", "2nd trimester", "3rd trimester"),
    ("Dec 2025", "Jan 2026", "Feb 2026"),
    ("December 2025", "January 2026"),
    ("2025-11", "2026-01", "2026-02"),
    ("Q4 2025", "Q1 2026"),
    ("2025-12-30", "2026-01-02", "2026-10-01"),
    ("2026-1-9", "2026-1-10"),
    ("2026-01-02 08:00:00", "2026-01-02 14:30:00"),
    ("20251230", "20260102"),
    ("30.12.2025", "02.01.2026", "01.02.2026"),
    ("2.1.26", "1.2.26", "31.3.26"),
    ("01/13/2026", "02/01/2026"),
    ("13/01/2026", "01/02/2026"),
    ("9 Jan 2026", "10 Jan 2026", "1 Feb 2026"),
    ("Jan 9, 2026", "January 10, 2026", "Feb 1st, 2026"),
    ("30-Dec-25", "2-Jan-26"),
]

ASKED_FOR = [
    ("A", "B"),
    ("breakfast", "lunch", "dinner"),
    ("January", "February"),
    ("Monday", "Tuesday"),
    ("01/02/2026", "03/04/2026"),
    ("baseline", "01/02/2026"),
    ("day-7", "day-14"),
    ("day-7", "baseline"),
    ("baseline", "pre-treatment", "post"),
    ("enrolment", "baseline"),
    ("pre", "post", "3 months"),
    ("baseline", "day 0", "day 7"),
    ("screening", "day -7", "day 7"),
    ("pre-FMT", "post-antibiotics"),
    ("follow-up", "follow-up 2", "baseline"),
    ("week 4", "visit 8"),
    ("week 4", "8"),
    ("week 4-6", "week 8"),
    ("Week 8", "week8"),
    ("12 months", "1 year"),
    ("1", "1.0", "2"),
    ("30m", "2h", "3w"),
    ("baseline", "week 8 or later"),
    ("51,5", "52"),
    ("present", "absent"),
]


@pytest.mark.parametrize("order", UNDERSTOOD, ids=", ".join)
def test_times_are_in_the_order_of_the_calendar(order: tuple[str, ...]) -> None:
    shuffled = list(order)
    random.Random(len(order)).shuffle(shuffled)
    assert order_times(shuffled) == order
    assert order_times(order[::-1]) == order


@pytest.mark.parametrize("cells", ASKED_FOR, ids=", ".join)
def test_what_is_not_clear_is_asked_for(cells: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError, match=r"cohort\.times: \["):
        order_times(cells)
    assert order_times(cells, cells[::-1]) == cells[::-1]


def test_a_time_that_the_config_does_not_name_is_an_error() -> None:
    with pytest.raises(ConfigError, match="does not name 'C'"):
        order_times(["A", "B", "C"], ["A", "B"])
    assert order_times(["B"], ["A", "B"]) == ("B",)


DAYS = st.dates(date(1990, 1, 1), date(2068, 12, 31))
FORMS = st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%B %d, %Y", "%Y%m%d", "%Y/%m/%d"])


@given(st.sets(DAYS, min_size=2, max_size=8), FORMS)
def test_dates_of_one_form_are_in_order(days: set[date], form: str) -> None:
    order = tuple(day.strftime(form) for day in sorted(days))
    assert order_times(order[::-1]) == order


@given(st.sets(DAYS, min_size=2, max_size=8), st.booleans())
def test_slashes_are_read_or_asked_for_but_never_turned_around(
    days: set[date], american: bool
) -> None:
    form = "%m/%d/%Y" if american else "%d/%m/%Y"
    order = tuple(day.strftime(form) for day in sorted(days))
    try:
        found = order_times(order[::-1])
    except ConfigError:
        assert all(day.day <= 12 for day in days)
        return
    assert found == order


@given(
    st.sets(st.integers(-400, 400), min_size=2, max_size=8),
    st.sampled_from(["{}", "day {}", "day_{}", "{} days", "{:+d}", "{} weeks", "visit {}"]),
)
def test_numbers_are_in_order_whatever_is_around_them(numbers: set[int], form: str) -> None:
    order = tuple(form.format(number) for number in sorted(numbers))
    assert order_times(order[::-1]) == order


def _follow(times: list[list[str]], **settings: object) -> tuple[StudyDesign, list[Sample]]:
    """Samples of people, each with times of its own."""
    samples = [
        Sample(f"p{person}-{n}", "", (), metadata={"who": f"p{person}", "when": cell, "group": "a"})
        for person, cells in enumerate(times)
        for n, cell in enumerate(cells)
    ]
    design = StudyDesign(("group",), "who", "when", **settings)  # type: ignore[arg-type]
    return design, design.select_samples(samples)


def test_dates_become_days_since_the_first_visit_of_each() -> None:
    start = date(2026, 1, 31)
    times = [[start + timedelta(n), start + timedelta(n + 50 + n)] for n in range(8)]
    design, samples = _follow([[day.isoformat() for day in days] for days in times])
    assert [s.value("when") for s in samples][:6] == ["0", "50", "0", "51", "0", "52"]
    assert design.order_times(samples) == ("0", *(str(50 + n) for n in range(8)))
    assert design.has_time_slope(samples)
    assert samples[0].cell("when") == "2026-01-31"
    assert design.select_samples(samples) == samples


def test_dates_that_people_share_are_levels() -> None:
    design, samples = _follow([["01.02.2026", "01.03.2026"]] * 4)
    assert design.order_times(samples) == ("0", "28")
    assert not design.has_time_slope(samples)


def test_a_unit_makes_numbers_of_times() -> None:
    design, samples = _follow([["baseline", "2 weeks", "70 days"]] * 4, time_unit="weeks")
    assert design.order_times(samples) == ("0", "2", "10")
    assert design.has_time_slope(samples)
    design, samples = _follow([["2026-01-01", "2027-01-01"]] * 4, time_unit="months")
    assert design.order_times(samples) == ("0", "11.9918")  # 365 / 30.4375


@pytest.mark.parametrize("cells", [["T0", "T1"], ["pre", "post"]])
def test_a_unit_for_what_has_none_is_an_error(cells: list[str]) -> None:
    with pytest.raises(ConfigError, match="no amounts of time"):
        _follow([cells] * 4, time_unit="weeks")


def test_a_start_is_zero_only_where_numbers_follow() -> None:
    assert read_times(["baseline", "4 weeks"]).numbers == {"baseline": 0.0, "4 weeks": 28.0}
    assert read_times(["screening", "4 weeks"]).numbers == {}
