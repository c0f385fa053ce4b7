"""Reads from files, whatever their format: recognised by content, never by name.

FASTQ may be plain or compressed with gzip, bzip2, xz or zstd. BAM is read through htslib. A read
that is not of the form of its file is given as it is, marked as malformed; a file that is cut off
or damaged is an error.
"""

from __future__ import annotations

import logging
import lzma
import os
import re
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np

from vagus.errors import DamagedReadsError, ReadsError
from vagus.files import check_regular, digest_file
from vagus.reads.bam import CUT_OFF, iterate_bam, iterate_labels
from vagus.reads.fastq import BOM, EndsWithinReadError, iterate_records
from vagus.reads.read import (
    DUPLEX_PARENT,
    MAX_PHRED,
    PHRED_OFFSET,
    Read,
    check_read,
    make_broken,
)
from vagus.reads.tags import is_parent, parse_accuracy, parse_label

__all__ = ["MAX_PHRED", "PHRED_OFFSET", "Read"]

log = logging.getLogger(__name__)

FASTQ, BAM, EMPTY = "FASTQ", "BAM", "empty"
ALL_LABELS = "all"
N_LABEL_READS = 400

_COMPRESSION = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zst"}
_BLANKS = (" ", "\t")
_SAM_HEADER = re.compile(rb"@(HD|SQ|RG|PG|CO)\t")
# errors of decompressors that are not known before they are loaded
_DAMAGED = ("ZstdError", "IsalError")
_REFUSED = (
    (b">", "this is FASTA, which has no qualities; without them errors look like variants",
     "Give the FASTQ or BAM file that the FASTA was made from"),
    (b"CRAM", "this is CRAM", "Convert it: samtools view -b -o reads.bam FILE"),
    (b"ABIF", "this is an ab1 file of Sanger sequencing", "Give the reads of a long-read platform"),
    (b".sff", "this is an SFF file (454, Ion Torrent)", "Give the reads of a long-read platform"),
    (b"\x8bPOD", "this is a POD5 file (raw signal)", "Give the basecalled FASTQ or BAM"),
    (b"\x89HDF", "this is an HDF5 file (raw signal?)", "Give the basecalled FASTQ or BAM"),
    (b"PK\x03\x04", "this is a ZIP archive", "Unpack it and give the FASTQ files in it"),
)  # fmt: skip


class NoReadsError(ReadsError):
    """Files that are sound but have no read."""


class MixedReadsError(ReadsError):
    """A file with reads of several barcodes or samples, of which none was chosen."""


def iterate_reads(paths: Sequence[str], labels: Collection[str] = ()) -> Iterator[Read]:
    """Yield the reads of one sample's files, in the order of the files.

    With ``labels``, only reads that the file gives one of these barcodes or samples (``all``: any);
    all reads of a file that gives its reads none.
    An empty file beside others that have reads is passed over with a warning.

    Raises:
        NoReadsError: there is no read in any file.
        MixedReadsError: a file has reads of several barcodes and ``labels`` is empty.
        ReadsError: a file is missing, twice in the list, of another kind, damaged or malformed.
    """
    check_duplicates(paths)
    n_reads = 0
    for path in paths:
        n_before = n_reads
        reads = iterate_file(path, labels)
        for read in reads if labels else _watch_labels(reads, path):
            n_reads += 1
            yield read
        if n_reads == n_before:
            log.warning("%s has no reads%s", path, " of this barcode" if labels else "")
    if n_reads == 0:
        raise _explain_absence(paths, labels)


def _explain_absence(paths: Sequence[str], labels: Collection[str]) -> NoReadsError:
    if labels:
        return NoReadsError(
            f"no read has the barcode {' or '.join(sorted(labels))}",
            fix="Correct 'barcode' in the sample sheet; 'vagus init' lists the barcodes of a file",
            file=paths[0],
        )
    return NoReadsError(
        "the file is empty" if len(paths) == 1 else f"all {len(paths)} files are empty",
        fix="If reads are expected, compare the file with its source",
        file=paths[0],
    )


def _watch_labels(reads: Iterator[Read], path: str) -> Iterator[Read]:
    """The reads of one file, as long as all of them have the same barcode."""
    first = ""
    for read in reads:
        if read.label and read.label != first:
            if first:
                raise explain_mixture(path, [first, read.label])
            first = read.label
        yield read


def explain_mixture(path: str, labels: Sequence[str]) -> MixedReadsError:
    """The error for a file with reads of several barcodes or samples."""
    shown = ", ".join(labels[:3]) + (f" and {len(labels) - 3} more" if labels[3:] else "")
    return MixedReadsError(
        f"this file has reads of several barcodes or samples ({shown})",
        fix="Give each a row of its own, with the column 'barcode' in the sheet: 'vagus init' "
        "writes the rows; or write 'all' there if the reads are of one sample indeed",
        file=path,
    )


def iterate_file(path: str, labels: Collection[str] = ()) -> Iterator[Read]:
    """Yield the reads of one file; nothing for an empty one. Errors as in ``iterate_reads``."""
    form = recognise_format(path)
    if form == EMPTY:
        return
    is_any = not labels or ALL_LABELS in labels or not has_labels(path)
    wanted = () if is_any else labels
    yield from _iterate_bam(path, wanted) if form == BAM else _iterate_fastq(path, wanted)


def has_labels(path: str) -> bool:
    """Whether one of the first 400 reads has a barcode or sample: else a file is of one sample."""
    return any(read.label for read in islice(iterate_file(path), N_LABEL_READS))


def iterate_file_labels(path: str) -> Iterator[str]:
    """Barcode or sample of each read of a file; empty where it has none."""
    form = recognise_format(path)
    if form == BAM:
        with _explain_damage(path, [0]):
            yield from iterate_labels(path)
    elif form == FASTQ:
        for read in _iterate_fastq(path, ()):
            yield read.label


def recognise_format(path: str) -> str:
    """``FASTQ``, ``BAM`` or ``empty``, from the first bytes of the (unpacked) content.

    Raises:
        ReadsError: the file is missing, a folder, unreadable or of another kind.
    """
    with _explain_damage(path, [0]), _open_unpacked(path) as stream:
        start = stream.read(512)
        if not start.strip():  # empty lines before the first read, or nothing else
            start = next((line for line in stream if line.strip()), b"")
    start = start.removeprefix(BOM)
    if not start.strip():
        return EMPTY
    if start.startswith(b"BAM\x01"):
        return BAM
    for magic, what, fix in _REFUSED:
        if start.startswith(magic):
            raise ReadsError(what, fix=fix, file=path)
    if _SAM_HEADER.match(start):
        fix = "Convert it: samtools view -b -o reads.bam FILE"
        raise ReadsError("this is SAM text", fix=fix, file=path)
    if start[257:262] == b"ustar":
        raise ReadsError("this is a tar archive", fix="Unpack it and give its files", file=path)
    if b"\r" in start and b"\n" not in start:
        fix = "Convert it: tr '\\r' '\\n' < FILE > reads.fastq"
        raise ReadsError("its lines end with a carriage return alone", fix=fix, file=path)
    if not start.lstrip().startswith(b"@"):
        raise ReadsError(
            f"this is neither FASTQ nor BAM: it starts with {start[:12]!r}",
            fix="Give FASTQ (plain, gzip, bzip2, xz, zstd) or unaligned BAM", file=path,
        )  # fmt: skip
    return FASTQ


def check_duplicates(paths: Sequence[str]) -> None:
    """Refuse one sample's files when two have the same content; reads only those of equal size.

    Raises:
        ReadsError: two files are the same, or a file is missing.
    """
    by_size: dict[int, list[str]] = {}
    for path in paths:
        with _explain_damage(path, [0]):
            check_regular(path, ReadsError)
            by_size.setdefault(Path(path).stat().st_size, []).append(path)
    for size, group in by_size.items():
        seen: dict[str, str] = {}
        for path in group if len(group) > 1 and size else ():
            digest = digest_file(path)
            if digest in seen:
                raise ReadsError(
                    f"this file has the same content as {seen[digest]}",
                    fix="List each file once, or its reads count twice", file=path,
                )  # fmt: skip
            seen[digest] = path


def _iterate_fastq(path: str, labels: Collection[str]) -> Iterator[Read]:
    counter, note = [0], ""
    with _explain_damage(path, counter):
        for record in iterate_records(lambda: _open_unpacked(path)):
            name = record.name
            label = parse_label(name)
            if labels and label not in labels:
                continue
            if record.fault:
                note = note or f"{path}, line {record.line}: {record.fault}"
                yield make_broken(name, f"{path}, line {record.line}: {record.fault}")
                continue
            counter[0] += 1
            sequence, qualities = record.sequence, record.qualities
            if sequence.endswith(_BLANKS):  # left by an editor
                sequence, qualities = sequence.rstrip(), qualities.rstrip()
            quality = np.frombuffer(qualities.encode(), np.uint8) - PHRED_OFFSET
            read = Read(name, sequence, quality, parse_accuracy(name), label=label)
            if is_parent(name):
                read.flaw = DUPLEX_PARENT
            yield check_read(read, f"{path}, line {record.line + 1}: ")
    if note and not counter[0] and not labels:
        raise ReadsError(f"no read of this file is FASTQ; {note}", fix=CUT_OFF, file=path)


def _iterate_bam(path: str, labels: Collection[str]) -> Iterator[Read]:
    counter = [0]
    with _explain_damage(path, counter):
        try:
            for read in iterate_bam(path, labels):
                counter[0] += 1
                yield read
        except (OSError, ValueError, KeyError) as error:
            # htslib's OSError may have the number of an older one, such as "no such file"
            is_vague = isinstance(error, OSError) and "Closing failed" in str(error)
            cause = ValueError("a block cannot be unpacked") if is_vague else error
            raise ReadsError(_describe_damage(counter[0], cause), fix=CUT_OFF, file=path) from error


def _open_unpacked(path: str) -> IO[bytes]:
    """Open the content for reading, unpacked by what its first bytes say."""
    from xopen import xopen

    check_regular(path, ReadsError)
    with open(path, "rb") as raw:
        start = raw.read(6)
    for magic, form in _COMPRESSION.items():
        if start.startswith(magic):
            stream: IO[bytes] = xopen(path, "rb", threads=0, format=form)
            return stream
    return open(path, "rb")


@contextmanager
def _explain_damage(path: str, counter: Sequence[int]) -> Iterator[None]:
    """Turn what goes wrong while reading into one message; ``counter[0]`` is reads so far."""
    try:
        yield
    except FileNotFoundError:
        fix = "Check the path in the sample sheet"
        raise ReadsError("there is no such file", fix=fix, file=path) from None
    except ReadsError as error:
        if os.path.isdir(path):
            error.fix = "Name the read files in it, joined by ';'"
        raise
    except PermissionError:
        fix = "Ask its owner for permission (chmod u+r)"
        raise ReadsError("the file may not be read", fix=fix, file=path) from None
    except EndsWithinReadError:
        what = f"the file ends within a read after {counter[0]} whole reads"
        raise ReadsError(what, fix=CUT_OFF, file=path) from None
    except (EOFError, OSError, NotImplementedError, zlib.error, lzma.LZMAError) as error:
        # an error of the system, such as a path with a file as folder, is no damage
        is_of_system = isinstance(error, OSError) and error.errno is not None
        kind = ReadsError if is_of_system else DamagedReadsError
        raise kind(_describe_damage(counter[0], error), fix=CUT_OFF, file=path) from error
    except Exception as error:
        if type(error).__name__ not in _DAMAGED:
            raise
        what = _describe_damage(counter[0], error)
        raise DamagedReadsError(what, fix=CUT_OFF, file=path) from error


def _describe_damage(n_reads: int, error: Exception) -> str:
    place = f"after {n_reads} whole reads" if n_reads else "before its first whole read"
    return f"the file is cut off or damaged {place} ({error})"
