"""Which ASVs are analysed further: those that are 16S genes.

An ASV that is like no reference is kept in the ASV table and in the taxonomy, but a tree and
UniFrac would be swamped by its branch, and richness would count what is not a bacterium.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vagus.taxonomy.call import NOT_A_REFERENCE

if TYPE_CHECKING:
    import pandas as pd


def set_apart(asv_table: pd.DataFrame, taxonomy: pd.DataFrame) -> pd.DataFrame:
    """ASVs that are not analysed further: columns asv, reads, reason; in the table's order.

    ``asv_table`` has the column ``asv`` and one integer column a sample, ``taxonomy`` the
    columns 'Feature ID' and 'note'.
    """
    notes = taxonomy.set_index("Feature ID")["note"].fillna("").astype(str)
    samples = [column for column in asv_table.columns if column != "asv"]
    apart = asv_table["asv"].map(notes).str.contains(NOT_A_REFERENCE, regex=False).astype(bool)
    rows = asv_table.loc[apart, ["asv"]].copy()
    rows["reads"] = asv_table.loc[apart, samples].astype("int64").sum(axis=1)
    rows["reason"] = NOT_A_REFERENCE
    return rows.reset_index(drop=True)
