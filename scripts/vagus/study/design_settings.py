"""Settings of the design: keys of the section ``cohort`` that name columns of the sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vagus.study.keys import key
from vagus.study.people import name_person

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
        "that samples are independent although a column such as subject or patient repeats, "
        "which is refused otherwise.",
    )
    time: str | None = key(
        None,
        "Column with the time point.",
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
