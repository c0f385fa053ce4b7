"""Reads from files, whatever their format: recognised by content, never by name.

FASTQ may be plain or compressed with gzip, bzip2, xz or zstd. BAM is read through htslib;
alignments in it are turned back to the strand that was sequenced. A read is checked on its
way in, so later stages need not: letters ACGTN, one quality a base, qualities 0 to 93.
"""

from __future__ import annotations

import logging
import lzma
import os
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from vagus.errors import DamagedReadsError, ReadsError
from vagus.files import check_regular, digest_file

log = logging.getLogger(__name__)

MAX_PHRED = 93
PHRED_OFFSET = 33
LETTERS = b"ACGTN"
FASTQ, BAM, EMPTY = "FASTQ", "BAM", "empty"

_COMPRESSION = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zst"}
_SAM_HEADER = re.compile(rb"@(HD|SQ|RG|PG|CO)\t")
_ACCURACY = re.compile(r"\brq(?:=|:f:)(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?![\d.])")
# errors of decompressors that are not known before they are loaded
_DAMAGED = ("ZstdError", "IsalError")
_CUT_OFF = "Copy or download the file again, or compare its checksum with the source's"
_REFUSED = (
    (b">", "this is FASTA, which has no qualities: they are needed to tell errors from variants",
     "Give the FASTQ or BAM file that the FASTA was made from"),
    (b"CRAM", "this is CRAM", "Convert it: samtools view -b -o reads.bam FILE"),
    (b"\x89HDF", "this is an HDF5 file (raw signal?)", "Give the basecalled FASTQ or BAM"),
    (b"PK\x03\x04", "this is a ZIP archive", "Unpack it and give the FASTQ files in it"),
)  # fmt: skip


@dataclass(slots=True)
class Read:
    """One read as it was sequenced.

    Attributes:
        name: header without its leading ``@``.
        sequence: letters ACGTN.
        quality: Phred qualities 0-93, uint8, one a base; read-only.
        accuracy: PacBio's predicted accuracy ``rq`` in 0-1, where the file has it.
        passes: PacBio's number of passes ``np``, where the file has it.
    """

    name: str
    sequence: str
    quality: NDArray[np.uint8]
    accuracy: float | None = None
    passes: int | None = None


class NoReadsError(ReadsError):
    """Files that are sound but hold no read."""


def iterate_reads(paths: Sequence[str]) -> Iterator[Read]:
    """Yield the reads of one sample's files, in the order of the files.

    An empty file beside others that have reads is passed over with a warning.

    Raises:
        NoReadsError: there is no read in any file.
        ReadsError: a file is missing, twice in the list, of another kind, damaged or malformed.
    """
    check_duplicates(paths)
    n_reads = 0
    for path in paths:
        n_before = n_reads
        for read in iterate_file(path):
            n_reads += 1
            yield read
        if n_reads == n_before:
            log.warning("%s holds no reads", path)
    if n_reads == 0:
        raise NoReadsError(
            "the file is empty" if len(paths) == 1 else f"all {len(paths)} files are empty",
            fix="If reads are expected, compare the file with its source",
            file=paths[0],
        )


def iterate_file(path: str) -> Iterator[Read]:
    """Yield the reads of one file; nothing for an empty one. Errors as in ``iterate_reads``."""
    form = recognise_format(path)
    if form == EMPTY:
        return
    yield from _iterate_bam(path) if form == BAM else _iterate_fastq(path)


def recognise_format(path: str) -> str:
    """``FASTQ``, ``BAM`` or ``empty``, from the first bytes of the (unpacked) content.

    Raises:
        ReadsError: the file is missing, a folder, unreadable or of another kind.
    """
    with _explain_damage(path, [0]), _open_unpacked(path) as stream:
        start = stream.read(512)
    if not start:
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
    if not start.startswith(b"@"):
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


def parse_accuracy(header: str) -> float | None:
    """PacBio's ``rq`` from a FASTQ header (``rq=0.999`` or ``rq:f:0.999``), if it is there."""
    if "rq" not in header:
        return None
    match = _ACCURACY.search(header)
    return limit_accuracy(float(match.group(1))) if match else None


def limit_accuracy(accuracy: float) -> float:
    """``rq`` within 0-1; PacBio writes -1 for reads that could not be polished."""
    return min(max(accuracy, 0.0), 1.0)


def _iterate_fastq(path: str) -> Iterator[Read]:
    from dnaio import FastqReader

    counter = [0]
    with _explain_damage(path, counter), _open_unpacked(path) as stream:
        for record in FastqReader(stream):
            line = 4 * counter[0] + 2
            sequence = _check_letters(record.sequence, path, line)
            quality = np.frombuffer(record.qualities.encode(), np.uint8) - PHRED_OFFSET
            _check_qualities(quality, path, line + 2)
            counter[0] += 1
            name = record.name
            yield Read(name, sequence, quality, parse_accuracy(name))


def _iterate_bam(path: str) -> Iterator[Read]:
    counter = [0]
    with _explain_damage(path, counter):
        try:
            with _open_bam(path) as stream:
                for record in stream.fetch(until_eof=True):
                    if record.is_secondary or record.is_supplementary:
                        continue
                    counter[0] += 1
                    yield _convert_record(record, path, counter[0])
        except (OSError, ValueError, KeyError) as error:
            # htslib's OSError may have the number of an older one, such as "no such file"
            is_vague = isinstance(error, OSError) and "Closing failed" in str(error)
            cause = ValueError("a block cannot be unpacked") if is_vague else error
            raise ReadsError(
                _describe_damage(counter[0], cause), fix=_CUT_OFF, file=path
            ) from error


def _open_bam(path: str) -> Any:
    import pysam

    pysam.set_verbosity(0)
    try:
        with _hush_closing():
            return pysam.AlignmentFile(path, "rb", check_sq=False)
    except ValueError as error:
        what = f"the header of this BAM file cannot be read ({error})"
        raise ReadsError(what, fix=_CUT_OFF, file=path) from error


@contextmanager
def _hush_closing() -> Iterator[None]:
    """Print nothing of the second error, when a file that could not be opened is closed."""

    def say_nothing(*_: object) -> None:
        return

    hooks = sys.unraisablehook, sys.excepthook
    sys.unraisablehook = say_nothing
    sys.excepthook = say_nothing
    try:
        yield
    finally:
        sys.unraisablehook, sys.excepthook = hooks


def _convert_record(record: Any, path: str, number: int) -> Read:
    sequence = record.get_forward_sequence() or ""
    phred = record.get_forward_qualities()
    if phred is None:
        if sequence:
            raise ReadsError(
                f"read {number} ({record.query_name}) has no qualities",
                fix="Give a BAM file with base qualities", file=path,
            )  # fmt: skip
        phred = []
    quality = np.array(phred, dtype=np.uint8)
    _check_qualities(quality, path, None)
    tags = dict(record.get_tags())
    accuracy = tags.get("rq")
    return Read(
        record.query_name,
        _check_letters(sequence, path, None),
        quality,
        None if accuracy is None else limit_accuracy(float(accuracy)),
        tags.get("np"),
    )


def _check_letters(sequence: str, path: str, line: int | None) -> str:
    """The sequence in upper case; raises ReadsError for letters other than ACGTN."""
    strange = sequence.encode().translate(None, LETTERS)
    if not strange:
        return sequence
    strange = strange.upper().translate(None, LETTERS)
    if strange:
        raise ReadsError(
            f"the sequence holds {strange[:1].decode()!r}, which is not one of A, C, G, T, N",
            fix="Give the reads as the sequencer's software wrote them", file=path, line=line,
        )  # fmt: skip
    return sequence.upper()


def _check_qualities(quality: NDArray[np.uint8], path: str, line: int | None) -> None:
    if quality.size and quality.max() > MAX_PHRED:
        raise ReadsError(
            "a quality is outside '!' to '~' (Phred 0 to 93)",
            fix="Give qualities in the Sanger encoding (Phred + 33)", file=path, line=line,
        )  # fmt: skip


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
    except (EOFError, OSError, NotImplementedError, zlib.error, lzma.LZMAError) as error:
        # an error of the system, such as a path with a file as folder, is no damage
        is_of_system = isinstance(error, OSError) and error.errno is not None
        kind = ReadsError if is_of_system else DamagedReadsError
        raise kind(_describe_damage(counter[0], error), fix=_CUT_OFF, file=path) from error
    except Exception as error:
        explained = _explain_format_error(error, path, counter[0])
        if explained is None:
            raise
        raise explained from error


def _describe_damage(n_reads: int, error: Exception) -> str:
    place = f"after {n_reads} whole reads" if n_reads else "before its first whole read"
    return f"the file is cut off or damaged {place} ({error})"


def _explain_format_error(error: Exception, path: str, n_reads: int) -> ReadsError | None:
    """A ReadsError for malformed FASTQ and damaged archives; None for any other exception."""
    kind = type(error).__name__
    if kind in _DAMAGED:
        return DamagedReadsError(_describe_damage(n_reads, error), fix=_CUT_OFF, file=path)
    if kind != "FastqFormatError":
        return None
    line = getattr(error, "line", None)
    line = None if line is None else line + 1
    message = str(getattr(error, "message", error)).splitlines()[0].rstrip(".")
    if message.startswith("Length of sequence"):
        what = f"the sequence and the qualities of read {n_reads + 1} differ in length"
        return ReadsError(what, fix="Correct or remove this read", file=path, line=line)
    if message.startswith("Premature end"):
        what = f"the file ends within a read after {n_reads} whole reads"
        return ReadsError(what, fix=_CUT_OFF, file=path, line=line)
    what = f"read {n_reads + 1} is not FASTQ: {message}"
    return ReadsError(what, fix="Correct or remove this read", file=path, line=line)
