"""Samples and columns of a model: what is left out, what is confounded, what is compared."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from vagus.study.columns import Column
from vagus.study.levels import order_levels
from vagus.study.model_frame import ModelFrame, make_frame
from vagus.study.model_tests import centre_within, explain_no_permanova
from vagus.study.samples import Sample

HEADER = ("group", "person", "week", "age", "site")
ROWS = [
    # two weeks of six persons; P5 has no age
    (group, f"P{person}", week, "" if person == 5 else str(20 + 3 * person), "north")
    for person, group in enumerate(["case", "control", "case", "control", "case", "control"])
    for week in ("week2", "week10")
]


def sheet(rows: list[tuple[str, ...]]) -> list[Sample]:
    return [
        Sample(f"s{n:02d}", f"s{n:02d}", (), metadata=dict(zip(HEADER, row, strict=True)))
        for n, row in enumerate(rows)
    ]


def frame(rows: list[tuple[str, ...]], column: Column, references: tuple = ()) -> ModelFrame:
    samples = sheet(rows)
    return make_frame(samples, column, [s.name for s in samples], "no value", references)


def test_between_subjects_with_covariates() -> None:
    found = frame(ROWS, Column("group", False, "person", ("age", "site")))
    assert found.design == "between"
    assert found.obstacle == ""
    assert found.variable.levels == ("control", "case")
    assert found.variable.contrasts == ["case - control"]
    assert found.count_units() == "control:2;case:3"
    assert found.name_covariates() == "age"
    assert found.notes == (
        "2 samples left out: no value of age",
        "not adjusted for site: constant or given by other covariates",
    )
    assert found.matrix.shape == (10, 3)
    assert found.contrasts.tolist() == [[0, 0, 1]]
    assert (found.averaging @ found.variable.columns).ravel().tolist() == [1, 0, 1, 0, 1]


def test_within_subjects_and_named_reference() -> None:
    found = frame(ROWS, Column("week", False, "person"), ("week10",))
    assert found.design == "within"
    assert found.variable.contrasts == ["week2 - week10"]
    assert found.is_repeated


@pytest.mark.parametrize("n_weeks", [1, 2, 3])
def test_what_subjects_leave_open_is_their_centred_columns(n_weeks: int) -> None:
    # of 2 persons with n samples each, the subjects take 2 of the dimensions, the weeks n - 1
    rng = np.random.default_rng(1)
    subjects = np.repeat([0, 1], n_weeks)
    weeks = (np.tile(np.arange(n_weeks), 2)[:, None] == np.arange(1, n_weeks)[None, :]) * 1.0
    columns = np.hstack([weeks, subjects[:, None] * 7.3, rng.random((2 * n_weeks, 1))])
    of_subjects = (subjects[:, None] == np.arange(2)[None, :]) * 1.0
    whole = np.linalg.matrix_rank(np.hstack([of_subjects, columns]))
    rest = centre_within(columns, subjects)
    assert np.linalg.matrix_rank(rest) == whole - 2
    assert not rest[:, n_weeks - 1].any()  # the same for all samples of a person


def test_thousands_of_subjects_are_planned_without_a_matrix_of_them() -> None:
    # 2,500 persons by 2,500 columns in 64 bits would be 100 MB, and orthogonalised for minutes
    rows = [("x", f"P{n // 2}", f"week{n % 2}", str(7 * n % 50), "") for n in range(5000)]
    found = frame(rows, Column("week", False, "person", ("age",)))
    tracemalloc.start()
    assert explain_no_permanova(found) == ""
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()
    # age as the same numbers as the weeks leaves nothing to test
    rows = [("x", f"P{n // 2}", str(n % 2), str(n % 2 + n // 2), "") for n in range(6)]
    assert explain_no_permanova(frame(rows, Column("week", True, "person", ("age",)))) != ""


def test_confounding_is_an_obstacle() -> None:
    rows = [(*row[:4], "north" if row[0] == "case" else "south") for row in ROWS]
    found = frame(rows, Column("group", False, "person", ("site",)))
    assert found.obstacle == "not tested: group is confounded with site"


def test_too_few_units_are_an_obstacle() -> None:
    rows = [(group, group[:n], "1", str(n * n), "x") for n in (2, 3) for group in ("case", "no")]
    rows = [(row[0], f"p{n}", *row[2:]) for n, row in enumerate(rows)]
    assert frame(rows, Column("group", False, None)).obstacle == ""
    found = frame(rows, Column("group", False, None, ("age",)))
    expected = "4 units with values of group, age are too few for 3 coefficients"
    assert found.obstacle == f"not tested: {expected}"


def test_numbers_are_slopes() -> None:
    rows = [("case", f"P{n}", "1", str(n), "x") for n in range(8)]
    found = frame(rows, Column("age", True, "person"))
    assert found.variable.is_numeric
    assert found.variable.contrasts == ["per unit of age"]
    assert found.count_units() == "8"
    assert np.diff(found.variable.columns[:, 0]).tolist() == [1.0] * 7


@pytest.mark.parametrize(
    ("levels", "first"),
    [
        (["case", "control"], "control"),
        (["depression", "Healthy"], "Healthy"),
        (["b", "a"], "a"),
        (["week10", "week2"], "week2"),
        (["10", "9.5", "-1"], "-1"),
    ],
)
def test_reference_level(levels: list[str], first: str) -> None:
    assert order_levels(levels)[0] == first
    assert order_levels(levels, [levels[1]])[0] == levels[1]
