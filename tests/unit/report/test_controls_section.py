"""Sections on controls, Hill numbers and levels, drawn from what the stages' programs write."""

from __future__ import annotations

import pytest

import assess_controls
import find_contaminants
import gather_taxa
import rarefy_samples
import write_report
from described import list_faults
from unit.diversity.level_programs import run_levels
from unit.report.made_study import MadeStudy, make_cohort
from vagus.tables import read_table

CONTROL_TABLES = (
    "mocks", "mock_taxa", "replicates", "repeatability", "batches", "checks", "verdict",
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[MadeStudy, str]:
    """A made cohort whose diversity and controls are measured by the programs themselves."""
    made = make_cohort(tmp_path_factory.mktemp("controls"), n_people=4)
    results, sheet = made.results, str(made.sheet)
    table, taxonomy = f"{results}/selection/asv_table.tsv", f"{results}/taxonomy/taxonomy.tsv"
    asvs = read_table(table)["asv"].tolist()
    (results / "tree.nwk").write_text(_make_comb(asvs), encoding="utf-8")
    given, folder = ["--asv-table", table], f"{results}/diversity"
    named = ["--taxonomy", taxonomy]
    gathered = f"--table=genus={results}/selection/composition_genus.tsv"
    assert gather_taxa.main([*given, *named, gathered]) == 0
    plan = ["--plan", f"{folder}/rarefaction_plan.json"]
    controls = [f"--control={name}" for name in made.controls]
    names = {"excluded": "excluded", "curves": "rarefaction", "choices": "rarefaction_choices"}
    outputs = [f"--{key}={folder}/{name}.tsv" for key, name in names.items()]
    assert rarefy_samples.main([*given, *plan, *controls, *outputs]) == 0
    shared = [f"--tree={results}/tree.nwk", *plan]
    run_levels(table, folder, ["genus"], shared, ["braycurtis", "robust_aitchison"], controls)
    found = f"{results}/controls"
    study = ["--samples", sheet, *given, *named, f"--contaminants={found}/contaminants.tsv"]
    study.append(f"--ledger={found}/ledger.tsv")
    words = [f"--explanation={found}/contaminants.txt"]
    assert find_contaminants.main([*study, *words, "--contaminant-threshold=0.5"]) == 0
    assert (
        assess_controls.main(
            [
                *study,
                f"--alpha={folder}/alpha.tsv",
                f"--beta=braycurtis={folder}/beta_braycurtis.tsv",
                "--replicate=subject",
                "--group=group",
                *(f"--table={name}={results}/controls/{name}.tsv" for name in CONTROL_TABLES),
            ]
        )
        == 0
    )
    report = results / "report"
    inputs = ["--samples", sheet, "--provenance", str(made.provenance)]
    pages = ["--page", str(report / "index.html"), "--figures", str(report / "figures")]
    assert write_report.main([*inputs, *pages]) == 0
    return made, (report / "index.html").read_text(encoding="utf-8")


def _make_comb(names: list[str]) -> str:
    tree = names[0] + ":1"
    for name in names[1:]:
        tree = f"({tree},{name}:1):1"
    return tree.rpartition(":")[0] + ";"


def test_figures_are_saved_in_all_forms(whole: tuple[MadeStudy, str]) -> None:
    folder = whole[0].results / "report" / "figures"
    names = ["hill_asv", "hill_genus", "levels_asv_braycurtis", "levels_genus_robust_aitchison",
             "contaminants"]  # fmt: skip
    for name in names:
        for form in ("svg", "png", "tsv"):
            assert (folder / f"{name}.{form}").stat().st_size > 100, name


def test_the_page_says_what_the_tables_say(whole: tuple[MadeStudy, str]) -> None:
    made, page = whole
    verdict = read_table(made.results / "controls" / "verdict.tsv")["verdict"].iloc[0]
    words = {"pass": "passes its checks", "caution": "calls for caution", "fail": "fails a check"}
    assert f"Run run1 {words[verdict]}." in page
    assert page.index(f"Run run1 {words[verdict]}.") < page.index('id="samples"')
    assert 'id="controls"' in page
    assert "nothing was removed" in page
    assert "stress" in page
    assert "What other depths would cost" in page


def test_every_new_table_is_described(whole: tuple[MadeStudy, str]) -> None:
    assert list((whole[0].results / "controls").glob("*.tsv"))
    assert list_faults(whole[0].results) == []
