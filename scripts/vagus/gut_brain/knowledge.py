"""The shipped tables of taxa and capacities, and which names they apply to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from vagus.errors import VagusError
from vagus.product import find_product
from vagus.reference.names import read_names
from vagus.tables import read_table

if TYPE_CHECKING:
    import pandas as pd

FOLDER = find_product("resources", "gut_brain")
RANKS = ("species", "genus")
_TAXA = ("taxon", "rank", "capacity", "evidence", "source", "other_names")


@dataclass(frozen=True)
class Claim:
    """That members of a taxon have a capacity, by one source."""

    taxon: str
    rank: str
    capacity: str
    evidence: str
    source: str


@dataclass(frozen=True)
class Knowledge:
    """Capacities in their order, sources, and claims by rank and plain name of today."""

    capacities: dict[str, str]
    about: dict[str, str]
    sources: dict[str, dict[str, str]]
    claims: dict[tuple[str, str], tuple[Claim, ...]]

    @property
    def all_claims(self) -> list[Claim]:
        """Each once, by capacity in its order, then rank and name."""
        found = {claim for claims in self.claims.values() for claim in claims}
        order = list(self.capacities)
        return sorted(found, key=lambda c: (order.index(c.capacity), c.rank, c.taxon, c.source))

    def find(self, species: str, genus: str) -> list[Claim]:
        """Claims for a name; of one capacity, those of the species go before those of its genus."""
        service = read_names()
        names = {"species": service.list_species(species), "genus": service.list_genera(genus)}
        found: dict[str, tuple[Claim, ...]] = {}
        for rank in RANKS:
            claims = [c for name in names[rank] for c in self.claims.get((rank, name), ())]
            for claim in dict.fromkeys(claims):
                known = found.get(claim.capacity, ())
                if not known or known[0].rank == rank:
                    found[claim.capacity] = (*known, claim)
        return [claim for capacity in self.capacities for claim in found.get(capacity, ())]


def read_knowledge(folder: str | PathLike[str] = FOLDER) -> Knowledge:
    """Read capacities.tsv, sources.tsv and taxa.tsv; raises VagusError where they disagree."""
    folder = Path(folder)
    capacities = _read(folder / "capacities.tsv", ("capacity", "title", "about"))
    sources = _read(folder / "sources.tsv", ("source",))
    taxa = _read(folder / "taxa.tsv", _TAXA)
    titles = dict(zip(capacities["capacity"], capacities["title"], strict=True))
    about = dict(zip(capacities["capacity"], capacities["about"], strict=True))
    known = {str(row["source"]): row for row in sources.to_dict("records")}
    claims: dict[tuple[str, str], tuple[Claim, ...]] = {}
    for number, row in enumerate(taxa.to_dict("records")):
        if row["capacity"] not in titles or row["source"] not in known or row["rank"] not in RANKS:
            raise VagusError(
                f"the row of {row['taxon']} names an unknown capacity, source or rank",
                file=folder / "taxa.tsv", line=number + 2, fix="Correct the row",
            )  # fmt: skip
        claim = Claim(*(row[key] for key in ("taxon", "rank", "capacity", "evidence", "source")))
        others = filter(None, row["other_names"].split(";"))
        for name in _list_names(row["rank"], [row["taxon"], *others]):
            key = (row["rank"], name)
            claims[key] = (*claims.get(key, ()), claim)
    return Knowledge(titles, about, known, claims)


def _list_names(rank: str, names: Sequence[str]) -> list[str]:
    """The plain names of today of a taxon's names, each once."""
    service = read_names()
    if rank == "species":
        found = [service.current_species(name) for name in names]
    else:
        found = [genus for name in names for genus in service.list_genera(name)]
    return list(dict.fromkeys(found))


def _read(path: Path, columns: Collection[str]) -> pd.DataFrame:
    table = read_table(path, dtype=str).fillna("")
    missing = [name for name in columns if name not in table]
    if missing:
        raise VagusError(f"the column '{missing[0]}' is missing", file=path, fix="Add the column")
    return table
