"""A file of arrays that can be memory-mapped: one header, then each array, aligned.

Layout: magic (8 bytes), length of the header (8 bytes, little-endian), the header as
JSON (arrays with dtype, shape and offset; free-form notes; checksum), then the arrays, each at a
multiple of 64 bytes. The header has the checksum of what follows it. Equal content gives equal
bytes.
"""

from __future__ import annotations

import hashlib
import json
import math
from os import PathLike
from typing import Any

import numpy as np

from vagus.errors import ReferenceFileError
from vagus.files import open_whole

_MAGIC = b"VAGUSIX5"
_ALIGNMENT_BYTES = 64


def _round_up(n_bytes: int) -> int:
    return -(-n_bytes // _ALIGNMENT_BYTES) * _ALIGNMENT_BYTES


def save_arrays(
    path: str | PathLike[str], arrays: dict[str, np.ndarray], notes: dict[str, Any]
) -> None:
    """Write arrays (little-endian, C order) and JSON notes; whole or not at all."""
    entries: dict[str, dict[str, Any]] = {}
    checksum, offset = hashlib.sha256(), 0
    for name, array in arrays.items():
        for chunk in _list_chunks(array):
            checksum.update(chunk)
        entries[name] = {
            "dtype": array.dtype.newbyteorder("<").str,
            "shape": list(array.shape),
            "offset": offset,
        }
        offset = _round_up(offset + array.nbytes)
    content = {"arrays": entries, "notes": notes, "sha256": checksum.hexdigest()}
    header = json.dumps(content, sort_keys=True).encode()
    start = _round_up(len(_MAGIC) + 8 + len(header))
    with open_whole(path, "wb") as stream:
        stream.write(_MAGIC + len(header).to_bytes(8, "little") + header)
        stream.write(bytes(start - len(_MAGIC) - 8 - len(header)))
        for array in arrays.values():
            for chunk in _list_chunks(array):
                stream.write(chunk)


def _list_chunks(array: np.ndarray) -> tuple[memoryview | bytes, bytes]:
    """Bytes of an array, and zeros up to where the next one starts."""
    little = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
    return little.data.cast("B") if array.size else b"", bytes(
        _round_up(array.nbytes) - array.nbytes
    )


def load_arrays(path: str | PathLike[str]) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Read-only views of the arrays, mapped rather than read, and the notes.

    Raises ReferenceFileError when the file is not of this form, or is not as it was written.
    """
    with open(path, "rb") as stream:
        head = stream.read(len(_MAGIC) + 8)
        if head[: len(_MAGIC)] != _MAGIC:
            raise ReferenceFileError(
                "not an index of this program", fix="Build it with index_reference.py.", file=path
            )
        n_header = int.from_bytes(head[len(_MAGIC) :], "little")
        header = stream.read(n_header)
        start = _round_up(len(_MAGIC) + 8 + n_header)
        stream.seek(start)
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    mapped = np.memmap(path, dtype=np.uint8, mode="r")
    try:
        entries = json.loads(header)
        if entries["sha256"] != found:
            raise ValueError("its checksum is another")
        return _view_arrays(mapped, entries["arrays"], start), entries["notes"]
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise ReferenceFileError(
            "the index is cut off or damaged",
            fix="Build it again with index_reference.py.",
            file=path,
        ) from error


def _view_arrays(
    mapped: np.ndarray, entries: dict[str, dict[str, Any]], start: int
) -> dict[str, np.ndarray]:
    arrays = {}
    for name, entry in entries.items():
        dtype = np.dtype(entry["dtype"])
        arrays[name] = np.frombuffer(
            mapped, dtype, math.prod(entry["shape"]), start + entry["offset"]
        ).reshape(entry["shape"])
    return arrays
