"""Older names of species, found where the same type strain has another name today.

1. A taxonomy number that has another binomial in the newer source.
2. A strain of an older reference whose species is not known any more: the species of today with
   the same epithet (endings aside, as genders follow the genus) whose sequence is the
   nearest and at least 98.7 % identical.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from vagus.edits import count_edits_within
from vagus.starter_recipe.refseq import Entry

MIN_IDENTITY = 0.987
_ENDING = re.compile(r"(?:us|um|is|ii|ae|a|e|i|er|ra|rum)$")


def stem_epithet(species: str) -> str:
    """The epithet without the ending that follows the gender of the genus."""
    return _ENDING.sub("", species.split(" ")[-1])


def measure_overlap(one: str, two: str) -> float:
    """Identity of the shorter sequence within the longer one, free ends aside."""
    shorter, longer = sorted((one, two), key=len)
    limit = len(shorter) // 10
    edits = count_edits_within(shorter, longer, limit)
    return 1.0 - edits / len(shorter) if edits >= 0 else 0.0


def trim_ends(sequence: str, n_bp: int = 40) -> str:
    """The sequence without what differs between partial records: both ends."""
    return sequence[n_bp:-n_bp]


def find_renamed(older: Iterable[tuple[str, str]], today: Iterable[Entry]) -> dict[str, str]:
    """Current species of each older one; ``older`` are pairs of species and sequence."""
    of_stem: dict[str, list[Entry]] = defaultdict(list)
    current = set()
    for entry in today:
        of_stem[stem_epithet(entry.lineage[6])].append(entry)
        current.add(entry.lineage[6])
    best: dict[str, tuple[float, str]] = {}
    for species, sequence in older:
        if species in current:
            continue
        for entry in of_stem.get(stem_epithet(species), ()):
            identity = measure_overlap(trim_ends(sequence), entry.sequence)
            if identity >= MIN_IDENTITY:
                found = (identity, entry.lineage[6])
                best[species] = max(best.get(species, found), found)
    return {species: name for species, (_, name) in best.items()}


def follow(name: str, renamed: Mapping[str, str]) -> str:
    """The name at the end of a chain of renamings."""
    seen = {name}
    while name in renamed and renamed[name] not in seen:
        name = renamed[name]
        seen.add(name)
    return name
