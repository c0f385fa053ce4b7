"""Settings of the phylogeny stage."""

from __future__ import annotations

from dataclasses import dataclass

from vagus.study.keys import key

ALIGNERS = ("auto", "famsa", "star")


@dataclass(frozen=True)
class TreeSettings:
    """How the tree is made."""

    aligner: str = key(
        "auto",
        "Multiple aligner. `auto` takes `famsa` where it can be loaded, else `star`.",
        choices=ALIGNERS,
    )
