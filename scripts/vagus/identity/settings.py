"""Settings of the identity check."""

from __future__ import annotations

from dataclasses import dataclass

from vagus.study.keys import key


@dataclass(frozen=True)
class IdentitySettings:
    """Whether it is made, and which samples are large enough for it."""

    enabled: bool = key(
        True,
        "Compares the exact ASVs of samples of the same and of other subjects, where "
        "cohort.subject is given and some subject has several samples. It changes no data.",
    )
    min_reads: int = key(
        200,
        "Reads in ASVs below which a sample is not compared.",
        minimum=1,
    )
    min_asvs: int = key(
        10,
        "ASVs below which a sample is not compared.",
        minimum=1,
    )
