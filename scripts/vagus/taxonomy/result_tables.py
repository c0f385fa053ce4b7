"""Taxonomies read back, checked for what the steps after them rely on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from os import PathLike
from typing import TYPE_CHECKING

from vagus.errors import describe_damage
from vagus.tables import read_table
from vagus.tables.stages.taxonomy import TAXONOMY

if TYPE_CHECKING:
    import pandas as pd

Path = str | PathLike[str]

KEY = TAXONOMY.key


def read_taxonomy(path: Path, needs: Collection[str], asvs: Sequence[str] = ()) -> pd.DataFrame:
    """A row an ASV, in the order of the file; NaN where a cell is empty.

    Raises VagusError for a damaged table, one without the columns that are needed, and one in
    which one of ``asvs`` has no row.
    """
    table = read_table(path, TAXONOMY, [KEY, *needs])
    missing = sorted(set(asvs) - set(table[KEY]))
    if missing:
        what = f"{len(missing)} ASVs have no row, the first is {missing[0]}"
        raise describe_damage(TAXONOMY.name, path, what)
    return table


def read_names(path: Path, rank: str, asvs: Sequence[str]) -> dict[str, str]:
    """Name of each ASV at a rank, empty where it has none; raises VagusError as there."""
    names = read_taxonomy(path, [rank], asvs).set_index(KEY)[rank].fillna("")
    return {str(asv): str(name) for asv, name in names.items()}
