"""Numbers that the pages derive: taxa, composition, variables, places among others."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from unit.report.made_study import MadeStudy
from vagus.report.composition import group_taxa
from vagus.report.inputs import load_inputs
from vagus.report.place import describe_place
from vagus.report.taxa import gather_taxa, name_lineage
from vagus.report.variables import Variable, list_variables
from vagus.tables.stages.report import SAMPLE_TAXA


def test_top_taxa_go_by_mean_share_not_by_reads() -> None:
    # in reads B leads (1000 against 120), in mean share A does (0.6 against 0.4)
    counts = pd.DataFrame(
        {"deep": [200, 1000, 0, 0], "flat": [20, 0, 2, 3], "thin": [5, 0, 0, 0]},
        index=["A", "B", "C", "Unassigned"],
    )
    grouped = group_taxa(counts, 1)
    assert list(grouped.index) == ["A", "Other", "Unassigned"]
    assert grouped.loc["Other"].tolist() == [1000, 2, 0]
    assert grouped.sum().tolist() == counts.sum().tolist()
    assert list(group_taxa(counts, 5).index) == ["A", "B", "C", "Unassigned"]


def test_controls_show_taxa_of_their_own() -> None:
    # means are those of the samples; a control's own taxa follow, at most half as many
    counts = pd.DataFrame(
        {"s1": [60, 40, 0, 0, 0], "s2": [70, 29, 1, 0, 0], "blank": [1, 0, 0, 90, 9]},
        index=["A", "B", "C", "X", "Y"],
    )
    assert list(group_taxa(counts, 2, ["blank"]).index) == ["A", "B", "X", "Other"]
    assert list(group_taxa(counts, 4, ["blank"]).index) == ["A", "B", "C", "X", "Y"]
    assert list(group_taxa(counts[["blank"]], 2, ["blank"]).index) == ["X", "Y", "Other"]


def test_equal_shares_go_by_name() -> None:
    counts = pd.DataFrame({"s": [5, 5, 5]}, index=["c", "a", "b"])
    assert list(group_taxa(counts, 2).index) == ["a", "b", "Other"]


def test_taxa_gather_asvs_by_their_deepest_name() -> None:
    base = {"domain": "Bacteria", "phylum": "P", "class": "C", "order": "O", "family": "F"}
    rows = [
        {"asv": "1", "reads": 60, "Confidence": 0.9, "identity": 1.0, "nearest": "X", "ties": "a/b",
         **base, "genus": "G", "species": "G a"},
        {"asv": "2", "reads": 30, "Confidence": 0.8, "identity": 0.98, "nearest": "Y", "ties": "",
         **base, "genus": "G", "species": None},
        {"asv": "3", "reads": 20, "Confidence": 0.6, "identity": 0.97, "nearest": "Z", "ties": "",
         **base, "genus": "G", "species": "G a"},
        {"asv": "4", "reads": 10, "Confidence": None, "identity": None, "nearest": None,
         "ties": None, **dict.fromkeys([*base, "genus", "species"])},
    ]  # fmt: skip
    taxa = gather_taxa(pd.DataFrame(rows))
    assert list(taxa.columns) == SAMPLE_TAXA.names
    assert taxa["taxon"].tolist() == ["G a", "G", "Unassigned"]
    assert taxa["rank"].tolist() == ["species", "genus", ""]
    assert taxa["reads"].tolist() == [80, 30, 10]
    assert taxa["n_asvs"].tolist() == [2, 1, 1]
    assert taxa["percent"].sum() == pytest.approx(100)
    first = taxa.iloc[0]
    assert first["confidence"] == pytest.approx((60 * 0.9 + 20 * 0.6) / 80)
    assert first["identity"] == pytest.approx((60 * 1.0 + 20 * 0.97) / 80)
    assert first["lowest_identity"] == 0.97
    assert first["lineage"] == "d__Bacteria; p__P; c__C; o__O; f__F; g__G; s__G a"
    assert gather_taxa(pd.DataFrame({"asv": [], "reads": []})).empty


def test_lineages_take_prefixed_names_as_well() -> None:
    row = {"domain": "d__Bacteria", "phylum": "p__X", "class": None}
    assert name_lineage(row) == "d__Bacteria; p__X"


@pytest.mark.parametrize(
    ("value", "others", "words"),
    [
        (5.0, [1, 2, 3, 9], "higher than 3 of 4 others (percentile 75)"),
        (2.0, [1, 2, 2, 3], "higher than 1 of 4 others, equal to 2 (percentile 50)"),
        (0.0, [1, 2], "higher than 0 of 2 others (percentile 0)"),
        (1.0, [], "no other sample to compare with"),
        (float("nan"), [1.0], "no value"),
    ],
)
def test_place_among_others(value: float, others: list[float], words: str) -> None:
    assert describe_place(value, others) == words


def test_levels_are_in_the_order_of_the_tests() -> None:
    """The reference first (a usual word, or the config's own), numbers in names by size."""
    variable = Variable("dose", {"a": "dose10", "b": "dose9", "c": "none"}, False)
    assert variable.levels == ["none", "dose9", "dose10"]
    assert replace(variable, references=("dose10",)).levels == ["dose10", "dose9", "none"]


def test_times_are_from_first_to_last() -> None:
    order = ("before", "week2", "week10", "end")
    times = Variable("when", {"a": "week10", "c": "week2", "d": "before"}, False, (), order)
    assert times.levels == ["before", "week2", "week10"]


def test_the_design_comes_first_and_controls_have_no_group(study: MadeStudy) -> None:
    inputs = load_inputs(study.results, study.sheet, study.provenance)
    variables = {variable.name: variable for variable in list_variables(inputs)}
    assert list(variables) == ["group", "time", "age", "subject", "control"]
    assert "blank" not in variables["group"].values
    assert variables["control"].values["mock"] == "positive control"
    assert not variables["age"].is_numeric  # five ages: levels, as in the cohort stage


def test_the_top_genus_of_each_sample() -> None:
    from vagus.report.samples import find_top_taxa

    table = pd.DataFrame({
        "s1": [3, 5, 2, 0], "s2": [1, 0, 4, 4], "empty": [0, 0, 0, 0], "nameless": [0, 9, 0, 0],
    }, index=["g__A", "Unassigned", "B", "C"])  # fmt: skip
    assert find_top_taxa(table) == {"s1": "A (30.0 %)", "s2": "B (44.4 %)"}
    assert find_top_taxa(table.loc[["Unassigned"]]) == {}
    assert find_top_taxa(None) == {}
