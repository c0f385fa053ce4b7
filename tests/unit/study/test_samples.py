"""The sample sheet and the study it makes with a config."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vagus.errors import ConfigError
from vagus.study.samples import derive_key, read_sheet
from vagus.study.study import make_study


def _write(folder: Path, text: str) -> Path:
    path = folder / "samples.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_in_any_order_give_the_same_samples(tmp_path: Path) -> None:
    first = read_sheet(_write(tmp_path, "sample\treads\tg\nB\tb.fq\tx\nA\ta.fq\ty\n"))
    second = read_sheet(_write(tmp_path, "sample\treads\tg\r\nA\ta.fq\ty\r\n\r\nB\tb.fq\tx\r\n"))
    assert first == second
    assert [sample.name for sample in first] == ["A", "B"]
    assert first[0].reads == (str(tmp_path / "a.fq"),)
    assert first[0].metadata == {"g": "y"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", None, "is empty"),
        ("sample\treads\n", None, "no sample"),
        ("sample reads\nA a.fq\n", 1, "separated by tabs"),
        ("sample\twhat\nA\ta.fq\n", 1, "no column 'reads'"),
        ("sample\treads\treads\nA\ta\tb\n", 1, "'reads' twice"),
        ("sample\treads\t\nA\ta\tb\n", 1, "column 3 has no name"),
        ("sample\treads\nA\ta.fq\nA\tb.fq\n", 3, "first in line 2"),
        ("sample\treads\nA\ta.fq\nB\ta.fq\n", 3, "same reads file as sample 'A'"),
        ("sample\treads\nA\ta.fq;a.fq\n", 2, "same reads file twice"),
        ("sample\treads\nA\ta.fq\tmore\n", 2, "3 fields"),
        ("sample\treads\nA\n", 2, "'reads' is ''"),
        ("sample\treads\nA/B\ta.fq\n", 2, "'sample' is 'A/B'"),
        ("sample\treads\tplatform\nA\ta.fq\thifi2\n", 2, "Did you mean 'hifi'"),
        ("sample\treads\tcontrol\nA\ta.fq\tblnk\n", 2, "'control' is 'blnk'"),
        ("sample\treads\n=1+1\ta.fq\n", 2, "take for a formula"),
        ("sample\treads\tg\nA\ta.fq\t@SUM(A1)\n", 2, "'g' is '@SUM"),
        ("sample\treads\tg\nA\ta.fq\t-1+cmd|' /C calc'!A0\n", 2, "take for a formula"),
        ("sample\treads\t+g\nA\ta.fq\t\n", 1, "name of column 3"),
        ("sample\treads\ns1\ta.fq\nS1\tb.fq\n", 2, "upper and lower case"),
    ],
)
def test_bad_sheets(tmp_path: Path, text: str, line: int | None, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        read_sheet(_write(tmp_path, text))
    assert caught.value.line == line


def test_signed_numbers_are_no_formulas(tmp_path: Path) -> None:
    sheet = "sample\treads\tchange\nA\ta.fq\t-1.5e-3\nB\tb.fq\t+2\n"
    first, second = read_sheet(_write(tmp_path, sheet))
    assert (first.metadata["change"], second.metadata["change"]) == ("-1.5e-3", "+2")


def test_missing_sheet(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such sample sheet"):
        read_sheet(tmp_path / "samples.tsv")


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=2, unique=True))
def test_keys_are_plain_and_unique(names: list[str]) -> None:
    keys = [derive_key(name) for name in names]
    assert len(set(keys)) == len(keys)
    for key in keys:
        assert key.isascii()
        assert "/" not in key
        assert not key.startswith((".", "-"))


def test_keys_of_plain_names_are_the_names() -> None:
    assert derive_key("P01_week-8.b") == "P01_week-8.b"
    assert derive_key("Müller Probe 1").startswith("Muller-Probe-1-")
    assert derive_key("粪便").startswith("s-")


SHEET = (
    "sample\treads\tcontrol\tgroup\tsubject\n"
    "A\ta.fq\t\tx\tp\nB\tb.fq\t\ty\tq\nN\tn.fq\tnegative\tz\t\n"
)


def test_study_with_a_design(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, SHEET)
    study = make_study({"cohort": {"group": "group", "subject": "subject"}})
    assert study.groups == ["group"]
    assert [sample.key for sample in study.runs["run1"]] == ["A", "B", "N"]


@pytest.mark.parametrize(
    ("cohort", "sheet", "words"),
    [
        ({"group": "grp"}, SHEET, "cohort.group names the column 'grp'.*Did you mean 'group'"),
        ({"subject": "person"}, SHEET, "cohort.subject names the column 'person'"),
        (
            {"group": "group"},
            SHEET.replace("\ty\t", "\tx\t"),
            "only the level 'x'.*nothing to compare",
        ),
        ({"group": "group"}, "sample\treads\nA\ta.fq\n", "no metadata columns"),
    ],
)
def test_designs_that_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cohort: dict, sheet: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, sheet)
    with pytest.raises(ConfigError, match=words):
        make_study({"cohort": cohort})


def test_length_window_must_be_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, SHEET)
    with pytest.raises(ConfigError, match="not below"):
        make_study({"reads": {"min_length_bp": 1600, "max_length_bp": 1500}})


def test_rescue_must_reach_further_than_assignment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, SHEET)
    make_study({"denoise": {"omega_rescue": 1e-30}})  # rescue is off
    with pytest.raises(ConfigError, match=r"omega_rescue .* is not below"):
        make_study({"denoise": {"rescue": True, "omega_rescue": 1e-40}})


def test_indels_are_not_modelled_in_a_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _write(tmp_path, SHEET)
    make_study({"denoise": {"indels": "model", "pooling": "pseudo"}})
    with pytest.raises(ConfigError, match="does not work with"):
        make_study({"denoise": {"indels": "model", "pooling": "pooled"}})


@pytest.mark.parametrize(
    ("config", "reads"),
    [
        ({}, "a<b>.fq"),
        ({}, "a{x}.fq"),
        ({"results": "{results}"}, "a.fq"),
        ({"results": "<results>"}, "a.fq"),
        ({"taxonomy": {"reference": "db/{x}.fa"}}, "a.fq"),
    ],
)
def test_paths_that_would_be_patterns(
    tmp_path: Path, config: dict[str, object], reads: str
) -> None:
    sheet = _write(tmp_path, f"sample\treads\nA\t{reads}\n")
    with pytest.raises(ConfigError, match="pattern"):
        make_study({"samples": str(sheet), **config})
