"""The samples of the study: one row each, with what the sheet says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vagus.report.blocks import Column, Link, Section, Table
from vagus.report.composition import UNASSIGNED_LABEL, strip_prefix
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_share

if TYPE_CHECKING:
    import pandas as pd


def build_samples(inputs: ReportInputs) -> Section:
    """A table that leads to every sample's page."""
    ledger = inputs.ledger.set_index("sample")
    genera = inputs.table("taxonomy/composition_genus")
    metadata = list(inputs.samples[0].metadata)
    columns = [Column("sample"), Column("status", "short"), Column("control", "narrow")]
    columns.append(Column("run", "short"))
    columns += [Column(name) for name in metadata]
    columns += [
        Column("reads in ASVs", "count"),
        Column("ASVs", "count"),
        Column("most abundant genus", "short"),
    ]
    rows: list[list[object]] = []
    for sample in inputs.samples:
        known = sample.name in ledger.index
        row = ledger.loc[sample.name] if known else None
        rows.append(
            [Link(sample.name, f"samples/{sample.key}.html"), "" if row is None else row["status"],
             sample.control.replace(":", ": "), sample.run,
             *(sample.metadata.get(name, "") for name in metadata),
             None if row is None else row["asv_reads"], None if row is None else row["n_asvs"],
             find_top_taxon(genera, "genus", sample.name)]
        )  # fmt: skip
    hidden = [
        i for i in (2, 3) if len({row[i] for row in rows}) == 1 and (i == 3 or not rows[0][i])
    ]
    keep = [i for i in range(len(columns)) if i not in hidden]
    shown = [[row[i] for i in keep] for row in rows]
    caption = "Each name leads to the sample's own page."
    return Section(
        "samples", "Samples", [Table([columns[i] for i in keep], shown, caption, search=True)]
    )


def find_top_taxon(table: pd.DataFrame | None, rank: str, sample: str) -> str:
    """The named taxon with the most reads in a sample, and its share; empty when there is none."""
    if table is None or sample not in table or not table[sample].sum():
        return ""
    named = table[table[rank] != UNASSIGNED_LABEL]
    if not len(named) or not named[sample].max():
        return ""
    top = named.loc[named[sample].idxmax()]
    return f"{strip_prefix(str(top[rank]))} ({format_share(top[sample], table[sample].sum())})"
