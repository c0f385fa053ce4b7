"""Sample names and sheets from folders as instruments and core facilities leave them."""

from __future__ import annotations

from pathlib import Path

import pytest

from vagus.errors import ConfigError
from vagus.study.discovery import find_samples, render_sheet, shorten_names
from vagus.study.samples import read_sheet


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["A.fastq.gz", "B.fq"], ["A", "B"]),
        (
            ["R3_1_P2C2_8_L001_R1_001.fastq.gz", "R3_2_P2C2_3_L001_R1_001.fastq.gz"],
            ["R3_1_P2C2_8", "R3_2_P2C2_3"],
        ),
        (["m1.bc01.hifi_reads.bam", "m1.bc02.hifi_reads.bam"], ["m1.bc01", "m1.bc02"]),
        (["only.hifi_reads.fastq.gz"], ["only.hifi_reads"]),
        (["a_S1_L001_R1_001.fq.gz", "a_S2_L001_R1_001.fq.gz"], ["a_S1", "a_S2"]),
        (["Müller Probe 1.fastq", "粪便.fastq.zst"], ["Müller Probe 1", "粪便"]),
    ],
)
def test_names_lose_what_says_nothing(files: list[str], names: list[str]) -> None:
    assert shorten_names(files) == names


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")


def test_folders_are_samples_or_runs(tmp_path: Path) -> None:
    _touch(
        tmp_path, "notes.txt", "top.fastq", "barcode01/FA_1_0.fastq", "barcode01/FA_1_1.fastq",
        "unclassified/FA_9_0.fastq", "runB/P1.fastq", "runB/NTC.fastq", "runB/mock.fastq",
        "chunks/x_0.fastq", "chunks/x_1.fastq",
    )  # fmt: skip
    findings = find_samples(tmp_path, lambda path: path.suffix == ".fastq")
    found = {s.name: (len(s.reads), s.run, s.control) for s in findings.samples}
    assert found == {
        "top": (1, "run1", ""),
        "barcode01": (2, "run1", ""),
        "chunks": (2, "run1", ""),
        "P1": (1, "runB", ""),
        "NTC": (1, "runB", "negative"),
        "mock": (1, "runB", "positive:mock"),
    }
    assert {Path(name).name for name, _ in findings.passed_over} == {"notes.txt", "unclassified"}


def test_rendered_sheet_reads_back(tmp_path: Path) -> None:
    _touch(tmp_path, "A.fastq", "B.fastq")
    findings = find_samples(tmp_path, lambda path: True)
    sheet = tmp_path / "samples.tsv"
    sheet.write_text(render_sheet(findings.samples), encoding="utf-8")
    assert [sample.name for sample in read_sheet(sheet)] == ["A", "B"]


def test_folder_without_reads(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no FASTQ"):
        find_samples(tmp_path, lambda path: True)
    with pytest.raises(ConfigError, match="not a folder"):
        find_samples(tmp_path / "none", lambda path: True)
