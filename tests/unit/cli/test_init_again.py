"""Reads that come after `vagus init`: rows are appended, and nothing else is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.reads.conftest import format_fastq, make_amplicon, make_insert
from vagus.cli.main import main
from vagus.study.new_rows import find_new
from vagus.study.samples import Sample, read_sheet
from vagus.study.suggestions import list_cell_warnings, suggest_design


def write_reads(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for i, name in enumerate(names):
        read = (name, make_amplicon(make_insert(i % 3)), "I" * 1489)
        (folder / f"{name}.fastq").write_text(format_fastq([read]))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_reads(tmp_path / "reads", "A", "B")
    return tmp_path


@pytest.mark.parametrize("where", [".", "study"])
def test_rows_of_later_reads_are_appended(
    folder: Path, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "meta.tsv").write_text("id\tarm\nA\tx\nB\ty\nC\tx\n")
    init = ["init", "reads", "--folder", where]
    assert main([*init, "--metadata", "meta.tsv"]) == 0
    sheet = folder / where / "samples.tsv"
    edited = sheet.read_text().replace("\tx\n", "\tedited\n")
    sheet.write_text(edited)
    assert main(init) == 2
    assert "has every sample of reads" in capsys.readouterr().err

    write_reads(folder / "reads", "C", "Blank1")
    assert main(init) == 2
    assert "reads has 2 samples more: Blank1, C. '--add' appends" in capsys.readouterr().err
    assert sheet.read_text() == edited

    assert main([*init, "--add", "--metadata", "meta.tsv"]) == 0
    assert "appended 2 rows" in capsys.readouterr().out
    assert sheet.read_text().startswith(edited)
    new = {sample.name: sample for sample in read_sheet(sheet)[2:]}
    assert {name: sample.control for name, sample in new.items()} == {"Blank1": "negative", "C": ""}
    assert new["C"].value("arm") == "x"
    assert all((folder / where / path).exists() for s in new.values() for path in s.reads)


def test_a_sheet_that_cannot_be_added_to_stays_as_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "reads"]) == 0
    sheet = folder / "samples.tsv"
    write_reads(folder / "reads", "C")
    for text, words in (
        ("sample;reads\nA;reads/A.fastq\n", "only a tab-separated sheet"),
        ("sample\treads\nC\treads/A.fastq\n", "has samples of these names already: C"),
    ):
        sheet.write_text(text)
        assert main(["init", "reads", "--add"]) == 2
        assert words in capsys.readouterr().err
        assert sheet.read_text() == text


@pytest.mark.parametrize("barcode", ["", "all"])
def test_a_row_that_takes_a_whole_file_has_its_barcodes(folder: Path, barcode: str) -> None:
    sheet = folder / "samples.tsv"
    sheet.write_text(f"sample\treads\tbarcode\nA\treads/A.fastq\t{barcode}\n")
    split = [Sample(f"A_{i}", f"A_{i}", ("reads/A.fastq",), barcodes=(str(i),)) for i in (1, 2)]
    other = Sample("B", "B", ("reads/B.fastq",))
    assert find_new([*split, other], sheet) == [other]


def test_nothing_is_added_where_nothing_is(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "reads", "--add"]) == 2
    assert "is not there yet" in capsys.readouterr().err
    assert not (folder / "config.yaml").exists()


def make_samples(columns: dict[str, list[str]]) -> list[Sample]:
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return [Sample(f"s{i}", f"s{i}", (f"{i}.fastq",), metadata=row) for i, row in enumerate(rows)]


def test_columns_that_suggest_themselves() -> None:
    samples = make_samples({
        "Study_Arm": ["a", "a", "b", "b"], "Patient ID": ["p", "p", "q", "q"],
        "VisitDate": ["2024-01-02", "2024-02-02"] * 2, "Age": ["50", "50", "61", "61"],
        "village": ["x", "y", "x", "y"], "sex": ["f"] * 4,
    })  # fmt: skip
    assert suggest_design(samples) == {
        "group": "Study_Arm", "subject": "Patient ID", "time": "VisitDate", "covariates": "[Age]",
    }  # fmt: skip
    assert suggest_design(make_samples({"stage": ["a", "b", "a", "b"]})) == {}


def test_cells_of_joined_metadata_are_judged() -> None:
    samples = make_samples({
        "arm": ["case", "Case", "control", "control"], "bmi": ["22,5", "23", "21", "20.5"],
        "code": ["k1", "k2", "k3", "k4"], "week": ["0", "eight", "0", "8"],
    })  # fmt: skip
    bmi, arm = list_cell_warnings(samples, "samples.tsv")
    assert "the column 'bmi' is numbers, except for '22,5'" in bmi
    assert "'Case' (1 sample) and 'case' (1 sample) in the column 'arm'" in arm
