"""Files that are whole or absent: write to a temporary name, then rename."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

_CHUNK_BYTES = 1 << 20


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


def write_json(content: dict[str, Any], path: str | os.PathLike[str]) -> None:
    """Write one JSON object, indented, names in their own letters."""
    with open_whole(path) as stream:
        json.dump(content, stream, indent=2, ensure_ascii=False)
        stream.write("\n")


def digest_file(path: str | os.PathLike[str], algorithm: str = "md5") -> str:
    """Hexadecimal digest of a file's bytes."""
    digest = hashlib.new(algorithm)
    with open(path, "rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
