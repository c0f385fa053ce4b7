"""Which names of two databases mean the same, so that a renaming is no disagreement.

Genera that were split count both ways: 'Lactobacillus' of an older database agrees with
'Limosilactobacillus' of a newer one, but two of the newer genera do not agree with each other.
Phyla are compared by their current names. GTDB's suffixes ('Bacillota_A'), 'sensu stricto 1'
and joined genera ('Escherichia-Shigella', 'Escherichia/Shigella') agree with the plain name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from vagus.errors import ReferenceFileError
from vagus.reference.lineage import RANKS, TIE_SEPARATOR
from vagus.taxonomy.ranks import SPECIES

RESOURCES = Path(__file__).resolve().parents[3] / "resources"
_GTDB_SUFFIX = re.compile(r"_[A-Z]{1,3}(?= |$)")
_GROUP = re.compile(r" sensu stricto(?: \d+)?$| \d+$")
_PHYLUM, _GENUS = RANKS.index("phylum"), RANKS.index("genus")


@dataclass(frozen=True)
class Synonyms:
    """Pairs (rank, name, other name) that agree, in both directions, and phyla renamed."""

    pairs: frozenset[tuple[int, str, str]]
    phyla: dict[str, str]

    @classmethod
    def read(cls, folder: str | PathLike[str] = RESOURCES) -> Synonyms:
        """Read ``taxon_synonyms.tsv`` and ``phylum_names.tsv``.

        Raises ReferenceFileError for a line with other columns or an unknown rank.
        """
        pairs: set[tuple[int, str, str]] = set()
        for number, fields in _read_rows(Path(folder) / "taxon_synonyms.tsv", 4):
            rank, older, newer, _ = fields
            if rank not in RANKS:
                raise ReferenceFileError(
                    f"'{rank}' is no rank",
                    fix=f"Write one of {', '.join(RANKS)}",
                    file=Path(folder) / "taxon_synonyms.tsv",
                    line=number,
                )
            pairs |= {(RANKS.index(rank), older, newer), (RANKS.index(rank), newer, older)}
        phyla = {
            fields[0]: fields[2]
            for _, fields in _read_rows(Path(folder) / "phylum_names.tsv", 5)
            if not fields[1]
        }
        return cls(frozenset(pairs), phyla)

    def agree(self, rank: int, name: str, other: str) -> bool:
        """Whether two names at a rank agree; joined names agree when any of theirs do."""
        return any(
            self._agree(rank, one, two) for one in _split(rank, name) for two in _split(rank, other)
        )

    def _agree(self, rank: int, one: str, two: str) -> bool:
        if rank == SPECIES:
            genus, _, epithet = one.partition(" ")
            other_genus, _, other_epithet = two.partition(" ")
            return epithet == other_epithet and self._agree(_GENUS, genus, other_genus)
        if rank == _PHYLUM:
            one, two = self.phyla.get(one, one), self.phyla.get(two, two)
        return one == two or (rank, one, two) in self.pairs


def _split(rank: int, name: str) -> Iterable[str]:
    """The names that a label stands for, without what only some databases add."""
    for part in name.split(TIE_SEPARATOR):
        for single in part.split("-") if rank == _GENUS else [part]:
            yield _GROUP.sub("", _GTDB_SUFFIX.sub("", single))


def _read_rows(path: Path, n_columns: int) -> Iterable[tuple[int, list[str]]]:
    with open(path, encoding="utf-8") as stream:
        next(stream)
        for number, line in enumerate(stream, 2):
            fields = line.rstrip("\n").split("\t")
            if len(fields) != n_columns:
                raise ReferenceFileError(
                    f"{len(fields)} columns where {n_columns} are expected",
                    fix="Separate the columns by single tabs",
                    file=path,
                    line=number,
                )
            yield number, fields
