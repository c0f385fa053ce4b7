"""What the report states about the engines, on a study in which both took part."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from unit.report.made_study import MadeStudy
from unit.report.reading import Page
from vagus.phase.error_model import DELETION, SHAPE, PhaseErrorModel
from vagus.phase.model_figure import add_kinds, sum_rates
from vagus.phase.run_model import describe_model
from vagus.report.chimeras import describe_close
from vagus.report.figure import FigureFolder
from vagus.report.inputs import ReportInputs, load_inputs
from vagus.report.methods import MethodsText
from vagus.report.study_page import render_study

NOTE = "all reads are of the sense strand: errors that recur there look like variants"


def make_model() -> PhaseErrorModel:
    """10,000 bases a strand in one bin; 3 % substitutions, 1 % deletions."""
    observed, chances = np.zeros(SHAPE), np.zeros(SHAPE)
    chances[:, :4, :4, 9] = 2500.0
    chances[:, DELETION, 0, 9] = 10000.0
    observed[:, 0, 1, 9], observed[:, 2, 3, 9] = 200.0, 100.0
    observed[:, DELETION, 0, 9] = 100.0
    return PhaseErrorModel.from_counts(observed, chances)


@pytest.fixture
def mixed(tmp_path: Path) -> MadeStudy:
    """Samples a and b by dada, c by phase, and its run's model."""
    made = MadeStudy(tmp_path, ["a", "b", "c"]).make()
    ledger = made.ledger.copy()
    ledger["engine"] = ["dada", "dada", "phase"]
    ledger["engine_reason"] = ["duplicates are plenty"] * 2 + ["ONT reads"]
    ledger["strands"] = ["", "", "sense"]
    ledger["error_rate"] = [np.nan, np.nan, 0.0123]
    ledger["note"] = ["", "", NOTE]
    made.write("denoise/ledger", ledger)
    asvs = pd.read_csv(made.results / "denoise/asvs.tsv", sep="\t")
    asvs["flags"] = ["close_bimera", "ambiguous;close_bimera", *[""] * (len(asvs) - 2)]
    made.write("denoise/asvs", asvs)
    model = make_model()
    model.save(made.results / "denoise/runs/run1/phase_error_model.tsv")
    about = json.dumps(describe_model(model, ["c"]))
    (made.results / "denoise/runs/run1/phase_error_model.json").write_text(about)
    return made


def load(made: MadeStudy) -> ReportInputs:
    return load_inputs(made.results, made.sheet, made.provenance)


def test_page_tells_engine_reason_strands_and_errors(mixed: MadeStudy) -> None:
    inputs = load(mixed)
    page = Page(render_study(inputs, FigureFolder(mixed.results / "figures", inputs.keys)))
    assert "Denoised: 2 samples by dada and 1 sample by phase" in page.text
    rows = page.find_table("engine", "why")
    assert rows[-1][:4] == ["c", "phase", "ONT reads", "sense"]
    assert rows[-1][4].startswith("1.2")
    assert NOTE in page.text
    assert (
        "engine phase: learned from 20,000 bases of reads in 1 sample; 4.00 % errors" in page.text
    )
    assert (mixed.results / "figures" / "phase_error_model_run1.svg").is_file()


def test_methods_name_the_engine_of_each_sample(mixed: MadeStudy) -> None:
    text = MethodsText(load(mixed))
    words = text.describe_denoising()
    assert "2 samples by dada: a, b; 1 sample by phase: c" in words
    assert "Reads differed from their variants in 1.23 % of their bases" in words
    assert "4 nats above" in words
    assert "A variant that samples of both engines contain was removed only by both rules." in words
    assert {"dada2", "fracminhash"} <= set(text.cited)


def test_doubtful_variants_of_phase_are_counted(mixed: MadeStudy) -> None:
    words = describe_close(load(mixed))
    assert words.startswith("2 ASVs (")
    assert "1 ASV (" in words


def test_rates_count_each_base_once() -> None:
    model = make_model()
    rows = [
        ("sense", kind, to, 24, model.observed[0, k, x, 9], model.chances[0, k, x, 9])
        for k, kind in enumerate("ACGT") for x, to in enumerate("ACGT") if x != k
    ]  # fmt: skip
    columns = ["strand", "kind", "to_or_run_bp", "quality_from", "observed", "chances"]
    rates = sum_rates(add_kinds(pd.DataFrame(rows, columns=columns)), "quality_from")
    assert rates["rate"].tolist() == pytest.approx([300 / 10000])
