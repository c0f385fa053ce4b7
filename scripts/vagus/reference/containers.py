"""Files inside archives: QIIME 2 artifacts (.qza), zip and tar, distinguished by content."""

from __future__ import annotations

import gzip
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import IO

from vagus.errors import ReferenceFileError

_WANTED = (".fasta", ".fa", ".fna", ".ffn", ".tsv", ".txt", ".tax", ".taxonomy", ".dmp")
_LEFT_OUT = ("checksums.md5", "version", "readme", "license", "metadata")
_NCBI_TABLE = "rankedlineage.dmp"
_MOST_BYTES, _MOST_TIMES = 50_000_000, 40
_DAMAGE = (
    EOFError, NotImplementedError, RuntimeError, ValueError, tarfile.TarError, zipfile.BadZipFile,
    gzip.BadGzipFile, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""What a damaged, encrypted or strange archive may raise."""


def unpack(path: str | PathLike[str], folder: Path) -> list[Path]:
    """The data files of an archive, written to ``folder``; a file that is none is itself.

    Only files that may contain sequences or lineages are unpacked, under names of our own, so
    that no member can be written elsewhere. A folder stands for all files in it. Raises
    ReferenceFileError when the archive is damaged or contains no such file.
    """
    source = Path(path)
    if source.is_dir():
        found = [item for item in sorted(source.iterdir()) if item.is_file() and _is_data(item)]
        return _require(found, source)
    try:
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                members = ((m.filename, archive.open(m)) for m in archive.infolist())
                return _require(_write_members(members, folder, Allowance(source)), source)
        if tarfile.is_tarfile(source):
            with tarfile.open(source, "r:*") as tar:
                found = _write_members(_open_members(tar), folder, Allowance(source))
                return _require(found, source)
        if _looks_packed(source):
            return [_decompress(source, folder)]
    except _DAMAGE as error:
        raise _damaged(source, error) from error
    return [source]


class Allowance:
    """Bytes that may be unpacked from a file: far more than sequences or lineages pack to."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self.left = _MOST_BYTES + _MOST_TIMES * source.stat().st_size

    def copy(self, stream: IO[bytes], out: IO[bytes] | None) -> None:
        """Copy a stream, or only read it; raises ReferenceFileError when it is too much."""
        while chunk := stream.read(1 << 20):
            self.left -= len(chunk)
            if self.left < 0:
                raise ReferenceFileError(
                    "unpacks to far more than sequences do, which damages or fills the disk",
                    fix="Fetch it again from its publisher", file=self.source,
                )  # fmt: skip
            if out is not None:
                out.write(chunk)


def check_expansion(fasta: Path) -> None:
    """Raise ReferenceFileError for a gzip file that is damaged or unpacks to too much."""
    try:
        with gzip.open(fasta, "rb") as stream:
            Allowance(fasta).copy(stream, None)  # type: ignore[arg-type]
    except _DAMAGE as error:
        raise _damaged(fasta, error) from error


def split_kinds(paths: list[Path]) -> tuple[list[Path], list[Path]]:
    """FASTA files and tables among ``paths``, by their first character."""
    fastas = [path for path in paths if _first_byte(path) == b">"]
    return fastas, [path for path in paths if path not in fastas]


def _open_members(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        stream = tar.extractfile(member) if member.isfile() else None
        if stream is not None:
            yield member.name, stream


def _write_members(
    members: Iterator[tuple[str, IO[bytes]]], folder: Path, allowance: Allowance
) -> list[Path]:
    """Write the data files of an archive; provenance inside artifacts is none."""
    written = []
    for number, (name, stream) in enumerate(members):
        with stream:
            inner = PurePosixPath(name)
            if not _is_data(inner) or "provenance" in inner.parts:
                continue
            target = folder / f"{number:03d}-{inner.name[-100:]}"
            with open(target, "wb") as out:
                allowance.copy(stream, out)
            written.append(target)
    tables = [path for path in written if path.name.endswith(_NCBI_TABLE)]
    return tables or written  # a dump of NCBI's taxonomy contains much else


def _is_data(path: PurePosixPath | Path) -> bool:
    name = path.name.lower()
    for packed in (".gz", ".bz2", ".xz", ".zst"):
        name = name.removesuffix(packed)
    return name.endswith(_WANTED) and not name.startswith((*_LEFT_OUT, "."))


def _looks_packed(path: Path) -> bool:
    with open(path, "rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def _decompress(path: Path, folder: Path) -> Path:
    """A gzip file read to its end, so that a truncated one is noticed before anything else."""
    target = folder / (path.name.removesuffix(".gz") or "data")
    with gzip.open(path, "rb") as stream, open(target, "wb") as out:
        Allowance(path).copy(stream, out)  # type: ignore[arg-type]
    return target


def _first_byte(path: Path) -> bytes:
    from xopen import xopen

    try:
        with xopen(path, "rb") as stream:
            while (byte := stream.read(1)) and byte.isspace():
                pass
    except (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError) as error:
        raise _damaged(path, error) from error
    return byte  # type: ignore[no-any-return]


def _require(found: list[Path], source: Path) -> list[Path]:
    if not found:
        raise ReferenceFileError(
            "contains no FASTA and no table of lineages",
            fix="Give the file that the publisher names for sequences or taxonomy",
            file=source,
        )
    return found


def _damaged(source: Path, error: Exception) -> ReferenceFileError:
    return ReferenceFileError(
        f"the file is truncated or damaged ({error})",
        fix="Fetch it again and check its size",
        file=source,
    )
