"""Files with reads of several barcodes, from `vagus init` through `check` to prepared reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pysam
import pytest

import prepare_reads
from unit.reads.conftest import format_fastq, make_amplicon, make_insert
from vagus.cli.main import main
from vagus.study.options import list_read_options
from vagus.study.study import load_study

# 12 reads: 5 of the first barcode, 4 of the second, 2 of the third, 1 without one
NUMBERS = [0] * 5 + [1] * 4 + [2] * 2 + [None]


def write_tagged(path: Path, kind: str) -> dict[str, int]:
    """A file of 12 reads with labels of one kind; gives the reads of each row that is expected."""
    if kind == "header":
        names = [f"r{i} barcode={_name(n)}" for i, n in enumerate(NUMBERS)]
        reads = [
            (name, make_amplicon(make_insert(i % 3)), "I" * 1489) for i, name in enumerate(names)
        ]
        path.write_text(format_fastq(reads))
        return {"barcode01": 5, "barcode02": 4, "barcode03": 2}
    groups = [{"ID": f"g{n}", "SM": f"person {n}" if kind == "group" else "pool"} for n in range(3)]
    header: dict[str, Any] = {"HD": {"VN": "1.6"}, "RG": groups}
    with pysam.AlignmentFile(str(path), "wb", header=header) as stream:
        for i, number in enumerate(NUMBERS):
            record = pysam.AlignedSegment(stream.header)
            record.query_name, record.flag = f"r{i}", 4
            record.query_sequence = make_amplicon(make_insert(i % 3))
            record.query_qualities = pysam.qualitystring_to_array("I" * 1489)
            if number is not None:
                tags = {
                    "bc": [("bc", _pair(number), "S"), ("RG", "g0", "Z")],
                    "BC": [("BC", _name(number), "Z")],
                    "group": [("RG", f"g{number}", "Z")],
                }[kind]
                record.set_tags(tags)  # type: ignore[arg-type]
            stream.write(record)
    return {
        "bc": {"pool_0--8": 5, "pool_1--9": 4, "pool_2--10": 2},
        "BC": {"barcode01": 5, "barcode02": 4, "barcode03": 2},
        "group": {"person 0": 5, "person 1": 4, "person 2": 2},
    }[kind]


def _pair(number: int) -> Any:
    import array

    return array.array("H", (number, number + 8))


def _name(number: int | None) -> str:
    return "unclassified" if number is None else f"barcode{number + 1:02d}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reads").mkdir()
    return tmp_path


@pytest.mark.parametrize("kind", ["bc", "BC", "group", "header"])
def test_tagged_reads_become_one_sample_a_barcode(
    folder: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = write_tagged(folder / "reads" / "pool.bam", kind)
    assert main(["init", "reads"]) == 0
    told = capsys.readouterr().out
    assert "pool: 12 reads of 3 barcodes or samples" in told
    assert "without a barcode: 1, left out" in told
    study = load_study(Path("config.yaml"))
    assert [sample.name for sample in study.samples] == sorted(expected)
    assert main(["check"]) == 0
    assert "barcodes" not in capsys.readouterr().err
    for sample in study.samples:
        options = list_read_options(study, sample.key)
        outputs = ["--uniques", f"{sample.key}.npz", "--qc", f"{sample.key}.json"]
        assert (
            prepare_reads.main([f"--sample={sample.name}", *outputs, *options, "--", *sample.reads])
            == 0
        )
        steps = json.loads(Path(f"{sample.key}.json").read_text())["steps"]
        assert steps["input"] == expected[sample.name]
        assert sum(steps.values()) == 2 * steps["input"]
        assert steps["kept"] == steps["input"]


@pytest.mark.parametrize("kind", ["bc", "BC", "group", "header"])
def test_without_barcodes_in_the_sheet_they_are_never_one_sample(
    folder: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tagged(folder / "reads" / "pool.bam", kind)
    (folder / "config.yaml").write_text("")
    (folder / "samples.tsv").write_text("sample\treads\npool\treads/pool.bam\n")
    assert main(["check"]) == 2
    assert "this file has reads of several barcodes or samples" in capsys.readouterr().err
    outputs = ["--uniques", "u.npz", "--qc", "qc.json"]
    assert prepare_reads.main(["--sample=pool", *outputs, "reads/pool.bam"]) == 0
    description = json.loads(Path("qc.json").read_text())
    assert (description["status"], description["steps"]["kept"]) == ("failed", 0)
    assert "several barcodes or samples" in description["reason"]
    # unless that is what the user wants
    (folder / "samples.tsv").write_text("sample\treads\tbarcode\npool\treads/pool.bam\tall\n")
    assert main(["check"]) == 0


def test_a_file_that_is_sorted_by_barcode_is_no_sample(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """260 reads of the first barcode, more than check judges, before those of the second."""
    reads = [
        (f"r{i} barcode=barcode0{1 + (i >= 260)}", make_amplicon(make_insert(i % 3)), "I" * 1489)
        for i in range(300)
    ]
    (folder / "reads" / "pool.fastq").write_text(format_fastq(reads))
    (folder / "config.yaml").write_text("")
    (folder / "samples.tsv").write_text("sample\treads\npool\treads/pool.fastq\n")
    assert main(["check"]) == 2
    error = capsys.readouterr().err
    assert "this file has reads of several barcodes or samples" in error
    assert "barcode01: 260, barcode02: 40" in error


def write_good(path: Path) -> None:
    """Eight reads of one sample, as one of many that have nothing wrong."""
    reads = [(f"g{i}", make_amplicon(make_insert(i % 2)), "I" * 1489) for i in range(8)]
    path.write_text(format_fastq(reads))


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize("on_failed_sample", ["skip", "stop"])
def test_files_of_several_samples_stop_a_study_of_good_ones(
    folder: Path, command: str, on_failed_sample: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write_good(folder / "reads" / "good.fastq")
    write_tagged(folder / "reads" / "one.bam", "BC")
    write_tagged(folder / "reads" / "two.bam", "group")
    (folder / "config.yaml").write_text(f"on_failed_sample: {on_failed_sample}\n")
    sheet = "sample\treads\nA\treads/good.fastq\nB\treads/one.bam\nC\treads/two.bam\n"
    (folder / "samples.tsv").write_text(sheet)
    assert main([command]) == 2
    errors = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error:")]
    # all mistakes at once, each with its sample, and no folder of results
    assert len(errors) == 2
    for error, sample in zip(errors, "BC", strict=True):
        assert f"sample '{sample}'" in error
        assert "has reads of several barcodes or samples" in error
        assert "'vagus init' writes the rows" in error
    assert not (folder / "results" / "reads").exists()


def test_files_of_different_barcodes_in_one_row_are_reported(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (1, 2):
        reads = [
            (f"r{number}.{i} barcode=barcode0{number}", make_amplicon(make_insert(i)), "I" * 1489)
            for i in range(4)
        ]
        (folder / "reads" / f"{number}.fastq").write_text(format_fastq(reads))
    (folder / "config.yaml").write_text("")
    row = "A\treads/1.fastq;reads/2.fastq"
    (folder / "samples.tsv").write_text(f"sample\treads\tbarcode\n{row}\t\n")
    assert main(["check"]) == 0
    words = "the files of this sample are of several barcodes or samples (barcode01, barcode02)"
    assert words in capsys.readouterr().err
    (folder / "samples.tsv").write_text(f"sample\treads\tbarcode\n{row}\tall\n")
    assert main(["check"]) == 0
    assert "several barcodes" not in capsys.readouterr().err


def test_reads_without_the_barcode_of_the_others_are_reported(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = [f"r{i} barcode={'barcode01' if i % 4 else 'unclassified'}" for i in range(8)]
    reads = [(name, make_amplicon(make_insert(i % 2)), "I" * 1489) for i, name in enumerate(names)]
    (folder / "reads" / "1.fastq").write_text(format_fastq(reads))
    (folder / "config.yaml").write_text("")
    (folder / "samples.tsv").write_text("sample\treads\nA\treads/1.fastq\n")
    assert main(["check"]) == 0
    told = capsys.readouterr()
    assert "2 of the first 8 reads have no barcode, the others barcode01" in told.err
    (folder / "samples.tsv").write_text("sample\treads\tbarcode\nA\treads/1.fastq\tbarcode01\n")
    assert main(["check"]) == 0
    told = capsys.readouterr()
    assert "no barcode" not in told.err
    header, row = (line.split() for line in told.out.splitlines() if line[:2] in ("sa", "A "))
    assert dict(zip(header, row, strict=True))["reads"] == "6"


def test_a_barcode_that_is_not_in_the_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tagged(folder / "reads" / "pool.bam", "BC")
    (folder / "config.yaml").write_text("")
    sheet = "sample\treads\tbarcode\na\treads/pool.bam\tbarcode01\nb\treads/pool.bam\tbarcode77\n"
    (folder / "samples.tsv").write_text(sheet)
    main(["check"])
    assert "b: no read has the barcode barcode77" in capsys.readouterr().err


def test_rows_that_share_reads_or_files_without_barcodes_are_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tagged(folder / "reads" / "pool.bam", "BC")
    reads = [("r1", make_amplicon(make_insert(1)), "I" * 1489)]
    (folder / "reads" / "plain.fastq").write_text(format_fastq(reads))
    (folder / "config.yaml").write_text("")
    for rows, message in {
        "a\treads/pool.bam\tbarcode01\nb\treads/pool.bam\tbarcode01;barcode02\n": "same reads file",
        "a\treads/pool.bam\tbarcode01\nb\treads/pool.bam\t\n": "same reads file",
        "a\treads/pool.bam\tbarcode01\nb\treads/pool.bam\tall\n": "same reads file",
        "a\treads/plain.fastq\tx\nb\treads/plain.fastq\ty\n": "its reads have no barcodes",
    }.items():
        (folder / "samples.tsv").write_text("sample\treads\tbarcode\n" + rows)
        assert main(["check"]) == 2
        assert message in capsys.readouterr().err
    # a file without barcodes in one row: the column says only where its reads come from
    (folder / "samples.tsv").write_text("sample\treads\tbarcode\na\treads/plain.fastq\tbarcode01\n")
    assert main(["check"]) == 0


def test_impossible_pairs_are_counted_and_left_out() -> None:
    from vagus.study.barcodes import count_barcodes

    labels = (
        ["0--8"] * 400 + ["1--9"] * 300 + ["0--9"] * 3 + ["1--8"] * 2 + ["2--10"] * 5 + [""] * 10
    )
    found = count_barcodes("pool", labels)
    # 2--10 is rare, but its barcodes are in no other pair: a sample of few reads, such as a blank
    assert found.counts == {"0--8": 400, "1--9": 300, "2--10": 5}
    assert (found.impossible, found.n_without) == ({"0--9": 3, "1--8": 2}, 10)
    assert "impossible pairs: 2, with 5 reads (0.69%), left out" in found.describe()


def test_equal_reads_in_two_samples_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reads = [(f"r{i}", make_amplicon(make_insert(i)), "I" * 1489) for i in range(5)]
    for name in ("a", "b"):
        (folder / "reads" / f"{name}.fastq").write_text(format_fastq(reads))
    assert main(["init", "reads"]) == 0  # which leaves the copy out
    assert "b.fastq: same content as a.fastq" in capsys.readouterr().out
    sheet = "sample\treads\na\treads/a.fastq\nb\treads/b.fastq\n"
    (folder / "samples.tsv").write_text(sheet)
    main(["check"])
    assert (
        "b: begins with the same reads (names, bases and qualities) as a" in capsys.readouterr().err
    )
