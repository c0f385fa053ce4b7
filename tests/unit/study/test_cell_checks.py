"""Cells that are almost numbers, levels that are almost alike, and words for no value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vagus.study.cell_checks import (
    describe_missing,
    find_strange_cells,
    list_number_mistakes,
    list_similar_levels,
)
from vagus.study.columns import has_text
from vagus.study.design import StudyDesign
from vagus.study.missing import is_missing
from vagus.study.samples import Sample


def make_samples(cells: list[str], name: str = "age") -> list[Sample]:
    """A sample for each cell; lines as in a sheet with a header."""
    return [
        Sample(f"s{n}", f"s{n}", (), metadata={name: cell}, line=n + 2)
        for n, cell in enumerate(cells)
    ]


AGES = ["51", "48", "44.5", "30", "29", "61", "37"]


@pytest.mark.parametrize(
    "cell",
    ["51,5", "<0.3", ">65", "51 y", "inf", "-Infinity", "~50", "51 years", "5%", "51*", "51?",
     "1 200,5", "51 (self-reported)", "ca. 51", "≥65", "51y", "adult", "1_000", "5.1.2", "1,000"],
)  # fmt: skip
def test_one_cell_that_is_no_number_is_named_with_its_line(cell: str) -> None:
    samples = make_samples([*AGES, cell])
    design = StudyDesign((), covariates=("age",))
    (error,) = list_number_mistakes(samples, design, "samples.tsv")
    assert f"'{cell}' (line 9)" in str(error)
    assert find_strange_cells(samples, "age", is_group=True)


@pytest.mark.parametrize(
    "cells", [["51,5", "48,2"], ["51 y", "48 y", "44 y", "30 y", "29 y", "9 y"]]
)
def test_a_whole_column_that_only_looks_like_numbers(cells: list[str]) -> None:
    assert list(find_strange_cells(make_samples(cells), "age", is_group=False)) == cells


@pytest.mark.parametrize(
    ("cells", "is_group"),
    [
        (AGES, True),
        ([*AGES, "missing", "#N/A", "not provided"], False),
        (["10 mg", "20 mg", "placebo"], True),
        (["<30", "30-50", ">50"], True),
        (["0", "1", "2", "3+"], True),
        (["1a", "1b", "2a", "2b", "3a", "3b"], False),
        (["site1", "site2", "3"], False),
        (["case", "control"] * 4, True),
        (["1", "2", "mild", "severe"], True),
        (["-1.5e-3", "+2", "1e5"], False),
    ],
)
def test_numbers_and_levels_pass(cells: list[str], is_group: bool) -> None:
    assert find_strange_cells(make_samples(cells), "age", is_group) == {}


NUMBERS = st.lists(st.floats(-1e6, 1e6).map(lambda x: f"{x:.3f}"), min_size=7, max_size=20)
MISSING = ["missing", "Not Applicable", "not_collected", "#N/A", "#DIV/0!", "unknown", "-", ".",
           "restricted access", "missing: lab stock", "N/A", "nan", ""]  # fmt: skip


@given(NUMBERS, st.lists(st.sampled_from(MISSING), max_size=4))
def test_words_for_no_value_leave_numbers_numbers(numbers: list[str], words: list[str]) -> None:
    samples = make_samples([*numbers, *words])
    assert find_strange_cells(samples, "age", is_group=False) == {}
    assert not has_text(samples, "age")
    assert [s.value("age") for s in samples] == [*numbers, *[""] * len(words)]


@pytest.mark.parametrize(
    "cell", ["none", "no", "control", "0", "Nana", "missing link", "NAs", "nd"]
)
def test_other_words_are_values(cell: str) -> None:
    assert not is_missing(cell)


def test_words_for_no_value_are_counted() -> None:
    samples = make_samples(["missing", "missing", "#N/A", "51", "", "NA"])
    assert list(describe_missing(samples, ["age"])) == [
        "  no value in age: 'missing' (2), '#N/A' (1)"
    ]


@pytest.mark.parametrize(
    ("first", "second", "how"),
    [
        ("Control", "control", "case"),
        ("pre treated", "pre-treated", "case, blanks or signs"),
        ("case 1", "case1", "blanks"),
        ("responder", "responders", "one letter"),
        ("contrl", "control", "one letter"),
        ("plecebo", "placebo", "one letter"),
    ],
)
def test_levels_that_are_almost_alike_are_reported(first: str, second: str, how: str) -> None:
    (doubt,) = list_similar_levels(make_samples([first, second, second]), ["age"])
    assert how in doubt
    assert f"'{first}' (1 sample)" in doubt
    assert f"'{second}' (2 samples)" in doubt


@pytest.mark.parametrize(
    ("first", "second"),
    [("case", "control"), ("site1", "site2"), ("groupA", "groupB"), ("male", "female"),
     ("A", "B"), ("week 1", "week 11"), ("51", "52")],
)  # fmt: skip
def test_other_levels_are_not(first: str, second: str) -> None:
    assert list(list_similar_levels(make_samples([first, second]), ["age"])) == []


def test_one_letter_is_a_difference_between_people() -> None:
    samples = make_samples(["Jonas", "Junas", "jonas"])
    (doubt,) = list_similar_levels(samples, ["age"], codes=["age"])
    assert "'Jonas'" in doubt
    assert "'jonas'" in doubt
