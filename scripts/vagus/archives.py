"""Archives of arrays (``.npz``): equal content gives equal bytes; damage is reported."""

from __future__ import annotations

import io
import json
import math
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from vagus.errors import VagusError, describe_damage
from vagus.files import write_whole

Arrays = dict[str, NDArray[Any]]
DESCRIPTION = "description"
DAMAGE = (
    ValueError, LookupError, TypeError, SyntaxError, EOFError, OSError, NotImplementedError,
    RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What reading a damaged archive may raise."""
_CHUNK_BYTES = 1 << 20


def write_archive(
    path: str | PathLike[str] | IO[bytes], description: dict[str, Any], arrays: Arrays
) -> None:
    """Write an ``.npz`` archive without time stamps: a JSON description and arrays."""
    with zipfile.ZipFile(path, "w") as archive:
        add_description(archive, description)
        for name, array in arrays.items():
            add_array(archive, name, array)


def add_description(archive: zipfile.ZipFile, description: dict[str, Any]) -> None:
    """Add the JSON description to an archive that is written in parts."""
    text = json.dumps(description, ensure_ascii=False, sort_keys=True).encode()
    add_array(archive, DESCRIPTION, np.frombuffer(text, dtype=np.uint8))


def add_array(archive: zipfile.ZipFile, name: str, array: NDArray[Any]) -> None:
    """Add an array to an archive that is written in parts."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
    member = zipfile.ZipInfo(f"{name}.npy")
    archive.writestr(
        member, buffer.getbuffer(), compress_type=zipfile.ZIP_DEFLATED, compresslevel=1
    )


def save_arrays(path: str | PathLike[str], arrays: Arrays) -> None:
    """Write arrays whole or not at all."""
    with write_whole(path) as temporary:
        write_archive(temporary, {}, arrays)


class Archive:
    """An open archive; see ``open_archive``."""

    def __init__(self, members: zipfile.ZipFile) -> None:
        self._members = members
        self.names = [name.removesuffix(".npy") for name in members.namelist()]

    def describe(self) -> Any:
        """The JSON description."""
        return json.loads(self.take(DESCRIPTION).tobytes())

    def take(self, name: str, kinds: str = "iu", n_dims: int = 1) -> NDArray[Any]:
        """An array whose dtype is of one of the ``kinds`` (numpy's letters).

        Raises one of ``DAMAGE`` when it is not there, not whole or not of this form.
        """
        info = self._members.getinfo(f"{name}.npy")
        with self._members.open(info) as stream:
            if np.lib.format.read_magic(stream) != (1, 0):
                raise ValueError("not an array of numpy's format 1.0")
            shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
            n_bytes = math.prod(shape) * dtype.itemsize
            if dtype.kind not in kinds or len(shape) != n_dims or min(shape, default=0) < 0:
                raise ValueError("an array of another form")
            # before memory is taken for it: a damaged header may speak of anything
            if stream.tell() + n_bytes != info.file_size:
                raise ValueError("an array that is not whole")
            array = np.empty(shape, dtype)
            _fill(array, stream)
        return array


def _fill(array: NDArray[Any], stream: IO[bytes]) -> None:
    """Read the bytes of an array; at the end of the stream its checksum is compared."""
    view = memoryview(array.reshape(-1).view(np.uint8).data)
    while view:
        n_read = stream.readinto(view[:_CHUNK_BYTES])  # type: ignore[attr-defined]
        if not n_read:
            raise EOFError("the array ends early")
        view = view[n_read:]
    if stream.read(1):
        raise ValueError("the array does not end")


@contextmanager
def open_archive(path: str | PathLike[str], kind: str) -> Iterator[Archive]:
    """Open an archive, a ``kind`` of file. What ``DAMAGE`` lists is raised as VagusError.

    A file that is absent or may not be read raises OSError.
    """
    try:
        with open(path, "rb") as stream, zipfile.ZipFile(stream) as members:
            yield Archive(members)
    except (FileNotFoundError, PermissionError, IsADirectoryError, VagusError):
        raise
    except DAMAGE as error:
        raise describe_damage(kind, path) from error


def load_arrays(path: str | PathLike[str], kind: str, forms: dict[str, tuple[str, int]]) -> Arrays:
    """Named arrays of an archive, each of some dtype kinds and number of dimensions."""
    with open_archive(path, kind) as archive:
        return {name: archive.take(name, *form) for name, form in forms.items()}
