"""Fetch a file over HTTP: resumed where it was cut off, retried, checked, whole or absent.

The bytes so far are kept as ``<target>.part``; what they are part of (the server's entity tag
or date) is beside it, so that a later call goes on only with the same file.
"""

from __future__ import annotations

import http.client
import json
import logging
import os
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from vagus import __version__
from vagus.errors import ReferenceFileError
from vagus.files import digest_file

log = logging.getLogger(__name__)

_CHUNK_BYTES = 1 << 18
_RETRIED = frozenset({408, 425, 429, 500, 502, 503, 504})
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")

Progress = Callable[[int, int], None]
"""Called with the bytes so far and the bytes in all (0: the server does not say)."""


def _ignore(done: int, total: int) -> None:
    """No progress shown."""


@dataclass(frozen=True)
class Patience:
    """How often a download without progress is tried, and how long is waited in between.

    The wait doubles from ``first_wait_s``; ``timeout_s`` is that of one connection.
    """

    attempts: int = 5
    first_wait_s: float = 1.0
    timeout_s: float = 60.0


@dataclass(frozen=True)
class Source:
    """A published file: address and, where the publisher gives them, checksums."""

    url: str
    md5: str = ""
    sha256: str = ""


class _CutOffError(Exception):
    """The connection ended before the file did."""


def fetch(
    source: Source,
    target: Path,
    progress: Progress = _ignore,
    patience: Patience | None = None,
) -> Path:
    """Download to ``target`` unless it is there and right. Returns ``target``.

    Raises ReferenceFileError for an address that is not HTTP, a file that is not there, a
    connection that does not recover, a full disk, and a checksum that is not the
    publisher's; the partial file stays except after a wrong checksum.
    """
    patience = patience or Patience()
    if not source.url.startswith(("http://", "https://")):
        raise ReferenceFileError(
            f"'{source.url}' is not an http or https address",
            fix="Correct the address in the table of references",
        )
    if target.is_file() and not find_difference(source, target):
        return target
    target.unlink(missing_ok=True)
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    _fetch_with_retries(source, part, progress, patience)
    difference = find_difference(source, part)
    if difference:
        _forget(part)
        raise ReferenceFileError(
            f"{source.url}: {difference}",
            fix="The file was damaged on the way or replaced by its publisher. Try again; if it "
            "stays so, compare with the publisher's page and use 'vagus reference add FILE'",
        )
    os.replace(part, target)
    _forget(part)
    return target


def find_difference(source: Source, path: Path) -> str:
    """In which checksum a file differs from its publisher's, '' when in none."""
    for algorithm, expected in (("md5", source.md5), ("sha256", source.sha256)):
        if expected:
            found = digest_file(path, algorithm)
            if found != expected.lower():
                return f"its {algorithm} is {found} where {expected} is expected"
    return ""


def _fetch_with_retries(source: Source, part: Path, progress: Progress, patience: Patience) -> None:
    failures, wait_s = 0, patience.first_wait_s
    while True:
        before = _size(part)
        try:
            _fetch_once(source.url, part, progress, patience.timeout_s)
            return
        except urllib.error.HTTPError as error:
            if error.code not in _RETRIED:
                cause = f"the server answers {error.code} {error.reason}"
                raise _dead_link(source.url, cause) from None
            cause = f"the server answers {error.code} {error.reason}"
        except (urllib.error.URLError, http.client.HTTPException, _CutOffError, OSError) as error:
            if _is_of_disk(error):
                raise
            cause = str(getattr(error, "reason", "") or error) or type(error).__name__
        failures, wait_s = (
            (1, patience.first_wait_s) if _size(part) > before else (failures + 1, wait_s)
        )
        if failures >= patience.attempts:
            raise _dead_link(source.url, f"{cause} ({failures} attempts without progress)")
        log.warning("%s: %s; going on in %g s", source.url, cause, wait_s)
        threading.Event().wait(wait_s)
        wait_s *= 2


def _is_of_disk(error: Exception) -> bool:
    """Whether an error is about a file of ours, not about the connection."""
    return isinstance(error, OSError) and error.filename is not None


def _fetch_once(url: str, part: Path, progress: Progress, timeout_s: float) -> None:
    """Append what is missing to ``part``. Raises _CutOffError when something still is."""
    offset, mark = _size(part), _read_mark(part)
    headers = {"User-Agent": f"vagus/{__version__}", "Accept-Encoding": "identity"}
    if offset and mark:
        headers |= {"Range": f"bytes={offset}-", "If-Range": mark}
    try:
        response = urllib.request.urlopen(
            urllib.request.Request(url, headers=headers), timeout=timeout_s
        )
    except urllib.error.HTTPError as error:
        if error.code != 416:
            raise
        _forget(part)  # longer than the file: it is part of something else
        raise _CutOffError("the partial file does not fit") from None
    with response:
        offset, total = _find_span(response, offset)
        _write_mark(part, response.headers.get("ETag") or response.headers.get("Last-Modified"))
        done = _append(response, part, offset, total, progress)
    if total and done != total:
        raise _CutOffError(f"the connection ended after {done} of {total} bytes")


def _find_span(response: Any, offset: int) -> tuple[int, int]:
    """Where the answer starts in the file, and the file's size (0: unknown)."""
    match = _RANGE.match(response.headers.get("Content-Range", ""))
    if response.status == 206 and match and int(match[1]) == offset:
        return offset, int(match[2])
    return 0, int(response.headers.get("Content-Length") or 0)


def _append(response: Any, part: Path, offset: int, total: int, progress: Progress) -> int:
    done = offset
    progress(done, total)
    with open(part, "r+b" if part.exists() else "wb", buffering=0) as out:
        with _name_file(part):
            out.truncate(offset)
            out.seek(offset)
        while True:
            try:
                chunk, is_cut = response.read(_CHUNK_BYTES), False
            except http.client.IncompleteRead as error:
                chunk, is_cut = error.partial, True
            with _name_file(part):
                _write_all(out, chunk)
            done += len(chunk)
            if is_cut:
                raise _CutOffError(f"the connection ended after {done} of {total} bytes")
            if not chunk:
                return done
            progress(done, total)


def _write_all(out: IO[bytes], chunk: bytes) -> None:
    """Write without a buffer, whose rest would fail again when the file is closed."""
    rest = memoryview(chunk)
    while rest:
        rest = rest[out.write(rest) :]


@contextmanager
def _name_file(path: Path) -> Iterator[None]:
    """Name the file in errors of writing, which do not; those of the connection stay without."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0


def _mark_file(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _read_mark(part: Path) -> str:
    try:
        mark = json.loads(_mark_file(part).read_text(encoding="utf-8"))["mark"]
    except (OSError, ValueError, KeyError):
        return ""
    return str(mark or "")


def _write_mark(part: Path, mark: str | None) -> None:
    # a weak tag cannot vouch for equal bytes
    strong = mark if mark and not mark.startswith("W/") else None
    _mark_file(part).write_text(json.dumps({"mark": strong}), encoding="utf-8")


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _mark_file(part).unlink(missing_ok=True)


def _dead_link(url: str, cause: str) -> ReferenceFileError:
    return ReferenceFileError(
        f"{url} cannot be fetched: {cause}",
        fix="Check the network and try again: the download goes on where it stopped. If the "
        "address has moved, fetch the file from its publisher and give it to "
        "'vagus reference add FILE --name NAME'",
    )
