"""Settings of the cohort stage."""

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


@dataclass(frozen=True)
class TaxaSettings:
    """Which taxa are compared."""

    ranks: tuple[str, ...] = key(
        ("asv", "species", "genus", "family", "phylum"),
        "Ranks at which taxa are compared (differential abundance). Empty means not at all.",
        choices=("asv", "species", "genus", "family", "order", "class", "phylum"),
    )
    min_prevalence: float = key(
        0.1,
        "Least share of the samples of a comparison that a taxon must be seen in to be tested; "
        "at least 3 samples.",
        minimum=0,
        maximum=1,
    )
