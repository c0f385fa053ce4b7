"""One service for names of taxa: what a label of any database means, and which labels agree.

1. The plain name is without what only a database adds: rank prefixes ('g__'), GTDB's letters
   ('Blautia_A obeum'), Greengenes2's numbers ('Phocaeicola_A_858004'), SILVA's brackets and digits
   ('[Ruminococcus] gnavus', 'Clostridium sensu stricto 1', 'Prevotella_9'), quotes, 'Candidatus',
   subspecies and strains.
2. SILVA's groups of one species ('[Eubacterium] hallii group') mean the genus of that
   species today.
3. Joined names ('Escherichia/Shigella', 'Escherichia-Shigella') mean each of their parts, groups
   of inseparable species ('Bacillus cereus group', ``inseparable``) each of their members.
4. Species renamed since (``renamed_species.tsv``, ``taxon_synonyms.tsv``) have the name of today.
   Genera that were split agree both ways: 'Lactobacillus' of an older database agrees with
   'Limosilactobacillus' of a newer one, but two of the newer genera do not agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from os import PathLike
from pathlib import Path

from vagus.errors import ReferenceFileError
from vagus.product import find_product
from vagus.reference.inseparable import Groups
from vagus.reference.lineage import RANKS, TIE_SEPARATOR

RESOURCES = find_product("resources")
_PREFIX = re.compile(r"^[a-z]{1,2}__")
_SUFFIX = re.compile(r"(?:_[A-Z]{1,3})?(?:_\d+)?(?= |$)")
_SENSU = re.compile(r" sensu stricto(?: \d+)?$| \d+$")
_BELOW_SPECIES = re.compile(r" (?:subsp\.|ssp\.|subspecies|bv\.|var\.|serovar|str\.|strain) .*$")
_MARKS = str.maketrans("", "", "[]\"'")
_GROUP_OF_SPECIES = re.compile(r"^\[?([A-Z][a-z]+)\]? ([a-z]+) group$")
_PHYLUM, GENUS, SPECIES = map(RANKS.index, ("phylum", "genus", "species"))
_MAX_RENAMINGS = 5


def plain_name(name: str) -> str:
    """A name without what only a database adds to it; joined names stay joined."""
    plain = _SUFFIX.sub("", _PREFIX.sub("", name.strip())).translate(_MARKS)
    plain = _BELOW_SPECIES.sub("", _SENSU.sub("", plain))
    return plain.removeprefix("Candidatus ").removeprefix("Ca. ")


@dataclass(frozen=True)
class Names:
    """Pairs (rank, name, other name) that agree, phyla and species renamed, groups."""

    pairs: frozenset[tuple[int, str, str]]
    phyla: dict[str, str]
    renamed: dict[str, str]
    groups: Groups

    @classmethod
    def read(cls, folder: str | PathLike[str] = RESOURCES) -> Names:
        """Read the tables of names in a folder.

        Raises ReferenceFileError for a line with other columns or an unknown rank.
        """
        folder = Path(folder)
        renamed = {
            older: newer for _, (older, newer, _) in _read_rows(folder, "renamed_species", 3)
        }
        pairs: set[tuple[int, str, str]] = set()
        for number, (rank, older, newer, _) in _read_rows(folder, "taxon_synonyms", 4):
            if rank not in RANKS:
                raise ReferenceFileError(
                    f"'{rank}' is not a rank",
                    fix=f"Write one of {', '.join(RANKS)}",
                    file=folder / "taxon_synonyms.tsv",
                    line=number,
                )
            if rank == RANKS[SPECIES]:
                renamed[older] = newer
            pairs |= {(RANKS.index(rank), older, newer), (RANKS.index(rank), newer, older)}
        phyla = {
            fields[0]: fields[2]
            for _, fields in _read_rows(folder, "phylum_names", 5)
            if not fields[1]
        }
        return cls(frozenset(pairs), phyla, renamed, Groups.read(folder))

    def current_species(self, name: str) -> str:
        """The plain name of today of one species."""
        name = plain_name(name)
        for _ in range(_MAX_RENAMINGS):
            if name not in self.renamed:
                return name
            name = self.renamed[name]
        return name

    def list_species(self, label: str) -> list[str]:
        """The species of today that a label means: parts of joined names, members of groups."""
        found: list[str] = []
        for part in label.split(TIE_SEPARATOR):
            members = self.groups.members.get(plain_name(part), (part,))
            found += [name for member in members if (name := self.current_species(member))]
        return list(dict.fromkeys(found))

    def list_genera(self, label: str) -> list[str]:
        """The genera that a label means, in plain form."""
        found: list[str] = []
        for part in label.split(TIE_SEPARATOR):
            match = _GROUP_OF_SPECIES.match(part)
            if match:
                found.append(self.current_species(f"{match[1]} {match[2]}").split(" ")[0])
                continue
            plain = plain_name(part)
            is_joined = all(
                single[:1].isupper() and single.isalpha() for single in plain.split("-")
            )
            found += plain.split("-") if is_joined else [plain]
        return list(dict.fromkeys(name for name in found if name))

    def agree(self, rank: int, name: str, other: str) -> bool:
        """Whether two names at a rank agree; joined names agree when any of theirs do."""
        if rank == SPECIES:
            ones, others = self.list_species(name), self.list_species(other)
        elif rank == GENUS:
            ones, others = self.list_genera(name), self.list_genera(other)
        else:
            ones, others = (
                [plain_name(part) for part in label.split(TIE_SEPARATOR)] for label in (name, other)
            )
        return any(self._agree(rank, one, two) for one in ones for two in others)

    def _agree(self, rank: int, one: str, two: str) -> bool:
        if one == two or (rank, one, two) in self.pairs:
            return True
        if rank == SPECIES:
            genus, _, epithet = one.partition(" ")
            other_genus, _, other_epithet = two.partition(" ")
            return epithet == other_epithet and self._agree(GENUS, genus, other_genus)
        return rank == _PHYLUM and self.phyla.get(one, one) == self.phyla.get(two, two)

    def belongs(self, species: str, genus: str) -> bool:
        """Whether a species may belong to a genus, by its name of today or an older one."""
        genera = self.list_genera(genus)
        ours = {name.split(" ")[0] for name in (*self.list_species(species), plain_name(species))}
        return any(self._agree(GENUS, one, two) for one in ours for two in genera)


@cache
def read_names() -> Names:
    """The names of ``resources/``, read once."""
    return Names.read()


def _read_rows(folder: Path, name: str, n_columns: int) -> Iterable[tuple[int, list[str]]]:
    path = folder / f"{name}.tsv"
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
