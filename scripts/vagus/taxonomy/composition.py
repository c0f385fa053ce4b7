"""Counts of each name at a rank, from ASV counts and calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vagus.errors import VagusError
from vagus.reference.lineage import RANKS
from vagus.taxonomy.ranks import UNASSIGNED

if TYPE_CHECKING:
    import pandas as pd

COMPOSITION_RANKS = RANKS[1:]


def summarise(asv_table: pd.DataFrame, taxonomy: pd.DataFrame, rank: str) -> pd.DataFrame:
    """Sum the counts of the ASVs of each name at one rank.

    ``asv_table`` is wide (ASVs are its index, samples its columns), ``taxonomy`` has the columns
    'Feature ID' and the ranks. Returns a wide table of the names in descending total, then by
    name, the samples as they were; ASVs without a name are the last row, 'Unassigned',
    which is always there. Column sums equal those of ``asv_table``. Raises VagusError when an
    ASV has no row in ``taxonomy``.
    """
    names = taxonomy.set_index("Feature ID")[rank]
    missing = sorted(set(asv_table.index) - set(names.index))
    if missing:
        raise VagusError(
            f"{len(missing)} ASVs have no row in the taxonomy table, the first is {missing[0]}",
            fix="Classify the ASVs of this very table.",
        )
    labels = names.reindex(asv_table.index).fillna(UNASSIGNED).astype(str).to_numpy()
    sums = asv_table.groupby(labels).sum()
    if UNASSIGNED not in sums.index:
        sums.loc[UNASSIGNED] = 0
    order = sorted(
        sums.index, key=lambda name: (name == UNASSIGNED, -int(sums.loc[name].sum()), name)
    )
    return sums.loc[order].rename_axis(rank)
