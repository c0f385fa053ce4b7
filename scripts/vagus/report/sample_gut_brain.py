"""Gut-brain view of one sample."""

from __future__ import annotations

from vagus.gut_brain.knowledge import read_knowledge
from vagus.report.blocks import Absent, Column, Notice, Notices, Prose, Section, Table
from vagus.report.gut_brain import LIMITS, SHORT_LIMITS, TITLE, is_enabled
from vagus.report.inputs import ReportInputs
from vagus.report.place import describe_place
from vagus.report.sentences import write


def build_sample_gut_brain(inputs: ReportInputs, sample: str) -> Section | None:
    """Limits, then a row for each substance; None when the config does not ask for it."""
    if not is_enabled(inputs):
        return None
    table = inputs.table("gut_brain/samples")
    own = None if table is None else table[(table["sample"] == sample) & table["share"].notna()]
    if table is None or own is None or not len(own):
        return Section("gut-brain", TITLE, [Absent(write("gut_brain.sample_none"))])
    knowledge = read_knowledge()
    skipped = {sample, *inputs.controls}
    others = table[~table["sample"].isin(skipped) & table["share"].notna()]
    rows: list[list[object]] = []
    for row in own.to_dict("records"):
        known = [float(v) for v in others.loc[others["capacity"] == row["capacity"], "share"]]
        title = knowledge.capacities.get(row["capacity"], row["capacity"])
        exact = row["reads_by_species"] / row["reads"] if row["reads"] else None
        place = describe_place(row["share"], known)
        if known and set(known) == {row["share"]} == {0.0}:
            place = "no such read in any sample"
        rows.append([title, row["reads"], row["share"], exact, row["n_asvs"], place])
    columns = [
        Column("substance"),
        Column("reads", "count", "reads of taxa with a documented capacity to form it"),
        Column("reads, %", "percent"),
        Column("by species, %", "percent", "of these reads, matched by species; others by genus"),
        Column("ASVs", "count"),
        Column("among the other samples", "long"),
    ]
    blocks = [Notices([Notice("note", LIMITS)]), Prose(_describe(inputs, sample))]
    return Section("gut-brain", TITLE, [*blocks, Table(columns, rows, SHORT_LIMITS)])


def _describe(inputs: ReportInputs, sample: str) -> str:
    coverage = inputs.table("gut_brain/coverage")
    rows = [] if coverage is None else coverage[coverage["sample"] == sample].to_dict("records")
    return write("gut_brain.sample", share=rows[0]["share_listed"] if rows else None)
