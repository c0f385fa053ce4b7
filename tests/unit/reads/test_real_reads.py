from __future__ import annotations

import random
from pathlib import Path

import pytest

from vagus.reads.conserved import find_strand, is_like_16s
from vagus.reads.preflight import inspect_sample
from vagus.reads.preparation import Preparation, prepare_sample
from vagus.reads.settings import ReadSettings
from vagus.sequences import read_fasta, reverse_complement


def prepare(path: Path) -> Preparation:
    return prepare_sample(path.name, [str(path)], ReadSettings())


def test_stool_reads_keep_both_primers_trim(shared_data: Path) -> None:
    done = [prepare(path) for path in sorted((shared_data / "stool_ccs").glob("*.fastq.gz"))]
    assert [d.primers for d in done] == ["27F_1492R"] * 4
    assert sum(d.n_input for d in done) == 800
    assert sum(d.losses["primers"] for d in done) <= 0.05 * 800


def test_mock_reads_are_trimmed(shared_data: Path) -> None:
    done = prepare(shared_data / "msa1003_hifi" / "test_1000_reads.fastq.gz")
    assert (done.n_input, done.primers, done.quality_scheme) == (986, "27F_1492R", "full")
    assert done.losses["primers"] <= 0.02 * 986
    assert done.losses["unoriented"] == 0
    starts = [done.uniques.sequence(i)[3:8] for i in range(done.uniques.n_repeated)]
    # the bases after 27F are conserved: ..GAACGCTGGCG
    assert set(starts) == {"GAACG"}


def test_trimmed_ont_reads(shared_data: Path) -> None:
    path = shared_data / "zymo_gut_ont" / "ont_zymo_1000.trimmed.fq.gz"
    done = prepare(path)
    assert (done.platform, done.quality_scheme, done.primers) == ("ont", "ont", "none")
    assert done.n_kept >= 0.8 * done.n_input
    assert done.uniques.n_uniques >= 0.95 * done.n_kept


@pytest.mark.parametrize(
    ("folder", "platform"),
    [("stool_ccs", "hifi"), ("msa1003_hifi", "hifi"), ("zymo_gut_ont", "ont")],
)
def test_preflight_of_real_reads(shared_data: Path, folder: str, platform: str) -> None:
    for path in sorted((shared_data / folder).glob("*.f*q.gz")):
        seen = inspect_sample([str(path)], n_reads=100)
        assert seen.platform == platform
        assert seen.share_like_16s >= 0.95
        assert not [p for p in seen.problems if p.severity == "error"]


def test_motifs_tell_real_genes_and_their_strand(shared_data: Path) -> None:
    paths = [
        shared_data / "zymo_gut_ont" / "reference_16S_copies.fasta",
        shared_data / "nasal_table" / "FL16S.asv.fasta.gz",
    ]
    genes = [sequence for path in paths for _, sequence in read_fasta(path)]
    assert sum(map(is_like_16s, genes)) >= 0.99 * len(genes)
    turned = [find_strand(reverse_complement(gene)) for gene in genes]
    assert turned.count("-") >= 0.99 * len(genes)
    assert turned.count("+") == 0


@pytest.mark.parametrize("rate", [0.0, 0.02])
def test_archaea_without_primers_are_oriented(rate: float) -> None:
    source = random.Random(3)
    path = Path(__file__).parents[3] / "resources" / "starter_reference.fasta.gz"
    genes = [gene for name, gene in read_fasta(path) if " Archaea;" in name]
    reads = [
        "".join(source.choice("ACGT") if source.random() < rate else base for base in gene)
        for gene in genes * 10
    ]
    # with the ten motifs of Bacteria alone a tenth is lost at 2 % errors
    assert [find_strand(read) for read in reads].count("+") >= 0.99 * len(reads) > 300
    turned = [find_strand(reverse_complement(read)) for read in reads]
    assert turned.count("-") >= 0.99 * len(reads)
