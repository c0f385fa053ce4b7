"""What the controls show about the run that a sample was sequenced in."""

from __future__ import annotations

from vagus.report.blocks import Column, Notice, Notices, Section, Table
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import format_share, is_missing
from vagus.report.sentences import write
from vagus.study.samples import Sample

_TITLE = "Controls of its run"
_LEVELS = {"fail": "error", "caution": "warning"}


def build_sample_controls(inputs: ReportInputs, sample: Sample) -> Section | None:
    """The verdict on the sample's run with the checks behind it; None when there is no verdict."""
    table = inputs.table("controls/verdict")
    rows = [] if table is None else table[table["run"] == sample.run].to_dict("records")
    if not rows:
        return None
    verdict = str(rows[0]["verdict"])
    reasons = "" if is_missing(rows[0]["reasons"]) else rows[0]["reasons"]
    text = write("controls.sample_verdict", run=sample.run, verdict=verdict, reasons=reasons)
    notices = [Notice(_LEVELS.get(verdict, "note"), text), *_note_contaminants(inputs, sample)]
    blocks: list[object] = [Notices(notices)]
    checks = inputs.table("controls/checks")
    own = None if checks is None else checks[checks["run"] == sample.run]
    if own is not None and len(own):
        columns = [Column("check"), Column("outcome", "short"), Column("reason", "long")]
        lines = [[row["check"], row["outcome"], row["reason"]] for row in own.to_dict("records")]
        blocks.append(Table(columns, lines, f"Checks of run {sample.run}."))
    return Section("controls", _TITLE, blocks)


def _note_contaminants(inputs: ReportInputs, sample: Sample) -> list[Notice]:
    table = inputs.table("controls/ledger")
    rows = [] if table is None else table[table["sample"] == sample.name].to_dict("records")
    if not rows or not rows[0]["contaminant_reads"]:
        return []
    row = rows[0]
    share = format_share(row["contaminant_reads"], row["reads"])
    text = write(
        "controls.sample_contaminants", n=int(row["contaminant_reads"]), share=share,
        removed=inputs.config["controls"]["remove_contaminants"],
    )  # fmt: skip
    return [Notice("note", text)]
