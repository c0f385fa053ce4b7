"""Sections of the cohort stage, from tables that its programs made: what they show and say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import check_design
import compare_taxa
import follow_subjects
import model_diversity
from unit.report.made_study import MadeStudy, make_cohort
from vagus.report.blocks import Absent, Chooser, Plot, Section, Table
from vagus.report.cohort_models import build_models
from vagus.report.design import build_design
from vagus.report.differential import build_differential
from vagus.report.figure import FigureFolder, figure_style
from vagus.report.inputs import ReportInputs, load_inputs
from vagus.report.methods import MethodsText
from vagus.report.trajectories import build_trajectories


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> ReportInputs:
    """A made study with the tables of the cohort stage."""
    made = make_cohort(tmp_path_factory.mktemp("cohort"), n_people=8)
    run_programs(made)
    return load_inputs(made.results, made.sheet, made.provenance)


def run_programs(made: MadeStudy) -> None:
    cohort, diversity = made.results / "cohort", str(made.results / "diversity")
    design = [
        "--samples", str(made.sheet), "--group=group", "--subject=subject", "--time=time",
        "--covariates=age", "--permutations=99",
    ]  # fmt: skip
    tables = [f"--beta={m}={diversity}/beta_{m}.tsv" for m in ("braycurtis", "aitchison")]
    tables.append(f"--alpha={diversity}/alpha.tsv")
    alpha = ["--alpha", f"{diversity}/alpha.tsv", "--checks", f"{cohort}/design.tsv"]
    assert check_design.main([*design, *alpha]) == 0
    models = ["--alpha-models", f"{cohort}/alpha_models.tsv"]
    models += ["--beta-models", f"{cohort}/beta_models.tsv"]
    assert model_diversity.main([*design, *tables, *models]) == 0
    trajectories = ["--volatility", f"{cohort}/volatility.tsv"]
    trajectories += ["--trajectories", f"{cohort}/trajectories.tsv"]
    trajectories += ["--tests", f"{cohort}/longitudinal_tests.tsv"]
    assert follow_subjects.main([*design, *tables, *trajectories]) == 0
    counts = f"genus={made.results}/selection/composition_genus.tsv"
    tests = f"--tests=genus={cohort}/differential_genus.tsv"
    assert compare_taxa.main([*design, "--counts", counts, tests]) == 0


def build_all(inputs: ReportInputs) -> list[Section]:
    figures = FigureFolder(None)
    with figure_style():
        sections = [
            build_design(inputs),
            build_models(inputs, figures),
            build_differential(inputs, figures),
            build_trajectories(inputs, figures),
        ]
    assert all(section is not None for section in sections)
    return [section for section in sections if section is not None]


def list_blocks(blocks: object) -> list[object]:
    found: list[object] = []
    for block in blocks:  # type: ignore[attr-defined]
        found.append(block)
        if isinstance(block, Chooser):
            found += list_blocks([b for _, panel in block.panels for b in panel])
        found += list_blocks(getattr(block, "blocks", []))
    return found


def test_sections_show_plots_with_n_and_test(inputs: ReportInputs) -> None:
    sections = build_all(inputs)
    assert [section.id for section in sections] == [
        "design",
        "models",
        "differential",
        "trajectories",
    ]
    plots = [b for s in sections for b in list_blocks(s.blocks) if isinstance(b, Plot)]
    names = [plot.name for plot in plots]
    assert len(names) == len(set(names))
    for start in ("alpha_effects_group", "taxa_genus_group_1", "trajectory_", "volatility_"):
        assert any(name.startswith(start) for name in names)
    for plot in plots:
        assert re.search(r"\d+ subjects|n: ", str(plot.caption)), plot.caption
    forest = next(plot for plot in plots if plot.name == "alpha_effects_group")
    assert "mixed model" in str(forest.caption)
    assert "Adjusted for age" in str(forest.caption)


def test_too_few_people_over_time_are_one_sentence_and_no_table(tmp_path: Path) -> None:
    made = make_cohort(tmp_path, n_people=2)
    run_programs(made)
    few = load_inputs(made.results, made.sheet, made.provenance)
    with figure_style():
        section = build_trajectories(few, FigureFolder(tmp_path / "figures", few.keys))
    assert section is not None
    assert not [block for block in section.blocks if isinstance(block, Table)]
    (text,) = (str(block.reason) for block in section.blocks if isinstance(block, Absent))
    assert text.startswith("Change over time was not tested: ")
    assert text.count("not tested") == 1


def test_no_sentence_says_more_than_an_association(inputs: ReportInputs) -> None:
    words = re.compile(r"\b(causes?d?|leads? to|due to|diagnos\w+|effects? of the disease)\b", re.I)
    for section in build_all(inputs):
        for block in list_blocks(section.blocks):
            for text in (getattr(block, "text", ""), getattr(block, "caption", "")):
                assert not words.search(str(text)), text


def test_design_table_puts_the_gravest_first(inputs: ReportInputs) -> None:
    section = build_design(inputs)
    assert section is not None
    table = next(block for block in section.blocks if isinstance(block, Table))
    order = [row[0] for row in table.rows]
    assert order == sorted(order, key=["error", "warning", "note"].index)


def test_methods_name_the_models(inputs: ReportInputs) -> None:
    methods = MethodsText(inputs)
    text = " ".join([*methods._describe_models(), *methods._describe_taxa()])
    for words in ("random intercept", "permutation of residuals", "ANCOM-BC", "time and group"):
        assert words in text


def test_nothing_without_tables(tmp_path: Path) -> None:
    made = make_cohort(tmp_path, n_people=4)
    inputs = load_inputs(made.results, made.sheet, made.provenance)
    figures = FigureFolder(None)
    assert build_models(inputs, figures) is None
    assert build_differential(inputs, figures) is None
    assert build_trajectories(inputs, figures) is None
    section = build_design(inputs)
    assert section is not None
    assert not any(isinstance(block, Table) for block in section.blocks)
