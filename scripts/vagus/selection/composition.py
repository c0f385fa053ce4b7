"""Reads of each taxon of a rank: one table, of which composition, tests and diversity are made.

An ASV without a name at the rank is counted with others under its deepest name ('unnamed
Lachnospiraceae'), as one taxon: such a group may contain several species, so diversity at the rank
is a lower bound where many reads have no name. No read is left out, so that samples have the same
depth at every rank. Where taxa are compared or drawn by name, the unnamed groups are not taxa:
``join_unnamed`` makes one row of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vagus.errors import VagusError
from vagus.reference.lineage import RANKS
from vagus.taxonomy.ranks import UNASSIGNED

if TYPE_CHECKING:
    import pandas as pd

NO_NAME = "unnamed"


def gather_taxa(asv_table: pd.DataFrame, taxonomy: pd.DataFrame, rank: str) -> pd.DataFrame:
    """Counts of the taxa of a rank.

    ``asv_table`` is wide (ASVs are its index, samples its columns), ``taxonomy`` has 'Feature ID'
    and the ranks. Returns a wide table of the rank: named taxa, then unnamed groups, each in
    descending total, then by name. Column sums stay. Raises VagusError when an ASV has no row in
    ``taxonomy``.
    """
    lineages = taxonomy.set_index("Feature ID")[list(RANKS)].fillna("")
    missing = sorted(set(asv_table.index) - set(lineages.index))
    if missing:
        raise VagusError(
            f"{len(missing)} ASVs have no row in the taxonomy table, the first is {missing[0]}",
            fix="Classify the ASVs of this table.",
        )
    rows = lineages.loc[list(asv_table.index)].to_numpy(dtype=object).tolist()
    labels = [name_at_rank(lineage, rank) for lineage in rows]
    sums = asv_table.groupby(labels).sum()
    totals = sums.sum(axis=1)
    order = sorted(sums.index, key=lambda name: (is_unnamed(name), -int(totals[name]), name))
    return sums.loc[order].rename_axis(rank)


def name_at_rank(lineage: Sequence[str], rank: str) -> str:
    """Name of a lineage (domain ... species) at a rank, or 'unnamed <deepest name above>'."""
    place = RANKS.index(rank)
    if lineage[place]:
        return str(lineage[place])
    above = [name for name in lineage[:place] if name]
    return f"{NO_NAME} {above[-1]}" if above else NO_NAME


def is_unnamed(label: str) -> bool:
    """Whether a row of a table of taxa is a group of ASVs without a name at the rank."""
    return label == NO_NAME or label.startswith(f"{NO_NAME} ")


def join_unnamed(taxa: pd.DataFrame) -> pd.DataFrame:
    """The table with its unnamed groups as one last row, 'Unassigned'; none where there are none.

    Samples and column sums stay.
    """
    labels = [UNASSIGNED if is_unnamed(str(label)) else str(label) for label in taxa.index]
    return taxa.groupby(labels, sort=False).sum().rename_axis(taxa.index.name)
