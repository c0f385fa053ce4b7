"""What an installed reference has in it, counted when it is installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vagus.errors import put_in_one_line
from vagus.reference.installed import CATALOGUED
from vagus.reference.lineage import RANKS
from vagus.reference.starter import ReferenceRecord

SEQUENCES = "sequences"
_MAX_LETTERS = 200


def count_records(records: Sequence[ReferenceRecord]) -> dict[str, int]:
    """Records, and by rank those whose deepest name is there."""
    counts = {SEQUENCES: len(records), **dict.fromkeys(RANKS, 0)}
    for record in records:
        depth = max((i for i, name in enumerate(record.lineage) if name), default=-1)
        if depth >= 0:
            counts[RANKS[depth]] += 1
    return counts


def describe_contents(provenance: Mapping[str, Any]) -> str:
    """What was counted, and where it comes from: '12 sequences, 10 named to species; from x.fa'."""
    contents = provenance.get("contents")
    counted = count_words(contents) if contents else "sequences were not counted: install it again"
    names = [source.get("url") or source.get("file") for source in provenance.get("sources", [])]
    shown = ", ".join(str(name).split("/")[-1] or str(name) for name in names if name)
    where = f"own files ({shown})" if provenance.get("origin") != CATALOGUED else shown
    return put_in_one_line(f"{counted}; from {where}" if shown else counted, _MAX_LETTERS)


def count_words(contents: Mapping[str, int]) -> str:
    """'12 sequences, 10 named to species, 2 to genus': each counts at its deepest name."""
    words: list[str] = []
    for rank in reversed(RANKS):
        if here := contents.get(rank, 0):
            words.append(f"{here:,} to {rank}" if words else f"{here:,} named to {rank}")
    n = contents.get(SEQUENCES, 0)
    return ", ".join([f"{n:,} sequence{'s' * (n != 1)}", *words])
