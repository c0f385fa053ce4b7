"""ASVs that are not analysed are set apart with their reads and reasons, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import select_asvs
from vagus.selection.set_apart import find_reason, find_reasons, tabulate_ledger, tabulate_set_apart
from vagus.tables import read_table

COUNTS = "asv\tA\tB\na\t5\t1\nb\t3\t0\nc\t0\t2\nd\t7\t1\ne\t0\t6\n"
NOTES = {
    "a": "tied species", "b": "not like any reference", "c": "", "d": "set apart: chloroplast",
    "e": "",
}  # fmt: skip
CALLS = "asv\tcontaminant\na\t\nb\t\nc\tyes\nd\tyes\ne\t\n"


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    """Options of select_asvs for five ASVs: two of bacteria that stay, three of other kinds."""
    (tmp_path / "t.tsv").write_text(COUNTS, encoding="utf-8")
    fasta = ">a\nAC\n>b\nGG\n>c\nTT\n>d\nCA\n>e\nAG\n"
    (tmp_path / "a.fasta").write_text(fasta, encoding="utf-8")
    rows = "".join(f"{asv}\tUnassigned\t{note}\n" for asv, note in reversed(NOTES.items()))
    (tmp_path / "x.tsv").write_text("Feature ID\tTaxon\tnote\n" + rows, encoding="utf-8")
    (tmp_path / "c.tsv").write_text(CALLS, encoding="utf-8")
    files = {
        "asv-table": "t.tsv", "asvs": "a.fasta", "taxonomy": "x.tsv", "selected-table": "s.tsv",
        "selected-asvs": "s.fasta", "set-apart": "apart.tsv", "ledger": "ledger.tsv",
    }  # fmt: skip
    return [f"--{name}={tmp_path / file}" for name, file in files.items()]


def test_what_is_no_bacterium_is_set_apart(tmp_path: Path, given: list[str]) -> None:
    assert select_asvs.main(given) == 0
    assert (tmp_path / "s.tsv").read_text() == "asv\tA\tB\na\t5\t1\nc\t0\t2\ne\t0\t6\n"
    assert (tmp_path / "s.fasta").read_text() == ">a\nAC\n>c\nTT\n>e\nAG\n"
    reasons = ["not like any reference", "chloroplast"]
    expected = pd.DataFrame({"asv": ["b", "d"], "reads": [3, 8], "reason": reasons})
    pd.testing.assert_frame_equal(read_table(tmp_path / "apart.tsv"), expected)


def test_contaminants_are_set_apart_beside_them(tmp_path: Path, given: list[str]) -> None:
    assert select_asvs.main([*given, f"--contaminants={tmp_path}/c.tsv"]) == 0
    assert (tmp_path / "s.tsv").read_text() == "asv\tA\tB\na\t5\t1\ne\t0\t6\n"
    assert (tmp_path / "s.fasta").read_text() == ">a\nAC\n>e\nAG\n"
    apart = read_table(tmp_path / "apart.tsv")
    # d is a chloroplast whether or not it is called
    assert dict(zip(apart["asv"], apart["reason"], strict=True)) == {
        "b": "not like any reference", "c": "contaminant", "d": "chloroplast",
    }  # fmt: skip
    assert read_table(tmp_path / "ledger.tsv").to_dict("list") == {
        "sample": ["A", "B"],
        "reads": [15, 10],
        "lost_other_origin": [7, 1],
        "lost_no_reference": [3, 0],
        "lost_contaminant": [0, 2],
        "kept": [5, 7],
        "n_asvs": [1, 2],
    }


def test_empty_tables() -> None:
    asvs = pd.DataFrame({"A": pd.Series(dtype=int)}, index=pd.Index([], dtype=str))
    notes = pd.DataFrame({"Feature ID": pd.Series(dtype=str), "note": pd.Series(dtype=str)})
    assert find_reasons(asvs.index, notes, ["z"]) == {}
    apart = tabulate_set_apart(asvs, {})
    assert list(apart.columns) == ["asv", "reads", "reason"]
    assert apart.empty
    ledger = tabulate_ledger(asvs, {})
    assert ledger["sample"].tolist() == ["A"]
    assert ledger.drop(columns="sample").to_numpy().tolist() == [[0] * 6]
    assert tabulate_ledger(asvs[[]], {}).empty


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        ("set apart: mitochondria", "mitochondria"),
        ("set apart: chloroplast/mitochondria", "chloroplast/mitochondria"),
        ("set apart: chloroplast; genus by alignment", "chloroplast"),
        ("not like any reference; its reverse complement is", "not like any reference"),
        ("not named: like mitochondria and like bacteria or archaea", ""),
        ("tied species", ""),
        ("", ""),
    ],
)
def test_reasons(note: str, reason: str) -> None:
    assert find_reason(note) == reason
