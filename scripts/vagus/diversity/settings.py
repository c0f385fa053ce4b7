"""Settings of the diversity stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vagus.reference.lineage import LEVELS
from vagus.study.keys import key

DEPTH_VALUES: dict[str, Any] = {
    "oneOf": [{"enum": ["auto", "none"]}, {"type": "integer", "minimum": 1}]
}
METRICS = (
    "braycurtis", "jaccard", "weighted_unifrac", "unweighted_unifrac", "aitchison",
    "robust_aitchison",
)  # fmt: skip


@dataclass(frozen=True)
class RarefactionSettings:
    """To how many reads samples are rarefied, and how often."""

    rarefaction_depth: int | str = key(
        "auto",
        "Reads to which samples are rarefied. `auto` takes the reads of the smallest sample "
        "that is not a control and did not fail (fewer than 1,000 reads and less than a tenth "
        "of the median), unless leaving out up to 5 % of the samples at least doubles the "
        "depth; `none` turns rarefaction off.",
        values=DEPTH_VALUES,
    )
    rarefaction_repeats: int = key(
        10,
        "Rarefied tables that are averaged.",
        minimum=1,
        maximum=10000,
    )


@dataclass(frozen=True)
class DiversitySettings:
    """What is measured."""

    metrics: tuple[str, ...] = key(
        METRICS,
        "Distances between samples.",
        choices=METRICS,
        min_items=1,
    )
    levels: tuple[str, ...] = key(
        ("asv", "species", "genus"),
        "What diversity is measured of. ASVs always are; further levels gather ASVs by name, "
        "those without a name at the level under their deepest name, and have no UniFrac and no"
        " Faith PD, for which a tree is needed.",
        choices=LEVELS,
    )
