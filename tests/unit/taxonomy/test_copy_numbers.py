"""16S copy numbers: tables of either form, division by hand, uncertainty and coverage."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

import correct_copy_numbers as program
from vagus.errors import ReferenceFileError
from vagus.tables import read_table, write_table
from vagus.tables.wide import write_wide
from vagus.taxonomy.copy_numbers import (
    GENOME_COLUMNS,
    GENUS_COLUMNS,
    SHIPPED_GENERA,
    SHIPPED_TABLE,
    CopyNumber,
    correct,
    find_number,
    read_copy_numbers,
)

RRNDB = "taxid\trank\tname\tchildcount\tmin\tmax\tmode\tmedian\tmean\tstddev\tsum16slist\n"


def write_genomes(path: Path, *rows: str) -> Path:
    lines = ["\t".join(GENOME_COLUMNS), *(row.replace("|", "\t") for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_shipped_table() -> None:
    numbers = read_copy_numbers()
    assert len(numbers) > 160
    assert numbers["Escherichia"].mean == 7.0
    assert numbers["Mycobacterium"] == CopyNumber(1.0, 0.0, 1.0, 1.0, 2)
    bacteroides = numbers["Bacteroides"]  # thetaiotaomicron 5, fragilis 6 and 6
    assert bacteroides.mean == 5.5
    assert (bacteroides.low, bacteroides.high, bacteroides.n_genomes) == (5, 6, 3)
    assert math.isnan(numbers["Barnesiella"].sd)
    # Megasphaera: three genomes of 7 copies, one of 6, two species (rrnDB 5.7)
    assert numbers["Megasphaera"] == CopyNumber(6.5, 0.5, 6.0, 7.0, 4)
    assert numbers["Segatella"] == numbers["Prevotella"]
    # six genomes of F. prausnitzii there, one here
    assert (numbers["Faecalibacterium"].mean, numbers["Faecalibacterium"].n_genomes) == (6, 6)
    assert all(1 <= number.low <= number.mean <= number.high <= 17 for number in numbers.values())


def test_table_by_genus_is_consistent_and_sourced() -> None:
    rows = read_table(SHIPPED_GENERA)
    assert tuple(rows.columns) == GENUS_COLUMNS
    assert rows["genus"].is_monotonic_increasing
    assert rows["genus"].is_unique
    assert rows["source"].str.startswith("rrnDB 5.7").all()
    assert (rows["low"] <= rows["mean"]).all()
    assert (rows["mean"] <= rows["high"]).all()
    assert (rows["species"] <= rows["genomes"]).all()
    one = rows["genomes"] == 1
    assert rows.loc[one, "sd"].isna().all()
    assert (rows.loc[one, "low"] == rows.loc[one, "high"]).all()
    # a standard deviation is at most half of the range
    assert (rows.loc[~one, "sd"] <= (rows["high"] - rows["low"])[~one] / 2 + 0.005).all()


def test_shipped_table_names_where_each_number_is_from() -> None:
    rows = read_table(SHIPPED_TABLE)
    known = ("rrnDB 5.4", "Zymo Research", "two 16S loci in NCBI's SSU set")
    assert rows["source"].str.startswith(known).all()
    assert not rows.duplicated(["species", "strain"]).any()


def test_species_count_once_and_former_names_come_second(tmp_path: Path) -> None:
    path = write_genomes(
        tmp_path / "t.tsv", "A|A x|1|2||p", "A|A x|2|4||p", "A|A y|3|6||p", "B|B z|4|9|A|p",
        "C|C z|5|7|D|p",
    )  # fmt: skip
    numbers = read_copy_numbers(path)
    assert numbers["A"] == CopyNumber(4.5, 2.0, 2.0, 6.0, 3)
    assert numbers["D"].mean == 7.0


def test_rrndb_table(tmp_path: Path) -> None:
    path = tmp_path / "rrnDB.tsv"
    path.write_text(
        RRNDB + "1\tspecies\tA x\t1\t9\t9\t9\t9\t9\t0\t[9]\n"
        "2\tgenus\tA\t10\t5\t7\t6\t6\t6.10\t0.50\t[..]\n2\tgenus\tB\t1\t3\t3\t3\t3\t3.0\t0.0\t[3]\n"
    )
    numbers = read_copy_numbers(path)
    assert numbers["A"] == CopyNumber(6.1, 0.5, 5.0, 7.0, 10)
    assert math.isnan(numbers["B"].sd)
    assert set(numbers) == {"A", "B"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "neither a table with"),
        ("genus\tcopies\nA\t3\n", "neither a table with"),
        ("\t".join(GENOME_COLUMNS) + "\nA\tA x\t1\tmany\t\tp\n", "line 2.*'many' is not a number"),
        ("\t".join(GENOME_COLUMNS) + "\nA\tA x\t1\t0\t\tp\n", "'0' is not a number of copies"),
        (RRNDB + "1\tgenus\tA\tx\t1\t2\t1\t1\t1\t0\t[]\n", "'x' is not a number of genomes"),
    ],
)
def test_bad_tables(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "t.tsv"
    path.write_text(content)
    with pytest.raises(ReferenceFileError, match=message):
        read_copy_numbers(path)


def test_missing_and_binary_tables(tmp_path: Path) -> None:
    with pytest.raises(ReferenceFileError, match="no such table"):
        read_copy_numbers(tmp_path / "absent.tsv")
    (tmp_path / "t.zip").write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(ReferenceFileError, match="not text"):
        read_copy_numbers(tmp_path / "t.zip")


NUMBERS = {"A": CopyNumber(4.0, 1.0, 2.0, 8.0, 3), "B": CopyNumber(2.0, math.nan, 2.0, 2.0, 1)}


def test_joined_genera() -> None:
    assert find_number("A/B", NUMBERS) == CopyNumber(3.0, NUMBERS["B"].sd, 2.0, 8.0, 4)
    assert find_number("A/C", NUMBERS) is None
    assert find_number("", NUMBERS) is None


def test_division_by_hand() -> None:
    """400 reads of A are 100 cells, 200 of B 100: reads without a number are divided by 3."""
    table = pd.DataFrame({"s": [400, 200, 300], "t": [0, 0, 10]}, index=["x", "y", "z"])
    done = correct(table, {"x": "A", "y": "B"}, NUMBERS)
    assert done.counts["s"].tolist() == [100.0, 100.0, 100.0]
    assert done.counts["t"].tolist() == [0.0, 0.0, 10.0]
    assert table["s"].tolist() == [400, 200, 300]
    rows = done.genera[done.genera["sample"] == "s"].set_index("genus")
    assert rows.index.tolist() == ["A", "B", "Unassigned"]
    assert rows["share"].tolist() == pytest.approx([4 / 9, 2 / 9, 3 / 9])
    assert rows["corrected_share"].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3])
    assert rows.loc["A", "corrected_low"] == pytest.approx(50 / 250)  # 8 copies
    assert rows.loc["A", "corrected_high"] == pytest.approx(200 / 400)  # 2 copies
    assert rows.loc["B", "corrected_low"] == rows.loc["B", "corrected_high"]
    assert pd.isna(rows.loc["Unassigned", "copies"])
    covered = done.covered.set_index("sample")
    assert covered.loc["s", "share_with_number"] == pytest.approx(600 / 900)
    assert covered.loc["s", "mean_copies"] == pytest.approx(3.0)
    assert covered.loc["t", "reads_with_number"] == 0


def test_correct_copy_numbers_program(tmp_path: Path) -> None:
    table = pd.DataFrame({"s": [70, 30], "empty": [0, 0]}, index=pd.Index(["x", "y"], name="asv"))
    write_wide(table, tmp_path / "t.tsv")
    calls = pd.DataFrame({"Feature ID": ["x", "y"], "genus": ["Escherichia", None]})
    write_table(calls, tmp_path / "calls.tsv")
    base = ["--asv-table", "t.tsv", "--taxonomy", "calls.tsv", "--corrected-table", "c.tsv",
            "--genera", "g.tsv", "--coverage", "cov.tsv"]  # fmt: skip
    arguments = [x if x.startswith("--") else str(tmp_path / x) for x in base]
    assert program.main([*arguments, "--copy-numbers=shipped"]) == 0
    assert read_table(tmp_path / "c.tsv")["s"].round(6).tolist() == [10.0, round(30 / 7, 6)]
    assert read_table(tmp_path / "cov.tsv")["share_with_number"].tolist()[0] == 0.7
    assert len(read_table(tmp_path / "g.tsv")) == 2
    assert (
        program.main(
            ["--copy-numbers=shipped", *arguments, "--copy-numbers", str(tmp_path / "absent")]
        )
        == 2
    )
