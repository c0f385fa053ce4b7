"""What the page must not claim: coverage, primers, strands, the reference."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from unit.report.made_study import MadeStudy
from vagus.report.hill import explain_hill
from vagus.report.inputs import ReportInputs, load_inputs
from vagus.report.methods import MethodsText
from vagus.report.summary import list_cards, warn_reference


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> ReportInputs:
    folder = tmp_path_factory.mktemp("made")
    study = MadeStudy(folder, ["A", "N"], {"N": "negative"}, n_asvs=10, depth=500).make()
    return load_inputs(study.results, study.sheet, study.provenance)


def _change(inputs: ReportInputs, **columns: object) -> ReportInputs:
    ledger = inputs.ledger.assign(**columns)
    return replace(inputs, _tables={**inputs._tables, "denoise/ledger": ledger})


def test_no_coverage_is_not_nan() -> None:
    values = pd.DataFrame({"base_coverage": [float("nan")], "singletons": [0], "hill_0": [5.0]})
    assert "at nan" not in explain_hill(values)


def test_primers_as_the_ledger_has_them(inputs: ReportInputs) -> None:
    def tell(primers: list[str]) -> str:
        return MethodsText(_change(inputs, primers=primers)).describe_reads()

    assert "had to be present" not in tell(["none", "none"])
    assert "Primers (27F_1492R) were found in both" in tell(["27F_1492R"] * 2)
    assert "other samples had come without primers" in tell(["27F_1492R", "none"])


def test_strands_as_the_ledger_has_them(inputs: ReportInputs) -> None:
    def tell(strands: list[str]) -> str:
        changed = _change(inputs, engine="phase", strands=strands)
        return MethodsText(changed).describe_denoising()

    assert "reads of both strands as a variant has them." in tell(["both", "both"])
    assert "in 1 of 2 samples" in tell(["both", "sense"])
    assert "as a variant has them" not in tell(["sense", "unknown"])


def test_one_sample_is_not_compared(inputs: ReportInputs) -> None:
    assert "ordinated" not in MethodsText(inputs).describe_diversity()
    assert "4 times as far" in MethodsText(inputs).describe_taxonomy()


def test_starter_and_cards(inputs: ReportInputs, tmp_path: Path) -> None:
    (notice,) = warn_reference(inputs)
    assert "starter reference" in str(notice.text)
    assert warn_reference(replace(inputs, truth=tmp_path)) == []
    assert list_cards(inputs)[0].value == "1"
