"""Settings of the cohort stage."""

from __future__ import annotations

from dataclasses import dataclass

from vagus.reference.lineage import LEVELS
from vagus.study.keys import key


@dataclass(frozen=True)
class TaxaSettings:
    """Which taxa are compared."""

    ranks: tuple[str, ...] = key(
        ("asv", "species", "genus", "family", "phylum"),
        "Ranks at which taxa are compared (differential abundance). Empty means not at all.",
        choices=LEVELS,
    )
    min_prevalence: float = key(
        0.1,
        "Least share of the samples of a comparison that a taxon must be seen in to be tested; "
        "at least 3 samples.",
        minimum=0,
        maximum=1,
    )
