"""Taxonomies and hits read back, checked for what the steps after them rely on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from os import PathLike
from typing import TYPE_CHECKING

from vagus.errors import describe_damage
from vagus.reference.lineage import RANKS
from vagus.tables import read_table
from vagus.tables.stages.taxonomy import HITS, TAXONOMY

if TYPE_CHECKING:
    import pandas as pd

Path = str | PathLike[str]

KEY = TAXONOMY.key


def read_taxonomy(path: Path, needs: Collection[str], asvs: Sequence[str] = ()) -> pd.DataFrame:
    """A row an ASV, all columns as text, NaN where empty.

    Raises VagusError for a damaged table, one without the columns that are needed, and one in
    which one of ``asvs`` has no row.
    """
    table = read_table(path, TAXONOMY, [KEY, *needs])
    missing = sorted(set(asvs) - set(table[KEY]))
    if missing:
        what = f"{len(missing)} ASVs have no row, the first is {missing[0]}"
        raise describe_damage(TAXONOMY.name, path, what)
    return table


def read_calls(path: Path) -> pd.DataFrame:
    """The same with numbers as numbers, for a consensus; raises VagusError as there."""
    columns = [KEY, "Taxon", "Confidence", *RANKS, "confidence_species", "ties", "note"]
    return read_table(path, TAXONOMY, columns)


def read_hits(path: Path) -> pd.DataFrame:
    """Best references of each ASV, all columns as text; raises VagusError for a damaged table."""
    return read_table(path, HITS, ["asv", "hit", "accession", "identity", "coverage"])
