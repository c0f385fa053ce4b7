"""Findings of the identity check are notices that ask to check, and escape names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from unit.report.made_study import MadeStudy
from vagus.report.identity import warn_identity
from vagus.report.inputs import load_inputs
from vagus.tables.stages.identity import IDENTITY_FINDINGS

_NONE = float("nan")
FINDINGS = pd.DataFrame(
    [
        ["swap", "a1", "A", "b<1", "B", 0.01, 0.0, 0.6, 0, 12, _NONE, 2.5, _NONE],
        ["other subject", "c1", "C", "", "D", 0.01, 0.0, 0.6, 1, 9, _NONE, 2.5, _NONE],
        ["duplicate", "", "E", "", "F", _NONE, _NONE, 0.6, _NONE, _NONE, 40, _NONE, 1.0],
        ["mixture", "g1", "G", "", "H", 0.99, 0.6, 0.6, 8, 7, _NONE, 2.5, _NONE],
    ],
    columns=IDENTITY_FINDINGS.names,
)


def test_every_finding_is_worth_checking(tmp_path: Path) -> None:
    study = MadeStudy(tmp_path, ["A"], {}, n_asvs=10, depth=500).make()
    inputs = load_inputs(study.results, study.sheet, study.provenance)
    assert warn_identity(inputs, Markup) == []
    config = {**inputs.config, "cohort": {**inputs.config["cohort"], "subject": "who"}}
    config["identity"] = {"enabled": True}
    tables = {**inputs._tables, "identity/findings": FINDINGS}
    provenance = {**inputs.provenance, "config": config}
    checked = replace(inputs, _tables=tables, provenance=provenance)
    notices = warn_identity(checked, lambda name: Markup("<b>{}</b>").format(name))
    texts = [str(notice.text) for notice in notices]
    assert len(texts) == 4
    assert all(text.startswith("Worth checking") for text in texts)
    assert "<b>b&lt;1</b>" in texts[0]
    assert "12 ASVs" in texts[0]
    assert "40 ASVs" in texts[2]
