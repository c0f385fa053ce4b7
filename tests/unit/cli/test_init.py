"""The command ``vagus init`` on folders as instruments, core facilities and people leave them."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import numpy as np
import pysam
import pytest

from vagus.study.joining import match_names
from vagus.study.samples import Sample, read_sheet
from workflow.studies import pick_genes, run_vagus, write_fastq


@pytest.fixture(scope="module")
def genes() -> list[str]:
    return pick_genes(2)


def write_reads(folder: Path, genes: list[str], *names: str) -> None:
    """A file of reads for each name, each with reads of its own."""
    for n, name in enumerate(names):
        write_fastq(folder / name, genes, 4, seed=n + 1)


def init(folder: Path, *words: str) -> tuple[dict[str, Sample], str]:
    """Samples of the sheet that ``vagus init reads`` writes, by name, and what it prints."""
    done = run_vagus(folder, "init", "reads", *words)
    assert done.returncode == 0, done.stderr
    return {sample.name: sample for sample in read_sheet(folder / "samples.tsv")}, done.stdout


def test_leftovers_of_demultiplexing_are_no_samples(tmp_path: Path, genes: list[str]) -> None:
    reads = tmp_path / "reads"
    write_reads(
        reads, genes, "d.hifi_reads.bc1001--bc1050.fastq.gz",
        "d.hifi_reads.bc1002--bc1051.fastq.gz",
        "d.hifi_reads.unassigned.fastq.gz",
    )  # fmt: skip
    (reads / "d.lima.summary").write_text("ZMWs input: 3\n", encoding="utf-8")
    (reads / "._d.hifi_reads.bc1001--bc1050.fastq.gz").write_bytes(b"\x00\x05\x16\x07")
    found, printed = init(tmp_path)
    assert len(found) == 2
    assert not any("unassigned" in name for name in found)
    assert "unassigned.fastq.gz: reads without a sample" in printed


def test_a_minknow_run_has_the_samples_of_its_passed_reads(
    tmp_path: Path, genes: list[str]
) -> None:
    run = "reads/exp1/pool1/20260102_1000_MN1_FAQ1_abc"
    write_reads(
        tmp_path / run, genes, "fastq_pass/barcode01/FAQ1_pass_0.fastq.gz",
        "fastq_pass/barcode01/FAQ1_pass_1.fastq.gz", "fastq_pass/barcode02/FAQ1_pass_0.fastq.gz",
        "fastq_pass/unclassified/FAQ1_pass_0.fastq.gz", "fastq_fail/barcode01/FAQ1_fail_0.fastq.gz",
    )  # fmt: skip
    found, printed = init(tmp_path)
    assert {name: len(sample.reads) for name, sample in found.items()} == {
        "barcode01": 2,
        "barcode02": 1,
    }
    assert "fastq_fail: not the reads that passed" in printed


def test_a_run_without_barcodes_is_one_sample(tmp_path: Path, genes: list[str]) -> None:
    names = [f"fastq_pass/FAQ1_pass_{n}.fastq.gz" for n in range(3)]
    write_reads(tmp_path / "reads/stool7/20260102_1000_MN1_FAQ1_abc", genes, *names)
    found, _ = init(tmp_path)
    assert {name: len(sample.reads) for name, sample in found.items()} == {"stool7": 3}


def test_the_same_reads_are_listed_once(tmp_path: Path, genes: list[str]) -> None:
    reads = tmp_path / "reads"
    write_reads(reads, genes, "A.fastq", "B.fastq.gz", "barcode01/x_0.fastq.gz")
    (reads / "A.fastq.gz").write_bytes(gzip.compress((reads / "A.fastq").read_bytes()))
    shutil.copy(reads / "barcode01/x_0.fastq.gz", reads / "barcode01/x_1.fastq.gz")
    found, printed = init(tmp_path)
    assert {name: [Path(r).name for r in s.reads] for name, s in found.items()} == {
        "A": ["A.fastq.gz"],
        "B": ["B.fastq.gz"],
        "barcode01": ["x_0.fastq.gz"],
    }
    assert "A.fastq: same reads as A.fastq.gz" in printed
    assert "x_1.fastq.gz: same content as x_0.fastq.gz" in printed


def test_one_name_for_two_sets_of_reads_is_an_error(tmp_path: Path, genes: list[str]) -> None:
    write_reads(tmp_path / "reads", genes, "A.fastq", "A.fastq.gz")
    done = run_vagus(tmp_path, "init", "reads")
    assert done.returncode == 2
    assert "has the name of A.fastq.gz, and other reads" in done.stderr
    assert not (tmp_path / "samples.tsv").exists()


@pytest.mark.parametrize("names", ["S1_L001_R{}_001.fastq.gz", "SRR1_{}.fastq"])
def test_pairs_of_short_reads_are_refused(tmp_path: Path, genes: list[str], names: str) -> None:
    for mate in (1, 2):
        write_fastq(tmp_path / "reads" / names.format(mate), [g[:150] for g in genes], 4,
                    seed=mate, primers=False)  # fmt: skip
    done = run_vagus(tmp_path, "init", "reads")
    assert done.returncode == 2
    assert "pairs of short reads (median 150 and 150 bp)" in done.stderr


def test_long_reads_with_such_names_are_samples(tmp_path: Path, genes: list[str]) -> None:
    write_reads(tmp_path / "reads", genes, "P1_1.fastq.gz", "P1_2.fastq.gz")
    assert set(init(tmp_path)[0]) == {"P1_1", "P1_2"}


def write_bam(path: Path, sample: str, genes: list[str]) -> None:
    """Unaligned reads of one read group."""
    group = {"ID": "x", "SM": sample, "PL": "PACBIO"}
    with pysam.AlignmentFile(
        str(path), "wb", header={"HD": {"VN": "1.6"}, "RG": [group]}, reference_names=[],
        reference_lengths=[],
    ) as bam:  # fmt: skip
        for n, gene in enumerate(genes):
            read = pysam.AlignedSegment()
            read.query_name, read.flag = f"m84001_260102_000000_s1/{n}/ccs", 4
            read.query_sequence = gene
            read.query_qualities = pysam.qualitystring_to_array("~" * len(gene))
            bam.write(read)


def test_samples_are_named_in_the_file_where_its_name_says_nothing(
    tmp_path: Path, genes: list[str]
) -> None:
    (tmp_path / "reads").mkdir()
    for n, sample in enumerate(["stool A", "stool B"], 1):
        own = genes[n - 1 : n]
        write_bam(tmp_path / f"reads/m84001_260102_000000_s1.hifi_reads.bc200{n}.bam", sample, own)
    write_bam(tmp_path / "reads/patient7.bam", "BioSample_1", genes)
    assert set(init(tmp_path)[0]) == {"stool A", "stool B", "patient7"}


def test_metadata_are_joined_by_name_and_what_is_left_is_listed(
    tmp_path: Path, genes: list[str]
) -> None:
    write_reads(
        tmp_path / "reads", genes, "run5_P01.fastq.gz", "run5_p-02.fastq.gz", "run5_NTC.fastq.gz",
    )  # fmt: skip
    sheet = "Sample ID;group;age\nP01;case;51\nrun5_P02;control;48\nP09;case;33\n"
    (tmp_path / "people.csv").write_text(sheet, encoding="utf-16")
    found, printed = init(tmp_path, "--metadata", "people.csv")
    assert {name: sample.metadata for name, sample in found.items()} == {
        "P01": {"group": "case", "age": "51"},
        "run5_P02": {"group": "control", "age": "48"},
        "run5_NTC": {"group": "", "age": ""},
    }
    assert "metadata: 2 samples matched" in printed
    assert "metadata without reads (left out): P09" in printed


def test_barcodes_are_named_by_the_metadata(tmp_path: Path, genes: list[str]) -> None:
    write_reads(
        tmp_path / "reads", genes, "barcode01/x_0.fastq.gz", "barcode12/x_0.fastq.gz",
    )  # fmt: skip
    sheet = "sample\tbarcode\tgroup\nstool1\tBC12\ta\nstool2\t1\tb\n"
    (tmp_path / "people.tsv").write_text(sheet, encoding="utf-8")
    found, printed = init(tmp_path, "--metadata", "people.tsv")
    assert {name: Path(s.reads[0]).parent.name for name, s in found.items()} == {
        "stool1": "barcode12",
        "stool2": "barcode01",
    }
    assert "barcode12 is stool1" in printed


def test_metadata_of_others_are_refused(tmp_path: Path, genes: list[str]) -> None:
    write_reads(tmp_path / "reads", genes, "A.fastq.gz")
    (tmp_path / "people.tsv").write_text("sample\tgroup\nX\ta\n", encoding="utf-8")
    done = run_vagus(tmp_path, "init", "reads", "--metadata", "people.tsv")
    assert done.returncode == 2
    assert "no name in it (X, ...) is that of reads (A, ...)" in done.stderr
    assert not (tmp_path / "samples.tsv").exists()


@pytest.mark.parametrize(
    ("reads", "names", "pairs"),
    [
        (["P1", "P10"], ["P1", "P10"], {"P1": "P1", "P10": "P10"}),
        (["x_P1", "x_P10"], ["P1", "P10"], {"x_P1": "P1", "x_P10": "P10"}),
        (["P1_a", "P1_b"], ["P1"], {}),
        (["S-1", "S_1"], ["s1"], {}),
        (["barcode01"], ["1", "10"], {"barcode01": "1"}),
    ],
)
def test_a_match_is_the_only_one(reads: list[str], names: list[str], pairs: dict[str, str]) -> None:
    shuffled = [names[n] for n in np.random.default_rng(1).permutation(len(names))]
    assert match_names(reads, shuffled) == pairs


def test_words_of_the_instrument_are_no_part_of_the_names(tmp_path: Path, genes: list[str]) -> None:
    movie = "m84011_220902_175841_s1.hifi_reads"
    write_reads(tmp_path / "reads", genes, f"{movie}.bc2001.fastq.gz", f"{movie}.bc2002.fastq.gz")
    assert set(init(tmp_path)[0]) == {"bc2001", "bc2002"}


def test_reads_that_the_instrument_set_aside_are_no_samples(
    tmp_path: Path, genes: list[str]
) -> None:
    movie = "m84011_220902_175841_s1"
    names = [f"{movie}.hifi_reads.bc2001.fastq.gz", f"{movie}.fail_reads.bc2001.fastq.gz",
             f"{movie}.hifi_reads.removed.fastq.gz", "gland_removed.fastq.gz"]  # fmt: skip
    write_reads(tmp_path / "reads", genes, *names)
    found, printed = init(tmp_path)
    assert {Path(sample.reads[0]).name for sample in found.values()} == {names[0], names[3]}
    (line,) = (line for line in printed.splitlines() if "the instrument set aside" in line)
    assert names[1] in line
    assert names[2] in line


def test_of_copies_the_file_with_the_shortest_name_stays(tmp_path: Path, genes: list[str]) -> None:
    reads = tmp_path / "reads"
    write_reads(reads, genes, "a.fastq.gz", "b.fastq.gz")
    shutil.copy(reads / "a.fastq.gz", reads / "a (1).fastq.gz")
    (reads / "0.fastq.gz").symlink_to("a.fastq.gz")
    (reads / "b.fq").write_bytes(gzip.decompress((reads / "b.fastq.gz").read_bytes()))
    found, printed = init(tmp_path)
    assert {name: Path(s.reads[0]).name for name, s in found.items()} == {
        "a": "a.fastq.gz", "b": "b.fastq.gz",
    }  # fmt: skip
    assert "0.fastq.gz: same content as a.fastq.gz" in printed
    assert "a (1).fastq.gz" in printed
    assert "b.fq: same reads as b.fastq.gz" in printed


def test_folders_of_folders_are_runs_of_barcodes_or_visits_of_people(
    tmp_path: Path, genes: list[str]
) -> None:
    for n, folder in enumerate(["run1/barcode01", "run2/barcode01", "P1/day 1", "P2/day 1"]):
        write_fastq(tmp_path / "reads" / folder / "reads.fastq.gz", genes, 4, seed=n)
    found = init(tmp_path)[0]
    assert {name: sample.run for name, sample in found.items()} == {
        "run1_barcode01": "run1", "run2_barcode01": "run2", "P1_day 1": "run1", "P2_day 1": "run1",
    }  # fmt: skip


def test_metadata_match_words_of_file_names_with_other_signs(
    tmp_path: Path, genes: list[str]
) -> None:
    # the names lose '-rep1', which the table has
    write_reads(tmp_path / "reads", genes, "Gut.1-rep1.fastq.gz", "Gut.2-rep1.fastq.gz")
    (tmp_path / "m.csv").write_text("id,g\nGut_1_rep1,x\ngut 2 rep1,y\n", encoding="utf-8")
    found = init(tmp_path, "--metadata", "m.csv")[0]
    assert {name: s.metadata["g"] for name, s in found.items()} == {
        "Gut_1_rep1": "x", "gut 2 rep1": "y",
    }  # fmt: skip
