"""The samples of the study: one row each, with what is in the sheet about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vagus.report.blocks import Column, Link, Section, Table
from vagus.report.composition import UNASSIGNED_LABEL, strip_prefix
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_share
from vagus.report.sentences import write

if TYPE_CHECKING:
    import pandas as pd


def build_samples(inputs: ReportInputs) -> Section:
    """A table that leads to every sample's page."""
    ledger = inputs.ledger.set_index("sample")
    genera = find_top_taxa(inputs.composition("genus"))
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
             *(sample.cell(name) for name in metadata),
             None if row is None else row["asv_reads"], None if row is None else row["n_asvs"],
             genera.get(sample.name, "")]
        )  # fmt: skip
    hidden = [
        i for i in (2, 3) if len({row[i] for row in rows}) == 1 and (i == 3 or not rows[0][i])
    ]
    keep = [i for i in range(len(columns)) if i not in hidden]
    shown = [[row[i] for i in keep] for row in rows]
    caption = write("summary.samples")
    return Section(
        "samples", "Samples", [Table([columns[i] for i in keep], shown, caption, search=True)]
    )


def find_top_taxa(table: pd.DataFrame | None) -> dict[str, str]:
    """For each sample the named taxon with the most reads, and its share; none without one."""
    if table is None or not len(table):
        return {}
    labels, samples = table.index.tolist(), table.columns.tolist()
    counts = table.to_numpy(dtype=float)
    named = counts[[label != UNASSIGNED_LABEL for label in labels]]
    names = [strip_prefix(label) for label in labels if label != UNASSIGNED_LABEL]
    if not names:
        return {}
    totals, best = counts.sum(axis=0), named.argmax(axis=0)
    return {
        sample: f"{names[top]} ({format_share(named[top, column], totals[column])})"
        for column, (sample, top) in enumerate(zip(samples, best, strict=True))
        if named[top, column] > 0
    }
