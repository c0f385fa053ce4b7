"""Groups of species that the 16S gene cannot distinguish, used with every reference.

``resources/inseparable_species.tsv`` has the groups with their members and sources. Where a
reference has one of the members, its lineage gets the name of the group ('Bacillus cereus group')
as species, so that votes, ties and distances are those of the group, and no member is named alone.
Where members are of several genera, the genus is all of them ('Escherichia/Shigella').
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from pathlib import Path

from vagus.files import read_rows
from vagus.product import find_product
from vagus.reference.lineage import TIE_SEPARATOR, Lineage
from vagus.reference.starter import ReferenceRecord

FILE = "inseparable_species.tsv"
RESOURCES = find_product("resources")
COLUMNS = ("group", "members", "source")
_GENUS, _SPECIES = 5, 6


@dataclass(frozen=True)
class Groups:
    """Members of each group, in the order of the table."""

    members: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, folder: str | PathLike[str] = RESOURCES) -> Groups:
        """Read the table of groups in a folder."""
        rows = read_rows(Path(folder) / FILE, "list of inseparable species", COLUMNS)
        return cls({row["group"]: tuple(row["members"].split(";")) for _, row in rows})

    @cached_property
    def group_of(self) -> dict[str, str]:
        """Group of each member."""
        return {member: group for group, members in self.members.items() for member in members}

    def rename(self, lineage: Lineage, current: Callable[[str], str]) -> Lineage:
        """The lineage with the group in place of its members.

        ``current`` gives the plain name of today of a species.
        """
        parts = lineage[_SPECIES].split(TIE_SEPARATOR)
        groups = [self.group_of.get(current(part), "") for part in parts]
        if not any(groups):
            return lineage
        names = sorted({group or part for group, part in zip(groups, parts, strict=True)})
        genus = self._join_genera(lineage[_GENUS], groups)
        return (*lineage[:_GENUS], genus, TIE_SEPARATOR.join(names))  # type: ignore[return-value]

    def _join_genera(self, genus: str, groups: Iterable[str]) -> str:
        """All genera of the groups; the reference's own label where it means the same."""
        known = set(genus.replace("-", TIE_SEPARATOR).split(TIE_SEPARATOR)) - {""}
        needed = {m.split(" ")[0] for group in groups for m in self.members.get(group, ())}
        if len(needed) < 2 or needed <= known:
            return genus
        return TIE_SEPARATOR.join(sorted(needed | known))


def group_records(records: Iterable[ReferenceRecord]) -> list[ReferenceRecord]:
    """Records whose lineages name groups in place of their members."""
    from vagus.reference.names import read_names  # which knows the groups

    names = read_names()
    grouped = []
    for record in records:
        lineage = names.groups.rename(record.lineage, names.current_species)
        same = lineage == record.lineage
        grouped.append(record if same else replace(record, lineage=lineage))
    return grouped
