"""A sample's page gives the verdict on its own run, and what of it looks like a contaminant."""

from __future__ import annotations

import pandas as pd
import pytest

from unit.report.made_study import MadeStudy
from vagus.report.blocks import Notices, Table
from vagus.report.inputs import ReportInputs, load_inputs
from vagus.report.sample_controls import build_sample_controls


@pytest.fixture
def inputs(study: MadeStudy) -> ReportInputs:
    """The made study with tables of the controls stage for two runs."""
    made = load_inputs(study.results, study.sheet, study.provenance)
    made._tables["controls/verdict"] = pd.DataFrame(
        {"run": ["run1", "run2"], "verdict": ["caution", "fail"], "reasons": ["Because.", "No."]}
    )
    checks = {"run": ["run1", "run2"], "check": ["mock", "blank"], "outcome": ["caution", "fail"]}
    made._tables["controls/checks"] = pd.DataFrame({**checks, "reason": ["Because.", "No."]})
    made._tables["controls/ledger"] = pd.DataFrame(
        {"sample": [study.names[0]], "reads": [200], "contaminant_reads": [5],
         "share": [0.025]}
    )  # fmt: skip
    return made


def test_the_verdict_is_that_of_the_samples_run(inputs: ReportInputs) -> None:
    section = build_sample_controls(inputs, inputs.samples[0])
    assert section is not None
    notices, checks = section.blocks
    assert isinstance(notices, Notices)
    assert isinstance(checks, Table)
    assert [(n.level, str(n.text)) for n in notices.notices] == [
        ("warning", "Verdict on run run1: caution. Because."),
        ("note", "5 reads of the sample (2.5 %) belong to ASVs that look like contaminants; they "
                 "are kept in the tables."),
    ]  # fmt: skip
    assert [row[0] for row in checks.rows] == ["mock"]


def test_without_a_verdict_there_is_no_section(study: MadeStudy) -> None:
    made = load_inputs(study.results, study.sheet, study.provenance)
    made._tables["controls/verdict"] = None
    assert build_sample_controls(made, made.samples[0]) is None
