"""ASV counts gathered by name, so that diversity can be measured of species and genera too.

An ASV without a name at the level is gathered with others under its deepest name ('unnamed
Lachnospiraceae'), as one taxon: such a group may hold several species, so diversity at
the level is a lower bound where many reads lack names. No read is left out, so that samples have
the same depth at every level.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vagus.errors import VagusError
from vagus.reference.lineage import RANKS

if TYPE_CHECKING:
    import pandas as pd

ASV = "asv"
NO_NAME = "unnamed"


def select_level(named: Iterable[tuple[str, Path]], level: str) -> dict[str, Path]:
    """Files of a level by metric, of files that are named LEVEL/METRIC; in their order."""
    prefix = f"{level}/"
    return {name.removeprefix(prefix): path for name, path in named if name.startswith(prefix)}


def gather_taxa(asv_table: pd.DataFrame, taxonomy: pd.DataFrame, level: str) -> pd.DataFrame:
    """Counts of the taxa of a level.

    ``asv_table`` is wide (ASVs are its index, samples its columns), ``taxonomy`` has 'Feature ID'
    and the ranks. Returns a wide table of the level, taxa in descending total, then by name.
    Column sums stay. Raises VagusError when an ASV has no row in ``taxonomy``.
    """
    lineages = taxonomy.set_index("Feature ID")[list(RANKS)].fillna("")
    missing = sorted(set(asv_table.index) - set(lineages.index))
    if missing:
        raise VagusError(
            f"{len(missing)} ASVs have no row in the taxonomy table, the first is {missing[0]}",
            fix="Classify the ASVs of this very table.",
        )
    rows = lineages.loc[list(asv_table.index)].to_numpy(dtype=object).tolist()
    labels = [name_at_level(lineage, level) for lineage in rows]
    sums = asv_table.groupby(labels).sum()
    order = sorted(sums.index, key=lambda name: (-int(sums.loc[name].sum()), name))
    return sums.loc[order].rename_axis(level)


def name_at_level(lineage: Sequence[str], level: str) -> str:
    """Name of a lineage (domain ... species) at a level, or 'unnamed <deepest name above>'."""
    place = RANKS.index(level)
    if lineage[place]:
        return str(lineage[place])
    above = [name for name in lineage[:place] if name]
    return f"{NO_NAME} {above[-1]}" if above else NO_NAME
