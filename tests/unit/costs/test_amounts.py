"""Amounts of input are read off files cheaply, and are right or nearly so."""

from __future__ import annotations

import bz2
import gzip
from pathlib import Path

import numpy as np
import pysam
import pytest

from vagus.costs.amounts import (
    AMOUNT_NAMES,
    Scope,
    count_uniques,
    estimate_amount,
    estimate_reads,
    measure_amount,
)
from vagus.reads.uniques import Uniques
from vagus.sequences import write_fasta

RNG = np.random.default_rng(8)
READS = ["".join(RNG.choice(list("ACGT"), 1400 + int(RNG.integers(100)))) for _ in range(600)]


def write_fastq() -> bytes:
    return "".join(f"@r{i}\n{r}\n+\n{'~' * len(r)}\n" for i, r in enumerate(READS)).encode()


@pytest.mark.parametrize(
    ("name", "pack"),
    [("plain", bytes), ("gzip", gzip.compress), ("members", lambda data: b"".join(
        gzip.compress(data[i : i + 30_000]) for i in range(0, len(data), 30_000)))],
)  # fmt: skip
def test_reads_are_estimated_from_the_start(name: str, pack: object, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(pack(write_fastq()))  # type: ignore[operator]
    assert estimate_reads(str(path)) == pytest.approx(600, rel=0.05)


def test_reads_of_bam(tmp_path: Path) -> None:
    path = tmp_path / "r.bam"
    header = {"HD": {"VN": "1.6"}, "SQ": [{"SN": "chr1", "LN": 9}]}
    with pysam.AlignmentFile(str(path), "wb", header=header) as stream:
        for number, read in enumerate(READS):
            segment = pysam.AlignedSegment(stream.header)
            segment.query_name, segment.flag, segment.query_sequence = f"r{number}", 4, read
            segment.query_qualities = pysam.qualitystring_to_array("~" * len(read))
            stream.write(segment)
    assert estimate_reads(str(path)) == pytest.approx(600, rel=0.05)


def test_what_cannot_be_read_has_an_amount_all_the_same(tmp_path: Path) -> None:
    for name, data in (
        ("bzip2", bz2.compress(write_fastq())),
        ("noise", b"\x1f\x8b" + bytes(range(256)) * 400),
        ("empty", b""),
        ("cut.bam", b"BAM\1\xff\xff"),
        ("endless.bam", b"BAM\1" + bytes(4) + b"\xff" * 4),  # four thousand million references
    ):
        path = tmp_path / name
        path.write_bytes(data)
        assert 0 <= estimate_reads(str(path)) < 1000
        assert count_uniques(str(path)) == 0


def test_a_folder_in_the_place_of_reads_is_left_to_its_step(tmp_path: Path) -> None:
    assert estimate_reads(str(tmp_path)) >= 0


def test_uniques_are_counted_in_the_directory_of_the_file(tmp_path: Path) -> None:
    paths = [tmp_path / "a" / "uniques.npz", tmp_path / "shards" / "3.npz"]
    for path, n in zip(paths, (300, 41), strict=True):
        path.parent.mkdir()
        Uniques.from_reads(READS[:n], [[40] * len(read) for read in READS[:n]]).save(path)
    names = [str(path) for path in [*paths, tmp_path / "groups.npz"]]
    assert count_uniques(names[0]) == 300
    assert measure_amount("kuniques", names, Scope()) == pytest.approx(0.341)
    assert measure_amount("largest", names, Scope()) == pytest.approx(0.3)
    assert measure_amount("shard", names, Scope(shard_uniques=200)) == pytest.approx(0.2)
    # 145,000 bases are 100 sequences, and a sample is taken whole
    assert measure_amount("learned", names, Scope(learn_bases=1e4)) == pytest.approx(
        1e4 / 1.45e6 + 0.3
    )


def test_a_shard_of_a_pool_is_as_large_as_the_largest_file(tmp_path: Path) -> None:
    folder = tmp_path / "pieces"
    with pytest.raises(FileNotFoundError):
        measure_amount("shard", [str(folder)], Scope())
    folder.mkdir()
    for number, n_bytes in enumerate((1000, 81_000, 0)):
        (folder / f"{number}.npz").write_bytes(bytes(n_bytes))
    assert measure_amount("shard", [str(folder)], Scope()) == pytest.approx(0.1)  # 0.81 kB each


def test_asvs_cells_and_pairs(tmp_path: Path) -> None:
    fasta, table = str(tmp_path / "asvs.fasta"), str(tmp_path / "asv_table.tsv")
    write_fasta([(f"a{i}", READS[i]) for i in range(50)], fasta)
    Path(table).write_text("asv\ts1\n" + "a\t1\n" * 20)
    scope = Scope(n_samples=10)
    assert measure_amount("kasvs", [table, fasta], scope) == pytest.approx(0.05)
    assert measure_amount("kcells", [table], scope) == pytest.approx(0.02 * 10)
    assert measure_amount("kpairs", [], scope) == pytest.approx(0.1)
    assert measure_amount("mb", [table], scope) == pytest.approx(Path(table).stat().st_size / 1e6)
    assert measure_amount("samples", [], scope) == 10


@pytest.mark.parametrize("name", ["kreads", "kuniques", "kasvs", "kcells", "mb"])
def test_a_file_that_is_not_there_yet_is_named(name: str, tmp_path: Path) -> None:
    paths = [str(tmp_path / n) for n in ("uniques.npz", "asvs.fasta")]
    with pytest.raises(FileNotFoundError) as caught:
        measure_amount(name, paths, Scope())
    assert caught.value.filename in paths


def test_amounts_of_files_that_are_only_in_a_store() -> None:
    scope = Scope(n_samples=10, learn_bases=1e9, shard_uniques=1500)
    # a read of a compressed file takes about a kB, a unique sequence 0.81 kB
    assert estimate_amount("kreads", {"a.fastq.gz": 3_000_000}, scope) == pytest.approx(3)
    uniques = {"x/a/uniques.npz": 810_000, "x/b/uniques.npz": 1_620_000, "x/engines.tsv": 90}
    for name, expected in (("kuniques", 3), ("largest", 2), ("shard", 1.5), ("learned", 3)):
        assert estimate_amount(name, uniques, scope) == pytest.approx(expected), name
    # 200 records of a name of 32 letters, a sequence of 1,450, and the signs around them
    fasta = {"t/asvs.fasta": 200 * (1 + 32 + 1 + 1450 + 1)}
    assert estimate_amount("kasvs", fasta, scope) == pytest.approx(0.2, rel=0.01)
    assert estimate_amount("kcells", fasta, scope) == pytest.approx(2, rel=0.01)
    for name in AMOUNT_NAMES:
        assert estimate_amount(name, fasta, scope) >= 0
