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

    ``asv_table`` is wide (ASVs are its index, samples its columns), ``taxonomy`` has the columns
    'Feature ID' and 'note'.
    """
    import pandas as pd

    notes = taxonomy.set_index("Feature ID")["note"].fillna("").astype(str)
    found = notes.map(find_reason).astype(object)
    reasons = found.reindex(asv_table.index).fillna("")
    reads = asv_table.sum(axis=1).astype("int64")
    rows = pd.DataFrame(
        {"asv": asv_table.index, "reads": reads.to_numpy(), "reason": reasons.to_numpy()}
    )
    return rows[rows["reason"] != ""].reset_index(drop=True)


def find_reason(note: str) -> str:
    """Why an ASV with this note is set apart: what it is, or what it is not; '' if it is not."""
    if note.startswith(SET_APART):
        return note.removeprefix(SET_APART).split(";")[0]
    return NOT_A_REFERENCE if NOT_A_REFERENCE in note else ""
