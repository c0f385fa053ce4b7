"""Which ASVs are analysed, and why the others are set apart.

An organelle, a eukaryote and what is like no reference would swamp a tree and UniFrac by their
branches, and richness would count what is not a bacterium. They, and contaminants where these are
to be removed, stay in the ASV table of denoising and in the taxonomy; every later stage reads the
table without them.
"""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from vagus.taxonomy.origins import NOT_A_REFERENCE, SET_APART

if TYPE_CHECKING:
    import pandas as pd

CONTAMINANT = "contaminant"
OTHER_ORIGIN, NO_REFERENCE, REMOVED = "lost_other_origin", "lost_no_reference", "lost_contaminant"
LOSSES = (OTHER_ORIGIN, NO_REFERENCE, REMOVED)
"""Columns of the ledger, in the order in which reasons are looked for."""


def find_reason(note: str) -> str:
    """Why an ASV with this note of the taxonomy is set apart; '' when it is not."""
    if note.startswith(SET_APART):
        return note.removeprefix(SET_APART).split(";")[0]
    return NOT_A_REFERENCE if NOT_A_REFERENCE in note else ""


def name_loss(reason: str) -> str:
    """Column of the ledger that counts reads of ASVs that are set apart for this reason."""
    return {NOT_A_REFERENCE: NO_REFERENCE, CONTAMINANT: REMOVED}.get(reason, OTHER_ORIGIN)


def find_reasons(
    asvs: Collection[str], taxonomy: pd.DataFrame, contaminants: Collection[str] = ()
) -> dict[str, str]:
    """The reason of each ASV that is set apart, in the order of ``asvs``.

    ``taxonomy`` has the columns 'Feature ID' and 'note'. What an ASV is goes before its being a
    contaminant.
    """
    notes = taxonomy.set_index("Feature ID")["note"].fillna("").astype(str).to_dict()
    called = set(contaminants)
    reasons = {
        asv: find_reason(notes.get(asv, "")) or (CONTAMINANT if asv in called else "")
        for asv in asvs
    }
    return {asv: reason for asv, reason in reasons.items() if reason}


def drop_others(asv_table: pd.DataFrame, taxonomy: pd.DataFrame) -> pd.DataFrame:
    """The wide table with the ASVs of bacteria and archaea alone, contaminants included."""
    return asv_table.drop(index=list(find_reasons(asv_table.index, taxonomy)))


def tabulate_set_apart(asv_table: pd.DataFrame, reasons: dict[str, str]) -> pd.DataFrame:
    """One row an ASV that is set apart: asv, reads, reason."""
    import pandas as pd

    reads = asv_table.loc[list(reasons)].sum(axis=1).astype("int64")
    return pd.DataFrame(
        {
            "asv": pd.Series(list(reasons), dtype=str),
            "reads": reads.to_numpy(),
            "reason": pd.Series(list(reasons.values()), dtype=str),
        }
    )


def tabulate_ledger(asv_table: pd.DataFrame, reasons: dict[str, str]) -> pd.DataFrame:
    """One row a sample: reads, those lost by reason, kept and n_asvs. reads = sum of lost + kept.

    ``asv_table`` is wide and has every ASV.
    """
    import pandas as pd

    counts = asv_table.to_numpy(np.int64)
    losses = [name_loss(reasons[asv]) if asv in reasons else "" for asv in asv_table.index]
    column_of = np.array(losses, dtype=object)[:, np.newaxis]
    rows = {"sample": pd.Series(asv_table.columns.tolist(), dtype=str), "reads": counts.sum(axis=0)}
    for column in LOSSES:
        rows[column] = counts.sum(axis=0, where=column_of == column)
    rows["kept"] = counts.sum(axis=0, where=column_of == "")
    rows["n_asvs"] = ((counts > 0) & (column_of == "")).sum(axis=0)
    return pd.DataFrame(rows)


def read_contaminants(path: str | PathLike[str]) -> list[str]:
    """ASVs that contaminants.tsv calls; raises VagusError for a damaged table."""
    from vagus.tables import read_table
    from vagus.tables.stages.controls import CONTAMINANTS

    table = read_table(path, CONTAMINANTS, ["asv", "contaminant"])
    called: list[str] = table.loc[table["contaminant"] == "yes", "asv"].tolist()
    return called
