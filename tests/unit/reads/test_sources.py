from __future__ import annotations

import bz2
import gzip
import lzma
import os
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import pysam
import pytest
from xopen import xopen

from vagus.errors import ReadsError
from vagus.reads import sources
from vagus.reads.sources import (
    NoReadsError,
    Read,
    check_duplicates,
    iterate_reads,
    recognise_format,
)
from vagus.reads.tags import parse_accuracy

FASTQ = "@a one\nACGT\n+\n!I~5\n@b\nacgN\n+b\nIIII\n"


def pack_zstd(data: bytes, path: Path) -> None:
    with xopen(path, "wb", threads=0, format="zst") as stream:
        stream.write(data)


PACKERS: dict[str, Callable[[bytes, Path], object]] = {
    "plain": lambda data, path: path.write_bytes(data),
    "gzip": lambda data, path: path.write_bytes(gzip.compress(data)),
    "two gzip members": lambda data, path: path.write_bytes(
        gzip.compress(data[:20]) + gzip.compress(data[20:])
    ),
    "bzip2": lambda data, path: path.write_bytes(bz2.compress(data)),
    "xz": lambda data, path: path.write_bytes(lzma.compress(data)),
    "zstd": pack_zstd,
}


def read_all(*paths: Path | str) -> list[Read]:
    return list(iterate_reads([str(path) for path in paths]))


@pytest.mark.parametrize("form", PACKERS)
@pytest.mark.parametrize("name", ["reads.fastq", "reads.gz", "reads.zst", "räds 1.bam"])
def test_fastq_is_recognised_by_content(tmp_path: Path, form: str, name: str) -> None:
    path = tmp_path / name
    PACKERS[form](FASTQ.encode(), path)
    assert recognise_format(str(path)) == "FASTQ"
    first, second = read_all(path)
    assert (first.name, first.sequence, first.quality.tolist()) == (
        "a one",
        "ACGT",
        [0, 40, 93, 20],
    )
    assert (second.sequence, second.accuracy) == ("ACGN", None)


def test_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "r.fastq"
    path.write_bytes(FASTQ.replace("\n", "\r\n").encode())
    assert [read.sequence for read in read_all(path)] == ["ACGT", "ACGN"]


def test_several_files_come_in_their_order(tmp_path: Path) -> None:
    for name in "ba":
        (tmp_path / name).write_text(f"@{name}\nA\n+\nI\n")
    (tmp_path / "empty").touch()
    names = [r.name for r in read_all(tmp_path / "b", tmp_path / "empty", tmp_path / "a")]
    assert names == ["b", "a"]


BAD: dict[str, tuple[bytes, str]] = {
    "FASTA": (b">a\nACGT\n", "this is FASTA, which has no qualities"),
    "gzipped FASTA": (gzip.compress(b">a\nACGT\n"), "this is FASTA"),
    "SAM": (b"@HD\tVN:1.6\n", "this is SAM text.*samtools view"),
    "CRAM": (b"CRAM\x03\x00", "this is CRAM"),
    "HDF5": (b"\x89HDF\r\n\x1a\n", "HDF5"),
    "ZIP": (b"PK\x03\x04", "ZIP"),
    "tar": (b"a.fq".ljust(257, b"\0") + b"ustar\0", "tar archive"),
    "old Mac": (b"@r\rACGT\r+\rIIII\r", "lines end with a carriage return alone"),
    "text": (b"sample\treads\n", "neither FASTQ nor BAM: it starts with b'sample"),
    "end within a read": (b"@a\nACGT\n+\nIIII\n@b\nAC", "ends within a read after 1 whole reads"),
}


# what is in a file besides two good reads, and what is said of the one that is lost
BROKEN: dict[str, tuple[str, str]] = {
    "shorter qualities": ("@b\nACGT\n+\nIII\n", "line 5: sequence and qualities differ"),
    "longer qualities": ("@b\nACGT\n+\nIIIII\n", "line 5: sequence and qualities differ"),
    "a star for qualities": ("@b\nACGT\n+\n*\n", "line 5: sequence and qualities differ"),
    "no qualities": ("@b\nACGT\n+\n", "line 5: sequence and qualities differ"),
    "odd letter": ("@b\nACXT\n+\nIIII\n", "line 6: the sequence has the letter 'X'"),
    "digit": ("@b\nAC9T\n+\nIIII\n", "line 6: the sequence has the letter '9'"),
    "NUL": ("@b\nAC\0T\n+\nIIII\n", "line 6: the sequence has the letter"),
    "low quality": ("@b\nACGT\n+\nII I\n", "line 6: a quality is outside"),
    "high quality": ("@b\nACGT\n+\nII\x7fI\n", "line 6: a quality is outside"),
    "no plus line": ("@b\nACGT\nIIII\n", "line 5: the line with '+' is missing"),
    "no at sign": ("b\nACGT\n+\nIIII\n", "line 5: the line does not begin with '@'"),
    "text": ("some words\n", "line 5: the line does not begin with '@'"),
    "letters outside of ASCII": ("@b\nACÄT\n+\nIIII\n", "line 5: sequence and qualities differ"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_read_is_lost_alone(tmp_path: Path, case: str) -> None:
    content, note = BROKEN[case]
    path = tmp_path / "r.fq"
    path.write_bytes(f"@a\nACGT\n+\nIIII\n{content}@c\nGGGG\n+\nIIII\n".encode())
    first, broken, last = read_all(path)
    assert [(r.name, r.sequence, r.flaw) for r in (first, last)] == [
        ("a", "ACGT", ""), ("c", "GGGG", ""),
    ]  # fmt: skip
    assert (broken.sequence, broken.flaw) == ("", "malformed")
    assert note in broken.note


# texts of the two reads a ACGT/IIII and b GGTT/####
WHOLE = {
    "blanks at the ends of lines": "@a\nACGT  \n+\nIIII  \n@b\nGGTT\t\n+ \n####\t\n",
    "blanks behind a sequence": "@a\nACGT \n+\nIIII\n@b\nGGTT\n+\n####\n",
    "empty line at the end": "@a\nACGT\n+\nIIII\n@b\nGGTT\n+\n####\n\n",
    "three": "@a\nACGT\n+\nIIII\n@b\nGGTT\n+\n####\n\n\n\n",
    "blanks at the end": "@a\nACGT\n+\nIIII\n@b\nGGTT\n+\n####\n  \t\n",
    "at the start": "\n\n@a\nACGT\n+\nIIII\n@b\nGGTT\n+\n####\n",
    "between reads": "@a\nACGT\n+\nIIII\n\n@b\nGGTT\n+\n####\n",
    "everywhere": "\n".join("@a\nACGT\n+\nIIII\n@b\nGGTT\n+\n####\n".splitlines(True)),
    "byte-order mark": "\ufeff@a\nACGT\n+\nIIII\n@b\nGGTT\n+\n####\n",
    "mark and empty line": "\ufeff\n@a\nACGT\n+\nIIII\n@b\nGGTT\n+\n####\n",
    "no last newline": "@a\nACGT\n+\nIIII\n@b\nGGTT\n+\n####",
    "another name after +": "@a\nACGT\n+x\nIIII\n@b\nGGTT\n+b 1\n####\n",
    "lower case and U": "@a\nacgu\n+\nIIII\n@b\nGGUT\n+\n####\n",
    "several lines": "@a\nAC\nGT\n+\nII\nII\n@b\nGGTT\n+\n####\n",
    "Windows and an empty line": "@a\r\nACGT\r\n+\r\nIIII\r\n\r\n@b\r\nGGTT\r\n+\r\n####\r\n\r\n",
}


@pytest.mark.parametrize("pack", ["plain", "gzip"])
@pytest.mark.parametrize("case", WHOLE)
def test_whole_reads_are_read_whatever_is_between_them(
    tmp_path: Path, case: str, pack: str
) -> None:
    path = tmp_path / "r.fq"
    PACKERS[pack](WHOLE[case].encode(), path)
    reads = [(r.name, r.sequence, r.quality.tolist(), r.flaw) for r in read_all(path)]
    assert reads == [("a", "ACGT", [40] * 4, ""), ("b", "GGTT", [2] * 4, "")]


@pytest.mark.parametrize("letter", list("RYSWKMBDHV.-"))
def test_other_letters_of_a_base_are_n(tmp_path: Path, letter: str) -> None:
    path = tmp_path / "r.fq"
    path.write_text(f"@a\nAC{letter}t\n+\nIIII\n")
    assert read_all(path)[0].sequence == "ACNT"


def test_read_without_bases_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "r.fq"
    for tail in ("@b\n\n+\n\n", "@b\n\n+\n", "@b\n\n+"):
        path.write_text("@a\nACGT\n+\nIIII\n" + tail)
        assert [(r.sequence, r.flaw) for r in read_all(path)] == [("ACGT", ""), ("", "")]


def test_a_quality_line_may_begin_as_a_header(tmp_path: Path) -> None:
    path = tmp_path / "r.fq"
    path.write_text("@a\nACGT\n+\nIII\n@b\nACGT\n+\n@III\n@c\nACGT\n+\n@+@+\n")
    assert [(r.name, r.flaw) for r in read_all(path)] == [("a", "malformed"), ("b", ""), ("c", "")]


def test_a_file_without_one_whole_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "r.fq"
    path.write_text("@a\nACGT\nIIII\n@b\nACGT\nIIII\n")
    with pytest.raises(ReadsError, match=r"no read of this file is FASTQ.*line 1: the line with"):
        read_all(path)


@pytest.mark.parametrize("case", BAD)
def test_bad_content_has_one_clear_message(tmp_path: Path, case: str) -> None:
    content, message = BAD[case]
    path = tmp_path / "bad.fq"
    path.write_bytes(content)
    with pytest.raises(ReadsError, match=message) as caught:
        read_all(path)
    assert caught.value.file == str(path)
    assert caught.value.fix


@pytest.mark.parametrize("form", ["gzip", "bzip2", "xz", "zstd"])
def test_cut_off_archive_tells_how_many_reads_were_read(tmp_path: Path, form: str) -> None:
    source = np.random.default_rng(5)
    sequences = ["".join(source.choice(list("ACGT"), 1000)) for _ in range(1000)]
    text = "".join(f"@{i}\n{s}\n+\n{'I' * 1000}\n" for i, s in enumerate(sequences))
    path = tmp_path / "cut.fq"
    PACKERS[form](text.encode(), path)
    path.write_bytes(path.read_bytes()[:-200])
    reads = iterate_reads([str(path)])
    with pytest.raises(ReadsError, match=r"cut\.fq: .*after \d+ whole reads") as caught:
        list(reads)
    n_told = int(caught.value.what.split(" whole")[0].split()[-1])
    reads = iterate_reads([str(path)])
    assert len(list(islice(reads, n_told))) == n_told < 1000
    with pytest.raises(ReadsError):
        next(reads)


def test_damaged_gzip(tmp_path: Path) -> None:
    path = tmp_path / "r.fq.gz"
    data = bytearray(gzip.compress(FASTQ.encode()))
    data[-6] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ReadsError, match="cut off or damaged"):
        read_all(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ReadsError, match=r"gone\.fq: there is no such file.*sample sheet"):
        read_all(tmp_path / "gone.fq")


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(ReadsError, match="this is a folder"):
        read_all(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "r.fq"
    path.write_text(FASTQ)
    path.chmod(0)
    with pytest.raises(ReadsError, match="may not be read"):
        read_all(path)


@pytest.mark.parametrize("content", [b"", gzip.compress(b"", mtime=0), bz2.compress(b"")])
def test_empty_file_is_a_sample_without_reads(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "e.fq"
    path.write_bytes(content)
    with pytest.raises(NoReadsError, match=r"e\.fq: the file is empty"):
        read_all(path)


def test_same_content_twice(tmp_path: Path) -> None:
    for name in ("a.fq", "b.fq"):
        (tmp_path / name).write_text(FASTQ)
    (tmp_path / "c.fq").write_text(FASTQ.replace("@a", "@c"))
    check_duplicates([str(tmp_path / "a.fq"), str(tmp_path / "c.fq")])
    with pytest.raises(ReadsError, match=r"b\.fq: this file has the same content as .*a\.fq"):
        read_all(tmp_path / "a.fq", tmp_path / "c.fq", tmp_path / "b.fq")
    with pytest.raises(ReadsError, match="same content"):
        read_all(tmp_path / "a.fq", tmp_path / "a.fq")


@pytest.mark.parametrize(
    ("header", "accuracy"),
    [
        ("m1/2/ccs rq=0.9991", 0.9991),
        ("m1/2/ccs\tnp:i:9\trq:f:0.998", 0.998),
        ("r rq:f:9.5e-1", 0.95),
        ("r rq=-1", None),
        ("r rq=1.5", 1.0),
        ("rq", None),
        ("r srq=0.5", None),
        ("r rq=0..999", None),
        ("r rq=.5", 0.5),
        ("r", None),
    ],
)
def test_accuracy_in_a_fastq_header(header: str, accuracy: float | None) -> None:
    assert parse_accuracy(header) == accuracy


def write_bam(path: Path, records: list[dict[str, object]], references: bool = False) -> Path:
    header: dict[str, object] = {"HD": {"VN": "1.6"}}
    if references:
        header["SQ"] = [{"SN": "chr", "LN": 1000}]
    with pysam.AlignmentFile(str(path), "wb", header=header) as stream:
        for fields in records:
            record = pysam.AlignedSegment(stream.header)
            record.query_name = str(fields["name"])
            record.flag = int(fields.get("flag", 4))  # type: ignore[call-overload]
            record.query_sequence = fields["sequence"]  # type: ignore[assignment]
            if "quality" in fields:
                record.query_qualities = pysam.qualitystring_to_array(str(fields["quality"]))
            record.set_tags(fields.get("tags", []))  # type: ignore[arg-type]
            if references:
                record.reference_id, record.reference_start = 0, 5
            stream.write(record)
    return path


def test_unaligned_bam_with_accuracy(tmp_path: Path) -> None:
    tags = [("rq", 0.5, "f"), ("np", 12, "i")]
    path = write_bam(
        tmp_path / "reads.fastq.gz",
        [
            {"name": "m/1/ccs", "sequence": "ACGT", "quality": "!I~5", "tags": tags},
            {"name": "m/2/ccs", "sequence": "ACG", "quality": "III", "tags": [("rq", -1.0, "f")]},
            {"name": "m/3/ccs", "sequence": "AN", "quality": "I!"},
        ],
    )
    assert recognise_format(str(path)) == "BAM"
    first, second, third = read_all(path)
    assert (first.name, first.sequence, first.quality.tolist()) == (
        "m/1/ccs", "ACGT", [0, 40, 93, 20],
    )  # fmt: skip
    assert (first.accuracy, first.passes) == (0.5, 12)
    assert (second.accuracy, second.passes) == (None, None)  # -1 is "not known"
    assert (third.sequence, third.accuracy) == ("AN", None)


def test_aligned_bam_is_turned_back_and_counted_once(tmp_path: Path) -> None:
    path = write_bam(
        tmp_path / "a.bam",
        [
            {"name": "r", "sequence": "AACG", "quality": "!III", "flag": 16},
            {"name": "r", "sequence": "AACG", "quality": "!III", "flag": 256},
            {"name": "r", "sequence": "AACG", "quality": "!III", "flag": 2048},
        ],
        references=True,
    )
    (read,) = read_all(path)
    assert (read.sequence, read.quality.tolist()) == ("CGTT", [40, 40, 40, 0])


def test_bam_without_reads_or_qualities(tmp_path: Path) -> None:
    with pytest.raises(NoReadsError):
        read_all(write_bam(tmp_path / "e.bam", []))
    (read,) = read_all(write_bam(tmp_path / "q.bam", [{"name": "r", "sequence": "ACG"}]))
    assert (read.flaw, read.note) == ("malformed", "read 1 (r) has no qualities")


def test_cut_off_bam(tmp_path: Path) -> None:
    source = np.random.default_rng(6)
    records = [
        {
            "name": str(i),
            "sequence": "".join(source.choice(list("ACGT"), 900)),
            "quality": "I" * 900,
        }
        for i in range(400)
    ]
    path = write_bam(tmp_path / "c.bam", records)
    path.write_bytes(path.read_bytes()[:-9000])
    with pytest.raises(
        ReadsError, match=r"c\.bam: the file is cut off or damaged before its first"
    ):
        read_all(path)


def test_bam_with_a_damaged_header(tmp_path: Path) -> None:
    path = tmp_path / "h.bam"
    with pysam.BGZFile(str(path), "wb") as stream:
        stream.write(b"BAM\x01" + b"\xff" * 40)
    with pytest.raises(ReadsError, match=r"h\.bam: .*(header|damaged)"):
        read_all(path)


def test_bam_with_a_damaged_block_or_name(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bases = "".join(np.random.default_rng(7).choice(list("ACGT"), 900))
    records = [{"name": f"r{i}", "sequence": bases, "quality": "I" * 900} for i in range(200)]
    path = write_bam(tmp_path / "d.bam", records)
    whole = path.read_bytes()
    damaged = bytearray(whole)
    damaged[-60] ^= 0xFF
    path.write_bytes(damaged)
    with pytest.raises(ReadsError, match=r"d\.bam: the file is cut off or damaged"):
        read_all(path)
    with gzip.open(tmp_path / "d.bam", "rb") as stream, pytest.raises(OSError, match="CRC"):
        stream.read()
    path.write_bytes(gzip.compress(gzip.decompress(whole).replace(b"r150\0", b"\xff\xfe50\0")))
    with pytest.raises(ReadsError, match=r"d\.bam: the file is cut off or damaged"):
        read_all(path)
    assert capfd.readouterr().err == ""


def test_other_faults_stay_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "r.fq"
    path.write_text(FASTQ)
    reads = sources.iterate_file(str(path))
    next(reads)
    with pytest.raises(RuntimeError, match="a fault of the program"):
        reads.throw(RuntimeError("a fault of the program"))
