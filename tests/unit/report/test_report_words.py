"""Sentences of the study page that say what was done, against the tables and the code's rules."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from unit.report.made_study import MadeStudy, make_cohort
from unit.report.reading import Page
from vagus.reads.platforms import find_platform
from vagus.report.blocks import Definitions, Key
from vagus.report.chimeras import build_chimeras
from vagus.report.cohort import build_cohort, list_tests, summarise_tests
from vagus.report.composition import list_ties
from vagus.report.figure import FigureFolder
from vagus.report.inputs import ReportInputs, load_inputs
from vagus.report.keys import list_keys, list_scales
from vagus.report.methods import MethodsText
from vagus.report.qc import draw_lengths
from vagus.report.taxa import count_asvs
from vagus.report.truth import build_truth
from vagus.taxonomy.call import SPREAD_CONFIDENCE


def _load(study: MadeStudy) -> ReportInputs:
    return load_inputs(study.results, study.sheet, study.provenance)


def _with_tables(inputs: ReportInputs, **tables: pd.DataFrame | None) -> ReportInputs:
    named = {name.replace("__", "/"): table for name, table in tables.items()}
    return replace(inputs, _tables={**inputs._tables, **named})


def _make_tests(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    columns = ["variable", "metric", "test", "p_value", "q_value", "note"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(statistic=1.0, effect=0.1, effect_name="R2", n="a:3;b:3", groups="a;b")


ALPHA = _make_tests([
    ("group", "shannon", "Mann-Whitney U", 0.8, 0.9,
     "exact p-value; 2400 samples of 1200 subjects, one mean for each subject"),
    ("time", "shannon", "Wilcoxon signed-rank", 0.7, 0.9,
     "24 samples of 12 subjects, each compared with itself"),
    ("age", "shannon", "Spearman", None, None, "not tested: numbers of age change"),
])  # fmt: skip
BETA = _make_tests([
    ("group", "jaccard", "PERMANOVA", 0.2, 0.4,
     "24 samples of 12 subjects, whole subjects permuted; random permutations: 9999"),
    ("group", "jaccard", "PERMDISP", 0.3, 0.4,
     "24 samples of 12 subjects, whole subjects permuted"),
    ("time", "jaccard", "PERMANOVA", 0.2, 0.4, "samples permuted"),
])  # fmt: skip


def test_methods_say_which_test_was_made_for_which_variable(study: MadeStudy) -> None:
    inputs = _with_tables(_load(study), cohort__alpha_tests=ALPHA, cohort__beta_tests=BETA)
    text = MethodsText(inputs).describe_cohort()
    assert (
        "For group, alpha diversity was compared by Mann-Whitney U (Mann & Whitney 1947), with "
        "2,400 samples of 1,200 subjects, one mean for each subject; distances were compared by "
        "PERMANOVA (Anderson 2001) and PERMDISP (Anderson 2006), with 24 samples of 12 subjects, "
        "whole subjects permuted." in text
    )
    assert (
        "For time, alpha diversity was compared by Wilcoxon signed-rank (Wilcoxon 1945), with 24 "
        "samples of 12 subjects, each compared with itself; distances were compared by PERMANOVA "
        "(Anderson 2001)." in text
    )
    assert "age" not in text


def test_methods_give_the_rule_of_names(study: MadeStudy) -> None:
    text = MethodsText(_load(study)).describe_taxonomy()
    assert SPREAD_CONFIDENCE == 0.95
    assert "identity of at least 98.7 %; the next species had to be at least" in text
    assert "(genus; near and below it a confidence of 95 % instead)" in text
    assert "domain to genus needed a bootstrap confidence of at least 0.8" in text


def test_methods_give_the_limit_of_expected_errors(study: MadeStudy) -> None:
    assert find_platform("hifi").max_expected_errors == 2
    assert find_platform("ont").max_error_rate == 0.03
    inputs = _load(study)
    assert "at most 2 expected errors (Edgar" in MethodsText(inputs).describe_reads()
    inputs.ledger["platform"] = "ont"
    text = MethodsText(inputs).describe_reads()
    assert "at most expected errors of 3 % of their length (Edgar" in text
    inputs.ledger.loc[0, "platform"] = "hifi"
    text = MethodsText(inputs).describe_reads()
    assert (
        "2 expected errors (PacBio HiFi) or expected errors of 3 % of their length (Oxford" in text
    )
    inputs.config["reads"]["max_expected_errors"] = 1.5
    assert "at most 1.5 expected errors (Edgar" in MethodsText(inputs).describe_reads()


@pytest.mark.parametrize(
    ("ignored", "end"),
    [
        (0, "flagged it."),
        (1, "flagged it, leaving out up to 1 sample that does not flag it."),
        (2, "flagged it, leaving out up to 2 samples that do not flag it."),
    ],
)
def test_methods_give_the_rule_of_chimeras(study: MadeStudy, ignored: int, end: str) -> None:
    inputs = _load(study)
    inputs.config["denoise"]["chimera_ignore_samples"] = ignored
    text = MethodsText(inputs).describe_denoising()
    assert text.endswith(f"at least 90 % of the samples that contain it {end}")
    assert "more than 3.5 times as abundant" in text


def test_tests_are_counted_by_their_kind() -> None:
    made = BETA[BETA["test"] == "PERMANOVA"]
    assert summarise_tests(made, str, "PERMANOVA test").startswith("Of 2 PERMANOVA tests, none")
    text = summarise_tests(ALPHA, str, "test of alpha diversity")
    assert text.startswith("Of 2 tests of alpha diversity, none passes")


def test_permutations_have_commas() -> None:
    shared = list_tests(BETA, "", str)[1]
    assert isinstance(shared, Definitions)
    assert str(shared.items[0][1]).endswith("whole subjects permuted; random permutations: 9,999")


def test_without_a_p_value_one_sentence_stands_for_the_tables(study: MadeStudy) -> None:
    why = "not adjusted for age; not tested: samples of 1 level remain"
    rows = [("group", m, "PERMANOVA", None, None, why) for m in ("jaccard", "aitchison")]
    none = _make_tests(rows)
    inputs = _with_tables(_load(study), cohort__alpha_tests=none, cohort__beta_tests=none)
    blocks = build_cohort(inputs).blocks
    assert len(blocks) == 1
    reason = blocks[0].reason  # type: ignore[attr-defined]
    assert reason == "No group test could be made: group (samples of 1 level remain)."
    inputs = _with_tables(inputs, cohort__beta_tests=BETA)
    kinds = [block.kind for block in build_cohort(inputs).blocks]  # type: ignore[attr-defined]
    assert kinds.count("table") == 1


def test_doubtful_asvs_are_counted(study: MadeStudy) -> None:
    asvs = pd.DataFrame({
        "asv": list("abcde"), "reads": [900, 9, 10, 9, 2], "n_samples": [3, 1, 1, 2, 1],
    })  # fmt: skip
    counts = pd.DataFrame({
        "asv": list("abcde"), "x": [300, 9, 10, 4, 2], "y": [300, 0, 0, 5, 0],
        "z": [300, 0, 0, 0, 0], "mock": [50, 40, 0, 0, 0],
    }).set_index("asv")  # fmt: skip
    inputs = _with_tables(_load(study), denoise__asvs=asvs, denoise__asv_table=counts)
    text = build_chimeras(inputs).blocks[1].text  # type: ignore[attr-defined]
    assert "2 ASVs (40.0 %) with 11 reads have fewer than 10 reads" in text


@pytest.mark.parametrize(
    ("ties", "text"), [("A a/A b", "A a / A b"), ("A a", ""), ("", ""), (None, ""), (np.nan, "")]
)
def test_one_species_is_no_tie(ties: object, text: str) -> None:
    assert list_ties(ties) == text


def test_false_variants_without_a_species_have_an_empty_cell(tmp_path: Path) -> None:
    made = make_cohort(tmp_path, n_people=3)
    folder = made.write_truth()
    path = folder / "truth_false.tsv"
    path.write_text(path.read_text().replace("s__Blautia a", ""))
    inputs = load_inputs(made.results, made.sheet, made.provenance, folder)
    section = build_truth(inputs, FigureFolder(None))
    assert section is not None
    details = next(b for b in section.blocks if getattr(b, "summary", "") == "False variants")
    rows = details.blocks[0].rows  # type: ignore[attr-defined]
    assert [row[3] for row in rows] == ["", "Blautia <b>"]


def test_lengths_beyond_the_axis_are_counted_by_stage() -> None:
    rows = [("s", "before", 1450, 99_990), ("s", "before", 9000, 6), ("s", "after", 1450, 50_000),
            ("s", "before", 100, 4), ("s", "before", 1460, 10), ("s", "after", 100, 1)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["sample", "stage", "length_bp", "n_reads"])
    caption = draw_lengths(table, FigureFolder(None)).caption
    assert caption.endswith("Reads with lengths beyond the axis: 10 before, 1 after.")


def test_legends_are_read_from_the_figure() -> None:
    figure = Figure()
    axes = figure.subplots()
    axes.bar([0], [1], color="#112233", label="area")
    axes.plot([0, 1], [0, 1], color="#445566", label="line")
    axes.scatter([0], [0], facecolors="white", edgecolors="#778899", label="hollow")
    axes.legend()
    scale = axes.scatter([0, 1], [0, 1], c=[20.0, 60.0], cmap="gray")
    figure.colorbar(scale)
    keys = list_keys(figure)
    assert {*keys} == {
        Key("area", "#112233"), Key("line", "#445566", "line"), Key("hollow", "#778899", "hollow"),
    }  # fmt: skip
    assert len(keys) == 3
    values = list_scales(figure)
    assert [key.label for key in values] == ["20.0", "40.0", "60.0"]
    assert (values[0].colour, values[2].colour) == ("#000000", "#ffffff")


def test_the_page_repeats_legends_and_shows_the_genus_first(page: str) -> None:
    section = page.split('<section id="ledger">')[1].split("</section>")[0]
    keys = section.split('<ul class="keys"')[1].split("</ul>")[0]
    assert "in ASVs" in keys
    assert "singleton" in keys
    composition = page.split('<section id="composition">')[1].split("</section>")[0]
    assert '<div class="panel" data-choices="[&#34;genus&#34;]" data-first>' in composition


def test_counts_of_the_rarefaction_plan_have_commas(tmp_path: Path) -> None:
    made = make_cohort(tmp_path, n_people=3)
    plan = {"explanation": "Rarefied to 1813 reads."}
    path = made.results / "diversity/rarefaction_plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    excluded = pd.DataFrame({"sample": ["blank"], "reason": ["38 reads, below the depth 1813"]})
    inputs = _with_tables(_load(made), diversity__excluded=excluded)
    from vagus.report.diversity import build_alpha
    from vagus.report.figure import figure_style

    with figure_style():
        blocks = build_alpha(inputs, FigureFolder(None)).blocks
    assert blocks[0].text == "Rarefied to 1,813 reads."  # type: ignore[attr-defined]
    notice = blocks[1].notices[0].text  # type: ignore[attr-defined]
    assert "38 reads, below the depth 1,813" in notice


def test_the_highest_quality_class_may_lie_higher(page: str) -> None:
    section = Page(page.split('<section id="errors">')[1].split("</section>")[0]).text
    assert "highest quality class is estimated by itself" in section


def test_errors_of_unexplained_reads_are_told(study: MadeStudy) -> None:
    from vagus.dada.model_figure import describe_model as explain

    about = {"source": "learned", "unexplained_share": 0.37, "learned_from": "all"}
    assert "37.0 % of the errors that all reads show are in reads that no" in explain("r", about)
    strict = explain("r", about | {"learned_from": "explained"})
    assert "these were left out" in strict
    assert "no variant" not in explain("r", about | {"source": "default"})


def test_removed_contaminants_are_no_taxa_of_a_sample(study: MadeStudy) -> None:
    inputs = _load(study)
    counts = inputs.table("selection/asv_table")
    assert counts is not None
    name = study.names[1]
    before = count_asvs(inputs, name)
    first = before["asv"].iloc[0]
    kept = _with_tables(inputs, selection__asv_table=counts.drop(index=first))
    after = count_asvs(kept, name)
    assert after["asv"].tolist() == before["asv"].tolist()[1:]


def test_ellipses_count_people_once(study: MadeStudy) -> None:
    from vagus.report.level_ordination import _name_people

    inputs = _load(study)
    repeated = [s.name for s in inputs.samples if s.metadata["subject"]]
    people, words = _name_people(inputs, repeated)
    assert len(set(people.values())) < len(people)
    assert "each subject counted once" in words
    assert _name_people(inputs, repeated[:1]) == (
        {},
        words.split(" or more,")[0] + " samples or more.",
    )
