"""A mock among four samples: what is said of the study is said of the four alone."""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

import pytest

from vagus.sequences import read_fasta
from workflow.in_process import run_study
from workflow.studies import FORWARD, REVERSE_SENSE, STARTER, run_vagus, write_study

pytestmark = [pytest.mark.workflow, pytest.mark.long]

# reads of the gene without a species name and of the one with, in a sample and in the mock
SAMPLE, MOCK = (12, 8), (0, 100)
N_SAMPLES = 4


def pick_records() -> list[tuple[str, str]]:
    """Two references of different genera, as headers and sequences of letters ACGT only."""
    records: dict[str, tuple[str, str]] = {}
    for header, sequence in read_fasta(STARTER):
        if len(sequence) >= 1420 and set(sequence) <= set("ACGT"):
            records.setdefault(header.split(";")[-2], (header, sequence))
    return list(records.values())[:2]


def write_mixed(path: Path, genes: list[str], amounts: tuple[int, int]) -> None:
    lines = []
    for gene, amount in zip(genes, amounts, strict=True):
        read = FORWARD + gene + REVERSE_SENSE
        quality = ("~~~~~~~~~P" * 200)[: len(read)]
        lines += [f"@{gene[:9]}{n}\n{read}\n+\n{quality}\n" for n in range(amount)]
    path.write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four samples and a mock, whose reads have a species name in 40 % and in 100 %."""
    folder = tmp_path_factory.mktemp("controls") / "study"
    (first, one), (second, other) = pick_records()
    unnamed = first.rpartition(";")[0] + ";"
    rows = ["sample\treads\tcontrol"]
    rows += [f"s{n}\ts{n}.fastq\t" for n in range(N_SAMPLES)]
    rows.append("mock\tmock.fastq\tpositive:none such")
    write_study(folder, "\n".join(rows) + "\n", "taxonomy: {reference: own.fasta}\n")
    (folder / "own.fasta").write_text(f">{unnamed}\n{one}\n>{second}\n{other}\n", encoding="utf-8")
    genes = [one[10:1410], other[10:1410]]
    for n in range(N_SAMPLES):
        write_mixed(folder / f"s{n}.fastq", genes, SAMPLE)
    write_mixed(folder / "mock.fastq", genes, MOCK)
    assert not run_study(folder)
    return folder


def read_cards(page: str) -> dict[str, tuple[str, str]]:
    """Value and note of each card by its label."""
    card = r'<li><span class="label">(.*?)</span><strong>(.*?)</strong><span class="note">(.*?)<'
    return {label: (value, note) for label, value, note in re.findall(card, html.unescape(page))}


def test_cards_count_the_samples_alone(study: Path) -> None:
    page = (study / "results" / "report" / "index.html").read_text(encoding="utf-8")
    assert read_cards(page) == {
        "samples": ("4", "4 with ASVs"),
        "reads": ("80", "median 20 a sample"),
        "reads in ASVs": ("100.0 %", "80 reads"),
        "ASVs": ("2", "median 2 a sample"),
        "species": ("1", "40.0 % of reads named"),  # with the mock it would be 73 %
        "controls": ("1", "100 reads, 100 in ASVs; counted here alone"),
    }


def test_sentences_count_controls_apart(study: Path) -> None:
    page = (study / "results" / "report" / "index.html").read_text(encoding="utf-8")
    text = html.unescape(page)
    assert "Of 80 reads, 80 (100.0 %) ended in an ASV." in text
    assert "Controls are counted separately: of 100 reads, 100 (100.0 %) ended in an ASV." in text
    assert "Reads of 4 samples and 1 control, by where they ended" in text
    assert "4 samples and 1 control by dada" in text
    assert "4 samples, 1 control, 1 sequencing run" in text


def test_check_counts_controls_apart(study: Path) -> None:
    done = run_vagus(study, "check")
    assert done.returncode == 0, done.stderr
    assert "4 samples and 1 control in 1 run" in done.stdout


def test_names_of_the_mock_do_not_choose_the_genera_of_multiqc(study: Path) -> None:
    path = study / "results" / "exports" / "multiqc" / "vagus_genera_mqc.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if not line.startswith("#")]
    header, *samples = csv.reader(rows, delimiter="\t")
    # 60 % of each sample is the first gene's genus, 68 % of all reads the second's
    first = pick_records()[0][0].split(";")[-2]
    assert header[1] == first
    assert [row[0] for row in samples] == ["mock", "s0", "s1", "s2", "s3"]
