"""How much a step has to work on, from its input files: cheap enough to ask before each job.

Amounts are in thousands (kreads, kuniques, kasvs, kcells) or MB. None opens more than the start
or the directory of a file of reads; files of ASVs are counted.
"""

from __future__ import annotations

import bz2
import contextlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath

from vagus.denoise.settings import DenoiseSettings
from vagus.engines import ENGINES
from vagus.reference.catalogue import estimate_text_mb
from vagus.study.sections import find_default

_HEAD_BYTES = 1 << 16
# of a read in a file whose start does not show it; between compressed HiFi and compressed ONT reads
_READ_BYTES = 1000
_NPY_HEADER_BYTES = 128
UNIQUES_MB = 0.81
"""MB of a file of unique sequences for each thousand of them."""
REFERENCE_RECORD = "reference.json"
# bytes of a record, of files whose content cannot be looked at: an ASV of 1,450 bases and its name
_FASTA_BYTES = 1490
_ROW_BYTES = {"taxonomy.tsv": 250, "alignment.fasta.gz": 200}
# folders with the sequences of each shard of a pool
PIECES = tuple(facts.pieces for facts in ENGINES.values())
_ASVS = ("asvs.fasta", "alignment.fasta.gz", "asv_table.tsv", "taxonomy.tsv")


@dataclass(frozen=True)
class Scope:
    """What matters beside the input files: samples, bases to learn from, size of shards."""

    n_samples: int = 1
    learn_bases: float = find_default("learning", "learn_bases")
    shard_uniques: int = DenoiseSettings.pool_shard_uniques


def measure_amount(name: str, paths: Sequence[str], scope: Scope) -> float:
    """The amount called ``name`` in these input files.

    Raises FileNotFoundError, naming the file, for one that is not there yet.
    """
    return _AMOUNTS[name]([str(path) for path in paths], scope)


def estimate_reads(path: str) -> float:
    """Reads in a FASTQ or BAM file, from its size and its first 64 kB.

    A file that cannot be read has as many as its size suggests: its own step will say what is
    wrong.
    """
    state = os.stat(path)
    return _estimate_reads(path, state.st_size, state.st_mtime_ns)


@cache
def _estimate_reads(path: str, n_bytes: int, mtime_ns: int) -> float:
    head, text = b"", b""
    with contextlib.suppress(zlib.error, OSError):
        with open(path, "rb") as stream:
            head = stream.read(_HEAD_BYTES)
        text = _unpack(head)
    n_reads = _count_bam(text) if text.startswith(b"BAM\1") else text.count(b"\n") / 4
    if not n_reads:
        return n_bytes / _READ_BYTES
    return n_reads * n_bytes / len(head)


def _unpack(head: bytes) -> bytes:
    """What the start of a file contains, as far as it can be unpacked."""
    if head.startswith(b"BZh"):
        return bz2.BZ2Decompressor().decompress(head)
    if not head.startswith(b"\x1f\x8b"):
        return head
    parts = []
    while head.startswith(b"\x1f\x8b"):
        member = zlib.decompressobj(wbits=31)
        parts.append(member.decompress(head))
        head = member.unused_data
    return b"".join(parts)


def _count_bam(text: bytes) -> float:
    """Records in the start of a BAM file, the last one in part (SAMv1, section 4.2)."""

    def read(place: int) -> int:
        return int.from_bytes(text[place : place + 4], "little")

    place = 8 + read(4)
    n_references, place = read(place), place + 4
    for _ in range(n_references):
        if place >= len(text):  # a header of many references, or a damaged one
            return 0.0
        place += 8 + read(place)
    n_records = 0.0
    while place + 4 < len(text):
        size = 4 + read(place)
        n_records += min(1.0, (len(text) - place) / size)
        place += size
    return n_records


def count_uniques(path: str) -> int:
    """Unique sequences in a file of the reads stage or of a shard, from its directory alone."""
    os.stat(path)
    try:
        with zipfile.ZipFile(path) as archive:
            return max(0, (archive.getinfo("counts.npy").file_size - _NPY_HEADER_BYTES) // 4)
    except (zipfile.BadZipFile, KeyError, PermissionError):
        return 0


def count_asvs(paths: Sequence[str]) -> int:
    """ASVs in the first file of these that lists them; 0 when none does."""
    for name in _ASVS:
        for path in paths:
            if PurePath(path).name == name:
                return _count_records(path, os.stat(path).st_mtime_ns)
    return 0


@cache
def _count_records(path: str, mtime_ns: int) -> int:
    import gzip

    n = 0
    # a damaged file has as many as can be counted: its own step will report what is wrong
    with (
        contextlib.suppress(zlib.error, EOFError, gzip.BadGzipFile),
        (gzip.open if path.endswith(".gz") else open)(path, "rb") as stream,
    ):
        for line in stream:
            n += line.startswith(b">") if ".fasta" in path else 1
    return n if ".fasta" in path else max(0, n - 1)


def _count_kreads(paths: Sequence[str], scope: Scope) -> float:
    return sum(map(estimate_reads, paths)) / 1e3


def _list_uniques(paths: Sequence[str]) -> list[int]:
    """Sizes of the inputs that contain unique sequences: of a sample, or of a shard of a pool."""
    return [count_uniques(path) for path in paths if _has_uniques(PurePath(path))]


def _has_uniques(path: PurePath) -> bool:
    return path.suffix == ".npz" and (path.name == "uniques.npz" or path.stem.isdigit())


def _count_kuniques(paths: Sequence[str], scope: Scope) -> float:
    return sum(_list_uniques(paths)) / 1e3


def _count_shard(paths: Sequence[str], scope: Scope) -> float:
    """Thousand unique sequences of a shard; those of the largest one in a folder of them."""
    folders = [path for path in paths if PurePath(path).name in PIECES]
    if folders:
        return max(_measure_largest(path, os.stat(path).st_mtime_ns) for path in folders)
    return min(_count_kuniques(paths, scope), scope.shard_uniques / 1e3)


@cache
def _measure_largest(folder: str, mtime_ns: int) -> float:
    with os.scandir(folder) as entries:
        return max((entry.stat().st_size for entry in entries), default=0) / 1e6 / UNIQUES_MB


def _count_learned(paths: Sequence[str], scope: Scope) -> float:
    """Error learning stops after the sample that fills its bases."""
    sizes = _list_uniques(paths)
    return limit_learned(sum(sizes) / 1e3, max(sizes, default=0) / 1e3, scope.learn_bases)


def limit_learned(total: float, largest: float, learn_bases: float) -> float:
    """Thousand unique sequences that learning sees of a run; a sequence has 1,450 bases."""
    return min(total, learn_bases / 1.45e6 + largest)


def _count_largest(paths: Sequence[str], scope: Scope) -> float:
    return max(_list_uniques(paths), default=0) / 1e3


def _sum_mb(paths: Sequence[str], scope: Scope) -> float:
    return sum(map(_weigh, paths)) / 1e6


def _weigh(path: str) -> int:
    """Bytes of a file; of the record of a reference, the index that it is of."""
    if os.path.isdir(path):
        return 0
    if PurePath(path).name == REFERENCE_RECORD:
        with contextlib.suppress(ValueError, LookupError, TypeError):
            return int(json.loads(Path(path).read_text(encoding="utf-8"))["index_bytes"])
    return os.stat(path).st_size


def _count_kasvs(paths: Sequence[str], scope: Scope) -> float:
    return count_asvs(paths) / 1e3


_AMOUNTS: dict[str, Callable[[Sequence[str], Scope], float]] = {
    "none": lambda paths, scope: 0.0,
    "kreads": _count_kreads,
    "kuniques": _count_kuniques,
    "largest": _count_largest,
    "learned": _count_learned,
    "shard": _count_shard,
    "kasvs": _count_kasvs,
    "samples": lambda paths, scope: float(scope.n_samples),
    "kpairs": lambda paths, scope: scope.n_samples**2 / 1e3,
    "kcells": lambda paths, scope: _count_kasvs(paths, scope) * scope.n_samples,
    "kpairs_kasvs": lambda paths, scope: scope.n_samples**2 / 1e3 * _count_kasvs(paths, scope),
    "mb": _sum_mb,
    "reference_mb": lambda paths, scope: sum(estimate_text_mb(Path(path)) for path in paths),
    "kasvs_mb": lambda paths, scope: _count_kasvs(paths, scope) * _sum_mb(paths, scope),
}
AMOUNT_NAMES = tuple(_AMOUNTS)


def estimate_amount(name: str, sizes: Mapping[str, int], scope: Scope) -> float:
    """The amount called ``name`` in files of these sizes (bytes) that cannot be opened here.

    They are in a store, or only some of them are here. A file has about as many records as its
    size suggests.
    """
    uniques = [n / 1e6 / UNIQUES_MB for path, n in sizes.items() if _has_uniques(PurePath(path))]
    total, largest = sum(uniques), max(uniques, default=0.0)
    kasvs = _estimate_kasvs(sizes, scope)
    amounts = {
        "kreads": sum(sizes.values()) / _READ_BYTES / 1e3,
        "kuniques": total,
        "largest": largest,
        "learned": limit_learned(total, largest, scope.learn_bases),
        "shard": min(total or scope.shard_uniques / 1e3, scope.shard_uniques / 1e3),
        "kasvs": kasvs,
        "kcells": kasvs * scope.n_samples,
        "kpairs_kasvs": scope.n_samples**2 / 1e3 * kasvs,
        "mb": sum(sizes.values()) / 1e6,
        "reference_mb": sum(sizes.values()) / 1e6,
        "kasvs_mb": kasvs * sum(sizes.values()) / 1e6,
    }
    return amounts[name] if name in amounts else _AMOUNTS[name]([], scope)


def _estimate_kasvs(sizes: Mapping[str, int], scope: Scope) -> float:
    for name in _ASVS:
        for path, n_bytes in sizes.items():
            if PurePath(path).name == name:
                row = _FASTA_BYTES if name == "asvs.fasta" else 33 + 2 * scope.n_samples
                return n_bytes / _ROW_BYTES.get(name, row) / 1e3
    return 0.0
