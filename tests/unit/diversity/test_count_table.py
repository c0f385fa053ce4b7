from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vagus.errors import VagusError
from vagus.tables.counts import CountTable, read_count_table


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_and_columns_are_sorted_and_names_are_text(tmp_path: Path) -> None:
    path = write(tmp_path / "t.tsv", "asv\tNA\t10\tmy é\nb\t1\t2\t3\na\t0\t5\t7\n")
    table = read_count_table(path)
    assert table.samples == ("10", "NA", "my é")
    assert table.asvs == ("a", "b")
    assert table.counts.tolist() == [[5, 2], [0, 1], [7, 3]]
    assert table.reads.tolist() == [7, 1, 10]


def test_tables_without_asvs_or_samples(tmp_path: Path) -> None:
    no_asvs = read_count_table(write(tmp_path / "a.tsv", "asv\ts1\ts2\n"))
    assert no_asvs.counts.shape == (2, 0)
    assert no_asvs.reads.tolist() == [0, 0]
    no_samples = read_count_table(write(tmp_path / "b.tsv", "asv\nx\n"))
    assert no_samples.counts.shape == (0, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("feature\ts\na\t1\n", "first column is 'feature'"),
        ("asv\ts\ts\na\t1\t2\n", "column 's' is there twice"),
        ("asv\ts\na\t1\na\t2\n", "line 3: the row 'a' is there twice"),
        ("asv\ts\na\t1\nb\t0.5\n", "line 3: a cell is not a whole number"),
        ("asv\ts\na\t-1\n", "line 2: a cell is not a whole number"),
        ("asv\ts\na\t\n", "line 2: a cell is not a whole number"),
    ],
)
def test_bad_tables_say_what_and_where(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(VagusError, match=words):
        read_count_table(write(tmp_path / "t.tsv", text))


def test_whole_numbers_with_a_decimal_point_are_counts(tmp_path: Path) -> None:
    table = read_count_table(write(tmp_path / "t.tsv", "asv\ts\na\t3.0\n"))
    assert table.counts.tolist() == [[3]]


def test_select_sorts() -> None:
    table = CountTable.from_counts(["b", "a", "c"], ["x"], np.array([[2], [1], [3]]))
    assert table.select(["c", "a"]).counts.tolist() == [[1], [3]]
