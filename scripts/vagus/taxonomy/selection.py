"""Which ASVs are analysed further: those that are 16S genes of bacteria and archaea.

An ASV that is like no reference, or of a mitochondrion, chloroplast or eukaryote, is kept in
the ASV table and in the taxonomy, but a tree and UniFrac would be swamped by its branch, and
richness would count what is not a bacterium.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vagus.taxonomy.call import NOT_A_REFERENCE
from vagus.taxonomy.origins import SET_APART

if TYPE_CHECKING:
    import pandas as pd


def set_apart(asv_table: pd.DataFrame, taxonomy: pd.DataFrame) -> pd.DataFrame:
    """ASVs that are not analysed further: columns asv, reads, reason; in the table's order.

    ``asv_table`` has the column ``asv`` and one integer column a sample, ``taxonomy`` the
    columns 'Feature ID' and 'note'.
    """
    notes = taxonomy.set_index("Feature ID")["note"].fillna("").astype(str)
    reasons = asv_table["asv"].map(notes.map(find_reason)).fillna("").astype(str)
    samples = [column for column in asv_table.columns if column != "asv"]
    apart = (reasons != "").astype(bool)
    rows = asv_table.loc[apart, ["asv"]].copy()
    rows["reads"] = asv_table.loc[apart, samples].astype("int64").sum(axis=1)
    rows["reason"] = reasons[apart]
    return rows.reset_index(drop=True)


def find_reason(note: str) -> str:
    """Why an ASV with this note is set apart: what it is, or what it is not; '' if it is not."""
    if note.startswith(SET_APART):
        return note.removeprefix(SET_APART).split(";")[0]
    return NOT_A_REFERENCE if NOT_A_REFERENCE in note else ""
