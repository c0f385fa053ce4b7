"""Settings of the design: keys of the section ``cohort`` that name columns of the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vagus.study.keys import key
from vagus.study.people import name_person
from vagus.study.time_units import UNITS

_NAME = {"type": "string", "minLength": 1}
GROUP_VALUES: dict[str, Any] = {
    "oneOf": [_NAME, {"type": "array", "uniqueItems": True, "items": _NAME}]
}


@dataclass(frozen=True)
class DesignSettings:
    """The study's design, as names of columns of the sheet."""

    group: str | tuple[str, ...] = key(
        (),
        "Column or columns whose levels are compared. Empty means no group tests.",
        values=GROUP_VALUES,
    )
    subject: str | None = key(
        None,
        "Column that names the person (or animal), when some gave several samples; none says "
        "that samples are independent although a column such as subject or patient repeats. When "
        "such a column repeats and subject is empty, check reports an error and nothing is tested.",
    )
    time: str | None = key(
        None,
        "Column with the time point. Numbers, amounts of time (day -7, 2 weeks), dates and words "
        "such as baseline and follow-up are put in their order, which check prints; other times "
        "need times. With subject, dates become days since the first visit of each.",
    )
    times: tuple[str, ...] = key(
        (),
        "Times from first to last, when their order cannot be read from them; every time of the "
        "sheet is named, as it is written there.",
    )
    time_unit: str | None = key(
        None,
        "Unit in which times enter models as a number and not as levels; amounts of time and dates "
        "are converted, plain numbers are taken to be in it. Empty: levels, unless every subject "
        "has times of their own.",
        values={"enum": [None, *UNITS]},
    )
    covariates: tuple[str, ...] = key(
        (),
        "Columns that models are adjusted for, and that ordinations show besides the groups; "
        "rank tests are not adjusted. Numbers enter as numbers, so name sites A, B, C and not "
        "1, 2, 3.",
    )
    reference: tuple[str, ...] = key(
        (),
        "Levels that the others of their column are compared with, for instance [control, "
        "baseline]. Columns without one take a level named control, healthy, placebo or "
        "baseline, else the first by name.",
    )
    permutations: int = key(
        999,
        "Permutations of each permutation test.",
        minimum=99,
        maximum=999999,
    )

    @property
    def person(self) -> str | None:
        """Column that names the person; None when none is named, or 'none' is."""
        return name_person(self.subject)
