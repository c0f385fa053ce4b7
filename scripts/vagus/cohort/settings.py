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


@dataclass(frozen=True)
class InterestSettings:
    """Smallest effects of interest: what is smaller does not matter to the study.

    An answer is 'no difference found' only where the whole 95 % interval is smaller than these, and
    'cannot tell' where a larger effect fits the data. They change no test.
    """

    diversity: float = key(
        0.5,
        "Smallest difference of alpha diversity between two groups that matters, in standard "
        "deviations (Hedges g). The study page answers 'no difference found' where the 95 % "
        "interval leaves out all that is larger, and 'cannot tell' where it does not. Half of "
        "it is the limit of a slope for each standard deviation of a number. 0.5 is usually "
        "called a medium effect: name your own before you look.",
        minimum=0,
    )
    composition: float = key(
        0.06,
        "Smallest share of the variation in distances that matters (partial omega squared, 0 to "
        "1), used in the same way. 0.06 is what a difference of 0.5 standard deviations between "
        "two groups of one size explains.",
        minimum=0,
        maximum=1,
    )
    taxa: float = key(
        1,
        "Smallest log2 fold of a taxon between two groups that matters, used in the same way: 1 "
        "is twice or half as much.",
        minimum=0,
    )
