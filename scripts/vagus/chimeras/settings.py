"""Settings of the search for chimeras."""

from __future__ import annotations

from dataclasses import dataclass

from vagus.study.keys import key

# How chimeras are judged: by how much more abundant their parents are, or by whether they
# recur in the samples without their parents.
ABUNDANCE, RECURRENCE = "abundance", "recurrence"


@dataclass(frozen=True)
class ChimeraSettings:
    """When a variant of ``dada`` counts as a chimera; a parent has ``min_parent_reads`` or more."""

    min_fold: float = key(
        3.5,
        "For samples denoised by `dada`, how many times more abundant than a chimera both its "
        "parents must be.",
        minimum=1,
    )
    min_sample_fraction: float = key(
        0.9,
        "For samples denoised by `dada`, the share of the samples with an ASV that must call it"
        " a chimera.",
        above=0,
        maximum=1,
    )
    ignore_samples: int = key(
        1,
        "For samples denoised by `dada`, so many samples that do not call it a chimera are "
        "ignored in that share.",
        minimum=0,
    )
    min_parent_reads: int = 2
