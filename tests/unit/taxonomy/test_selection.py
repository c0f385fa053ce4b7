"""ASVs that are not 16S genes are set apart, with their reads, and nothing else is."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from vagus.tables import read_table

ROOT = Path(__file__).resolve().parents[3]


def test_what_is_like_no_reference_is_set_apart(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    from select_asvs import main

    (tmp_path / "t.tsv").write_text("asv\tA\tB\na\t5\t1\nb\t3\t0\nc\t0\t2\n", encoding="utf-8")
    (tmp_path / "a.fasta").write_text(">a\nAC\n>b\nGG\n>c\nTT\n", encoding="utf-8")
    (tmp_path / "x.tsv").write_text(
        "Feature ID\tTaxon\tnote\nc\tUnassigned\t\nb\tUnassigned\tnot like any reference\n"
        "a\td__Bacteria\ttied species\n",
        encoding="utf-8",
    )
    code = main([
        "--asv-table", str(tmp_path / "t.tsv"), "--asvs", str(tmp_path / "a.fasta"),
        "--taxonomy", str(tmp_path / "x.tsv"), "--selected-table", str(tmp_path / "s.tsv"),
        "--selected-asvs", str(tmp_path / "s.fasta"), "--set-apart", str(tmp_path / "apart.tsv"),
    ])  # fmt: skip
    assert code == 0
    assert (tmp_path / "s.tsv").read_text() == "asv\tA\tB\na\t5\t1\nc\t0\t2\n"
    assert (tmp_path / "s.fasta").read_text() == ">a\nAC\n>c\nTT\n"
    expected = pd.DataFrame({"asv": ["b"], "reads": [3], "reason": ["not like any reference"]})
    pd.testing.assert_frame_equal(read_table(tmp_path / "apart.tsv"), expected)


def test_empty_tables(tmp_path: Path) -> None:
    from vagus.taxonomy.selection import set_apart

    apart = set_apart(
        pd.DataFrame({"A": pd.Series(dtype=int)}, index=pd.Index([], dtype=str)),
        pd.DataFrame({"Feature ID": pd.Series(dtype=str), "note": pd.Series(dtype=str)}),
    )
    assert list(apart.columns) == ["asv", "reads", "reason"]
    assert apart.empty


@pytest.mark.parametrize(
    ("note", "reason"),
    [
        ("set apart: mitochondria", "mitochondria"),
        ("set apart: chloroplast; genus by alignment", "chloroplast"),
        ("not like any reference; its reverse complement is", "not like any reference"),
        ("not named: like mitochondria and like bacteria or archaea", ""),
        ("tied species", ""),
        ("", ""),
    ],
)
def test_reasons(note: str, reason: str) -> None:
    from vagus.taxonomy.selection import find_reason

    assert find_reason(note) == reason
