"""Design checks: what the samples can and cannot show, before any test."""

from __future__ import annotations

from vagus.report.blocks import Absent, Column, Prose, Section, Table
from vagus.report.inputs import ReportInputs
from vagus.report.numbers import count_noun
from vagus.report.sentences import write

TITLE = "Design checks"
_ORDER = {"error": 0, "warning": 1, "note": 2}


def build_design(inputs: ReportInputs) -> Section | None:
    """One row a finding, the gravest first; None when there are no groups."""
    if not inputs.groups:
        return None
    table = inputs.table("cohort/design")
    if table is None:
        return Section("design", TITLE, [Absent(write("cohort.good_design"))])
    rows = sorted(table.to_dict("records"), key=lambda row: _ORDER.get(str(row["severity"]), 3))
    counts = [
        count_noun(sum(row["severity"] == word for row in rows), noun)
        for word, noun in (("error", "error"), ("warning", "warning"), ("note", "note"))
    ]
    columns = [
        Column("severity", "short"),
        Column("check"),
        Column("variable"),
        Column("finding", "long"),
        Column("what follows", "long"),
    ]
    keys = ("severity", "check", "variable", "finding", "consequence")
    blocks = [
        Prose(write("cohort.design", counts=counts)),
        Table(columns, [[row[key] for key in keys] for row in rows], "Findings on the design."),
    ]
    return Section("design", TITLE, blocks)
