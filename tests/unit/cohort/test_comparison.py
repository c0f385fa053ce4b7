from __future__ import annotations

import pytest

from vagus.errors import ConfigError
from vagus.study.columns import describe_column, drop_controls, has_times_within_subjects
from vagus.study.comparison import Comparison, make_comparison
from vagus.study.samples import Sample


def sheet(*rows: tuple[str, ...], columns: str = "group person week") -> list[Sample]:
    """Samples s00, s01, ... with metadata columns; ``columns`` names them."""
    return [
        Sample(f"s{index:02d}", f"s{index:02d}", (), metadata=dict(zip(columns.split(), row)))  # noqa: B905
        for index, row in enumerate(rows)
    ]


def compare(
    samples: list[Sample], name: str, subject: str | None = None, lost: str = "", **options: bool
) -> Comparison:
    column = describe_column(samples, name, subject, **options)
    measured = {sample.name for sample in samples} - set(lost.split())
    return make_comparison(samples, column, measured, "too few reads")


def test_independent_samples() -> None:
    result = compare(sheet(("b",), ("a",), ("b",), ("a",)), "group")
    assert (result.design, result.levels, result.obstacle) == ("independent", ("a", "b"), "")
    assert result.values.tolist() == [1, 0, 1, 0]
    assert result.count_units() == result.count_samples() == "a:2;b:2"


def test_missing_values_and_lost_samples_are_counted() -> None:
    samples = sheet(("a",), ("",), ("b",), ("NA",), ("a",), ("b",), ("a",), ("n/a",))
    result = compare(samples, "group", lost="s06")
    assert result.samples == ("s00", "s02", "s04", "s05")
    assert result.notes == (
        "3 samples left out: no value of group",
        "1 sample left out: too few reads",
    )


def test_repeated_subjects_with_one_level_each() -> None:
    samples = sheet(("a", "P1"), ("a", "P1"), ("a", "P2"), ("b", "P3"), ("b", "P3"), ("b", "P4"))
    result = compare(samples, "group", "person")
    assert (result.design, result.n_subjects) == ("between", 4)
    assert result.subjects.tolist() == [0, 0, 1, 2, 2, 3]
    assert result.count_units() == "a:2;b:2"
    assert result.count_samples() == "a:3;b:3"
    assert compare(samples, "group").design == "independent"  # nobody said who is who


def test_times_within_subjects_keep_complete_subjects() -> None:
    rows = [("a", f"P{person}", week) for person in range(3) for week in ("0", "8")]
    samples = sheet(*rows, ("a", "P9", "0"), ("b", "", "8"))
    result = compare(samples, "week", "person", as_levels=True)
    assert (result.design, result.n_subjects, result.obstacle) == ("within", 3, "")
    assert result.count_units() == "0:3;8:3"
    assert result.notes == (
        "1 sample left out: no value of person",
        "1 sample left out: their person has no sample of a level of week",
    )
    assert has_times_within_subjects(samples, "week", "person")
    assert not has_times_within_subjects(samples[::2], "week", "person")


def test_levels_that_change_in_too_few_subjects_are_not_tested() -> None:
    samples = sheet(("a", "P1"), ("b", "P1"), ("a", "P2"), ("a", "P2"), ("b", "P3"))
    result = compare(samples, "group", "person")
    assert "changes within person, but 1 of 3" in result.obstacle


def test_small_levels_are_left_out_and_said() -> None:
    result = compare(sheet(("a",), ("a",), ("b",), ("b",), ("c",)), "group")
    assert result.levels == ("a", "b")
    assert result.notes == ("1 sample left out: fewer than 2 samples of 'c'",)
    result = compare(sheet(("a",), ("a",), ("b",)), "group")
    assert "fewer than two levels have 2 samples" in result.obstacle
    assert result.count_samples() == "a:2;b:1"


def test_a_level_that_lost_all_its_samples_is_not_a_mistake() -> None:
    result = compare(sheet(("a",), ("a",), ("b",), ("b",)), "group", lost="s02 s03")
    assert "samples of 1 level remain" in result.obstacle
    nothing = compare(sheet(("a",), ("b",)), "group", lost="s00 s01")
    assert "no sample remains" in nothing.obstacle
    assert nothing.count_samples() == ""


def test_numbers() -> None:
    few = sheet(*[(value,) for value in ("0", "1", "0", "1")])
    assert not compare(few, "group").is_numeric
    many = sheet(*[(str(20 + index / 2),) for index in range(8)])
    result = compare(many, "group")
    assert result.is_numeric
    assert result.values.tolist() == [20 + index / 2 for index in range(8)]
    assert result.count_units() == "8"
    assert not compare(many, "group", as_levels=True).is_numeric
    changing = sheet(*[(str(index), f"P{index // 2}") for index in range(8)])
    assert "needs a within-subject model" in compare(changing, "group", "person").obstacle
    assert "fewer than 4" in compare(many, "group", lost="s00 s01 s02 s03 s04").obstacle


@pytest.mark.parametrize(
    ("name", "subject", "words"),
    [
        ("sex", None, "no column 'sex'"),
        ("group", "patient", "no column 'patient'"),
        ("week", None, "column 'week' has only the level '0'"),
        ("person", None, "column 'person' has no value"),
    ],
)
def test_mistakes_name_column_and_level(name: str, subject: str | None, words: str) -> None:
    samples = sheet(("a", "", "0"), ("b", "NA", "0"))
    with pytest.raises(ConfigError, match=words):
        describe_column(samples, name, subject)


def test_controls_are_dropped_and_order_does_not_matter() -> None:
    blank = Sample("blank", "blank", (), control="negative", metadata={"group": ""})
    samples = sheet(("a",), ("b",), ("a",), ("b",))
    assert drop_controls([*samples[::-1], blank]) == samples
    forward, backward = compare(samples, "group"), compare(samples[::-1], "group")
    assert forward.samples == backward.samples
    assert forward.values.tolist() == backward.values.tolist()
