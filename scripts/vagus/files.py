"""Files that are whole or absent: write to a temporary name, then rename."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from vagus.errors import VagusError

_CHUNK_BYTES = 1 << 20
_MOST_BYTES = 50_000_000  # of a text that is read whole
_TEMPORARY = re.compile(r"\.tmp\d+\..")
_DAMAGE = ("BadGzipFile", "EOFError", "IsalError", "LZMAError", "UnicodeDecodeError", "ZstdError",
           "error")  # fmt: skip


@contextmanager
def write_whole(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; rename it to ``path`` on success.

    On an exception the temporary file is removed and ``path`` is left as it was.
    The temporary name keeps the suffixes of ``path``, for writers that look at them. An
    OSError that names no file is raised on with the name of ``path``.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".tmp{os.getpid()}.{target.name}")
    try:
        yield temporary
        os.replace(temporary, target)
    except OSError as error:
        if error.filename is None and error.errno is not None:
            error.filename = os.fspath(target)  # a full disk does not say which file
        raise
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def write_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yield a temporary folder beside ``path``; rename it to ``path`` on success.

    A folder that is there is replaced. On an exception the temporary folder is removed.
    """
    target = Path(path)
    temporary = target.with_name(f".tmp{os.getpid()}.{target.name}")
    temporary.mkdir(parents=True)
    try:
        yield temporary
        shutil.rmtree(target, ignore_errors=True)
        os.replace(temporary, target)
    except OSError as error:
        if error.filename is None and error.errno is not None:
            error.filename = os.fspath(target)
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def remove_temporaries(folder: Path, before_s: float) -> list[Path]:
    """Remove what killed writers left in a folder and all below; returns what was removed.

    ``before_s``: only what was last changed before this time, in seconds since the epoch.
    """
    found = [
        path
        for path in sorted(folder.rglob(".tmp*"))
        if _TEMPORARY.match(path.name) and path.lstat().st_mtime < before_s
    ]
    for path in found:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return found


@contextmanager
def open_whole(path: str | os.PathLike[str], mode: str = "w") -> Iterator[IO[Any]]:
    """Open ``path`` for writing so that readers see it whole or not at all.

    Text is UTF-8 with ``\\n`` line ends. A ``.gz`` path is compressed without
    time stamp or name in its header, so equal content gives equal bytes.
    """
    if mode not in ("w", "wb"):
        raise ValueError(f"mode is 'w' or 'wb', not {mode!r}")
    with write_whole(path) as temporary, open(temporary, "wb") as raw:
        binary: IO[bytes] = raw
        packed = None
        if Path(path).suffix == ".gz":
            packed = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0)
            binary = packed  # type: ignore[assignment]
        stream: IO[Any] = binary
        if mode == "w":
            stream = io.TextIOWrapper(binary, encoding="utf-8", newline="\n", write_through=True)
        yield stream
        stream.flush()
        if packed is not None:
            packed.close()


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a text as a whole file, or none."""
    with open_whole(path) as stream:
        stream.write(text)


def write_json(content: dict[str, Any], path: str | os.PathLike[str]) -> None:
    """Write one JSON object, indented, names in their own letters."""
    with open_whole(path) as stream:
        json.dump(content, stream, indent=2, ensure_ascii=False)
        stream.write("\n")


def check_regular(path: str | os.PathLike[str], kind: type[VagusError] = VagusError) -> None:
    """Raise a ``kind`` of VagusError for what is no regular file, such as a pipe or a device.

    Opening or reading one may never end, and it could be read only once. Raises OSError when
    there is no such file.
    """
    try:
        mode = os.stat(path).st_mode
    except ValueError:
        raise kind("the path has a NUL character", file=path, fix="Write it again") from None
    if stat.S_ISREG(mode):
        return
    words = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe", stat.S_IFSOCK: "a socket"}
    word = words.get(stat.S_IFMT(mode), "a device")
    raise kind(
        f"this is {word}, not a file", file=path,
        fix="Give a file" if stat.S_ISDIR(mode) else "Write its content to a file and name that",
    )  # fmt: skip


def read_input(
    path: Path,
    kind: type[VagusError],
    missing: tuple[str, str],
    encoding: str = "utf-8",
    most_bytes: int = _MOST_BYTES,
) -> str:
    """The text of a file that a user names; ``missing`` is said when there is none, and the fix.

    Raises a ``kind`` of VagusError when it cannot be read or has more than ``most_bytes``.
    """
    try:
        text = read_input_bytes(path, kind, missing, most_bytes).decode(encoding)
    except UnicodeDecodeError:
        raise kind("is not text in UTF-8", file=path, fix="Save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_input_bytes(
    path: Path, kind: type[VagusError], missing: tuple[str, str], most_bytes: int = _MOST_BYTES
) -> bytes:
    """The bytes of a file that a user names; errors as those of ``read_input``."""
    try:
        check_regular(path, kind)
        if path.stat().st_size > most_bytes:
            what = f"is larger than {most_bytes // 1000:,} kB, which no such file is"
            raise kind(what, file=path, fix="Name the right file")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        what, fix = missing
        raise kind(what, file=path.absolute(), fix=fix) from None
    except OSError as error:
        what = f"the file cannot be read: {error.strerror}"
        raise kind(what, file=path, fix="Check the path and its permissions") from None


def is_damage(error: Exception) -> bool:
    """Whether the error means that a file is not text, or is a truncated archive."""
    name = type(error).__name__  # there are several unpackers, and each has an error of its own
    return name in _DAMAGE or (isinstance(error, OSError) and error.errno is None)


def read_text(path: str | os.PathLike[str], kind: str) -> str:
    """The text of a small file, a ``kind`` of file; VagusError when it is not UTF-8."""
    check_regular(path)
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise VagusError(
            f"this {kind} is not text: {error}", file=path,
            fix="If it is a result, remove it and run again; else save it as UTF-8",
        ) from error  # fmt: skip


def read_rows(
    path: str | os.PathLike[str], kind: str, columns: Collection[str]
) -> list[tuple[int, dict[str, str]]]:
    """Rows of a small TSV written by hand, with their lines; no entry is None.

    Lines that begin with '#' are remarks. Raises VagusError when a column is missing.
    """
    lines = [
        (number, line)
        for number, line in enumerate(read_text(path, kind).splitlines(), 1)
        if line and not line.startswith("#")
    ]
    reader = csv.reader((line for _, line in lines), delimiter="\t", quoting=csv.QUOTE_NONE)
    table = list(reader)
    header = table[0] if table else []
    missing = [name for name in columns if name not in header]
    if missing:
        raise VagusError(
            f"this {kind} has no column '{missing[0]}'", file=path,
            fix=f"Give it the columns {', '.join(columns)}, separated by tabs",
        )  # fmt: skip
    return [
        (number, dict(zip(header, row + [""] * (len(header) - len(row)), strict=False)))
        for (number, _), row in zip(lines[1:], table[1:], strict=True)
    ]


def digest_file(path: str | os.PathLike[str], algorithm: str = "md5") -> str:
    """Hexadecimal digest of a file's bytes."""
    digest = hashlib.new(algorithm)
    with open(path, "rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
