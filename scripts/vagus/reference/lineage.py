"""Lineages of seven ranks: their text form and the current names of phyla."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from vagus.errors import ReferenceFileError

RANKS = ("domain", "phylum", "class", "order", "family", "genus", "species")
"""Ranks of a lineage, from the broadest to the finest."""

LEVELS = ("asv", *RANKS[:0:-1])
"""What can be compared: ASVs, then taxa of each rank below the domain, the finest first."""

PREFIXES = ("d__", "p__", "c__", "o__", "f__", "g__", "s__")
"""The prefix that gives the rank of a name, as in GTDB, QIIME 2 and Greengenes."""

Lineage = tuple[str, str, str, str, str, str, str]
"""One name a rank in the order of ``RANKS``; the empty string where it is unknown."""

SEPARATOR = ";"
TIE_SEPARATOR = "/"


def parse_lineage(text: str) -> Lineage:
    """Read ``domain;phylum;class;order;family;genus;species``; blanks around names are dropped.

    Raises ValueError when there are not seven fields.
    """
    names = tuple(name.strip() for name in text.split(SEPARATOR))
    if len(names) != len(RANKS):
        raise ValueError(f"a lineage has {len(RANKS)} fields, not {len(names)}: {text!r}")
    return names  # type: ignore[return-value]


def format_lineage(lineage: Sequence[str]) -> str:
    """Text form of a lineage, all seven fields written."""
    if len(lineage) != len(RANKS):
        raise ValueError(f"a lineage has {len(RANKS)} ranks, not {len(lineage)}")
    return SEPARATOR.join(lineage)


def merge_lineages(lineages: Sequence[Lineage]) -> Lineage:
    """Lineage of a sequence that several organisms share.

    Names that differ at a rank are joined by ``/`` in code point order, so that ties stay
    visible; an unknown name gives way to a known one.
    """
    merged = []
    for names in zip(*lineages, strict=True):
        parts = {part for name in names for part in name.split(TIE_SEPARATOR) if part}
        merged.append(TIE_SEPARATOR.join(sorted(parts)))
    return tuple(merged)  # type: ignore[return-value]


class PhylumNames:
    """Table that brings phyla (and classes that were split) to current usage.

    A row applies to lineages with ``source_phylum`` as their phylum and, when ``taxon`` is
    not empty, ``taxon`` among their other names. The row with the finest matching taxon
    wins. An empty ``current_class`` leaves the class as it is.
    """

    def __init__(self, rows: Sequence[tuple[str, str, str, str]]) -> None:
        self._current = {(phylum, taxon): (new, cls) for phylum, taxon, new, cls in rows}

    @classmethod
    def read(cls, path: str | PathLike[str]) -> PhylumNames:
        """Read the TSV: source_phylum, taxon, current_phylum, current_class, source."""
        rows = []
        with open(path, encoding="utf-8") as stream:
            next(stream)
            for number, line in enumerate(stream, start=2):
                fields = line.rstrip("\n").split("\t")
                if len(fields) != 5:
                    raise ReferenceFileError(
                        f"{len(fields)} columns where 5 are expected",
                        fix="Write source_phylum, taxon, current_phylum, current_class, source.",
                        file=path,
                        line=number,
                    )
                rows.append((fields[0], fields[1], fields[2], fields[3]))
        return cls(rows)

    def rename(self, lineage: Lineage) -> Lineage:
        """The lineage with the current names of its phylum and class."""
        for taxon in (*reversed(lineage[2:]), ""):
            current = self._current.get((lineage[1], taxon))
            if current is not None and (taxon or lineage[1]):
                phylum, new_class = current
                return (lineage[0], phylum, new_class or lineage[2], *lineage[3:])
        return lineage
