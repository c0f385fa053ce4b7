"""Settings of the phylogeny stage."""

from __future__ import annotations

from dataclasses import dataclass

from vagus.study.keys import key

ALIGNERS = ("auto", "famsa", "star")


@dataclass(frozen=True)
class TreeSettings:
    """How the tree is made."""

    aligner: str = key(
        "star",
        "Multiple aligner. `star` aligns each ASV to the most central one and is the same on every "
        "machine; `famsa` needs the package pyfamsa; `auto` takes `famsa` where it can be loaded, "
        "else `star`.",
        choices=ALIGNERS,
    )
