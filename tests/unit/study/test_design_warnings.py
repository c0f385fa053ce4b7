"""Doubts about a design: small groups, and people who gave several samples."""

from __future__ import annotations

from typing import Any

from vagus.study.design_warnings import list_doubts
from vagus.study.samples import Sample
from vagus.study.schema import fill_defaults
from vagus.study.study import Study


def _make(rows: list[tuple[str, str]], columns: tuple[str, str], **cohort: Any) -> Study:
    samples = tuple(
        Sample(f"s{n}", f"s{n}", (f"{n}.fq",), metadata=dict(zip(columns, row, strict=True)))
        for n, row in enumerate(rows)
    )
    config = fill_defaults({})
    config["cohort"] |= cohort
    return Study(config, samples)


def test_a_good_design_has_no_doubts() -> None:
    rows = [(f"p{n}", "ab"[n % 2]) for n in range(6)]
    assert list_doubts(_make(rows, ("subject", "group"), group="group", subject="subject")) == []


def test_levels_with_few_samples_are_named() -> None:
    rows = [("p1", "a"), ("p2", "a"), ("p3", "a"), ("p4", "b")]
    (doubt,) = list_doubts(_make(rows, ("subject", "group"), group="group"))
    assert "'group'" in doubt
    assert "(b: 1)" in doubt


def test_samples_of_one_person_count_once() -> None:
    rows = [("p1", "a"), ("p1", "a"), ("p1", "a"), ("p2", "b"), ("p3", "b"), ("p4", "b")]
    study = _make(rows, ("subject", "group"), group="group", subject="subject")
    (doubt,) = list_doubts(study)
    assert "fewer than 3 subjects (a: 1)" in doubt


def test_a_column_of_people_that_the_config_leaves_out() -> None:
    rows = [("p1", "a"), ("p1", "a"), ("p2", "a"), ("p3", "b"), ("p4", "b"), ("p5", "b")]
    (doubt,) = list_doubts(_make(rows, ("Patient_ID", "group"), group="group"))
    assert "names p1 in several samples" in doubt
    assert "'subject: Patient_ID'" in doubt


def test_numbers_are_not_groups() -> None:
    rows = [(f"p{n}", str(20 + n)) for n in range(8)]
    assert list_doubts(_make(rows, ("subject", "age"), group="age", subject="subject")) == []
