"""Engines side by side: one choice for a run, each model learned from its own samples."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from vagus.denoise.choice import Choice, choose_engines, list_of_engine, read_choices
from vagus.denoise.door import denoise_chosen, open_engine
from vagus.denoise.engines import RunFiles
from vagus.engines import ENGINES
from vagus.phase.error_model import DELETION, SHAPE, PhaseErrorModel
from vagus.phase.run_model import describe_model
from vagus.reads.uniques import Uniques
from vagus.tables import read_table, write_table


def save(
    folder: Path, name: str, n_equal: int, n_single: int, quality: int = 10, platform: str = "hifi"
) -> Path:
    """A sample of equal reads and of reads that are all different."""
    reads = ["A" * 20] * n_equal + ["C" * (i + 1) for i in range(n_single)]
    qualities = [[quality] * len(read) for read in reads]
    uniques = Uniques.from_reads(reads, qualities, sample=name, platform=platform)
    uniques.save(folder / f"{name}.npz")
    return folder / f"{name}.npz"


def test_samples_of_a_platform_share_an_engine(tmp_path: Path) -> None:
    paths = [
        save(tmp_path, "b", 90, 9),  # 10 of 99 unique
        save(tmp_path, "a", 1, 9),  # all unique, but 20 of 109 in the run
        save(tmp_path, "nano", 50, 1, platform="ont"),
    ]
    Uniques.empty("blank").save(tmp_path / "blank.npz")
    table = choose_engines([*paths, tmp_path / "blank.npz"], "auto").set_index("sample")
    assert table.index.tolist() == ["a", "b", "blank", "nano"]
    assert table["engine"].tolist() == ["dada", "dada", "", "phase"]
    assert table.loc["a", "unique_share"] == 1.0
    assert "18 % of the reads are unique" in table.loc["a", "reason"]
    assert "together" in table.loc["a", "reason"]
    assert "together" not in table.loc["nano", "reason"]


def test_the_config_goes_before_the_choice(tmp_path: Path) -> None:
    path = save(tmp_path, "a", 90, 9)
    table = choose_engines([path], "phase")
    assert table["engine"].tolist() == ["phase"]
    assert "denoise.engine: phase" in table["reason"][0]


def test_choices_are_read_back_and_share_out_the_samples(tmp_path: Path) -> None:
    paths = [save(tmp_path, "a", 50, 1), save(tmp_path, "NA", 50, 1, platform="ont")]
    Uniques.empty("blank").save(tmp_path / "blank.npz")
    paths.append(tmp_path / "blank.npz")
    write_table(choose_engines(paths, "auto"), tmp_path / "engines.tsv")
    choices = read_choices(tmp_path / "engines.tsv")
    assert {name: choice.engine for name, choice in choices.items()} == {
        "NA": "phase",
        "a": "dada",
        "blank": "",
    }
    assert list_of_engine(paths, "dada", choices) == paths[:1]
    assert list_of_engine(paths, "phase", choices) == paths[1:2]
    assert list_of_engine(paths, "phase", None) == paths
    blank = {"blank": choices["blank"]}
    assert list_of_engine(paths[2:], "dada", blank) == paths[2:]
    assert list_of_engine(paths[2:], "phase", blank) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_sample_without_reads_needs_no_model(tmp_path: Path, engine: str) -> None:
    Uniques.empty("blank").save(tmp_path / "blank.npz")
    run = RunFiles(tmp_path / "absent.tsv")
    choice = Choice("", "no reads")
    sample = denoise_chosen(tmp_path / "blank.npz", choice, open_engine(engine), run)
    assert len(sample.variants) == 0
    assert sample.losses["engine_reason"] == "no reads"
    assert sample.losses["reads_in"] == 0


def test_models_that_nobody_needs_have_no_rows(tmp_path: Path) -> None:
    import choose_engines as choose_program
    import learn_errors

    hifi, ont = save(tmp_path, "a", 50, 1), save(tmp_path, "n", 50, 1, platform="ont")
    for sample, engine in ((ont, "dada"), (hifi, "phase")):
        engines, table, about = (tmp_path / n for n in ("e.tsv", "m.tsv", "m.json"))
        assert choose_program.main([str(sample), "--engines", str(engines)]) == 0
        options = ["--engine", engine, "--engines", engines, "--model", table]
        options += ["--description", about, sample]
        assert learn_errors.main([str(option) for option in options]) == 0
        assert len(read_table(table)) == 0
        assert json.loads(about.read_text()) == {"source": "not needed", "samples": []}


def test_description_counts_errors_by_kind_and_strand() -> None:
    observed, chances = np.zeros(SHAPE), np.zeros(SHAPE)
    chances[0, DELETION, 0, 5] = 1000.0
    observed[0, 0, 1, 5] = 30.0  # A read as C
    observed[0, DELETION, 0, 5] = 10.0
    about = describe_model(PhaseErrorModel.from_counts(observed, chances), ["b", "a"])
    assert about["samples"] == ["a", "b"]
    assert about["n_bases"] == 1000
    assert about["error_rate"] == pytest.approx(0.04)
    assert about["rates"] == {"sense": {"substitution": 0.03, "deletion": 0.01, "insertion": 0.0}}
    assert describe_model(PhaseErrorModel.nominal(), [])["source"] == "default"
