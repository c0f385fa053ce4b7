"""Files of simulated reads: FASTQ compressed by gzip, or unaligned BAM."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from os import PathLike
from pathlib import Path

import pysam

from vagus.demo.platforms import PlatformModel
from vagus.demo.reads import ReadBatch
from vagus.files import write_whole
from vagus.reads.platforms import find_simulated

_COMPRESSION = 1
_BAM_HEADER = {
    "HD": {"VN": "1.6", "SO": "unknown"},
    "RG": [{"ID": "sim", "PL": "PACBIO", "DS": "READTYPE=CCS"}],
}


def name_read(model: PlatformModel, number: int) -> str:
    """Name of a read by its place in the file, from 0; it says nothing of the truth."""
    return find_simulated(model.name).simulated_name.format(number)


def write_reads(
    batches: Sequence[ReadBatch], model: PlatformModel, path: str | PathLike[str]
) -> None:
    """Write reads as unaligned BAM (``.bam``) or FASTQ (else); equal reads give equal bytes.

    HiFi reads carry the accuracy before binning: the tag ``rq`` in BAM, ``rq:f:`` in the
    header line of FASTQ.
    """
    if Path(path).suffix == ".bam":
        _write_bam(batches, model, path)
    else:
        _write_fastq(batches, model, path)


def _list_reads(
    batches: Sequence[ReadBatch], model: PlatformModel
) -> Iterator[tuple[str, float | None, bytes, bytes]]:
    """Name, accuracy (HiFi only), letters, qualities as Phred+33."""
    number, has_accuracy = 0, find_simulated(model.name).has_accuracy
    for batch in batches:
        letters, qualities = batch.letters.tobytes(), batch.qualities.tobytes()
        ends = batch.offsets.tolist()
        for i, accuracy in enumerate(batch.accuracies.tolist()):
            part = slice(ends[i], ends[i + 1])
            known = accuracy if has_accuracy else None
            yield name_read(model, number), known, letters[part], qualities[part]
            number += 1


def _write_fastq(
    batches: Sequence[ReadBatch], model: PlatformModel, path: str | PathLike[str]
) -> None:
    with (
        write_whole(path) as temporary,
        open(temporary, "wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=_COMPRESSION, fileobj=raw, mtime=0) as packed,
    ):
        for name, accuracy, letters, qualities in _list_reads(batches, model):
            tag = "" if accuracy is None else f" rq:f:{accuracy:.6f}"
            head = f"@{name}{tag}\n".encode("ascii")
            packed.write(b"".join((head, letters, b"\n+\n", qualities, b"\n")))


def _write_bam(
    batches: Sequence[ReadBatch], model: PlatformModel, path: str | PathLike[str]
) -> None:
    header = pysam.AlignmentHeader.from_dict(_BAM_HEADER)
    with (
        write_whole(path) as temporary,
        pysam.AlignmentFile(str(temporary), "wb", header=header) as stream,
    ):
        for name, accuracy, letters, qualities in _list_reads(batches, model):
            read = pysam.AlignedSegment(header)
            read.query_name = name
            read.flag = 4
            read.query_sequence = letters.decode("ascii")
            read.query_qualities = pysam.qualitystring_to_array(qualities.decode("ascii"))
            read.set_tag("RG", "sim")
            if accuracy is not None:
                read.set_tag("rq", accuracy, "f")
            stream.write(read)
