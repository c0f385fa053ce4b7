"""Sequences of a BLAST nucleotide database of version 4 (.nin, .nhr, .nsq).

Layout after the description of the format in the NCBI C++ Toolkit Book, chapter "BLAST
databases": big-endian integers, two bits a base, ambiguous bases listed behind each sequence.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vagus.errors import ReferenceFileError

_LETTERS = b"-ACMGRSVTWYHKDBN"
_BASES = np.frombuffer(b"ACGT", np.uint8)
_VISIBLE_STRING = 0x1A
_FORMAT_VERSION = 4


@dataclass(frozen=True)
class BlastDatabase:
    """The three files of a database, and where each entry starts in two of them."""

    headers: bytes
    sequences: bytes
    header_starts: np.ndarray
    sequence_starts: np.ndarray
    ambiguity_starts: np.ndarray

    @classmethod
    def read(cls, index: bytes, headers: bytes, sequences: bytes) -> BlastDatabase:
        """Read the index; raises ReferenceFileError for another version or for proteins."""
        version, is_protein, n_title = struct.unpack_from(">iii", index)
        if version != _FORMAT_VERSION or is_protein:
            raise ReferenceFileError(
                "not a BLAST nucleotide database of version 4", fix="Check the package"
            )
        place = 12 + n_title
        (n_date,) = struct.unpack_from(">i", index, place)
        place += 4 + n_date
        (n_entries,) = struct.unpack_from(">i", index, place)
        place += 16  # entries, bases in all (8 bytes), longest
        starts = np.frombuffer(index, ">i4", 3 * (n_entries + 1), place).astype(np.int64)
        return cls(headers, sequences, *starts.reshape(3, n_entries + 1))

    def list_titles(self) -> Iterator[tuple[int, str]]:
        """Number and title of each entry."""
        for number in range(len(self.header_starts) - 1):
            start, stop = self.header_starts[number : number + 2]
            yield number, _read_title(self.headers[start:stop])

    def read_sequence(self, number: int) -> str:
        """Bases of an entry, with IUPAC codes."""
        start, stop = int(self.sequence_starts[number]), int(self.ambiguity_starts[number])
        packed = np.frombuffer(self.sequences, np.uint8, stop - start, start)
        pairs = (packed[:, None] >> np.array([6, 4, 2, 0], np.uint8)) & 3
        n_bases = 4 * (len(packed) - 1) + int(packed[-1] & 3)
        letters = _BASES[pairs.ravel()[:n_bases]].copy()
        end = int(self.sequence_starts[number + 1])
        _set_ambiguous(letters, self.sequences[stop:end])
        return str(letters.tobytes(), "ascii")


def _read_title(header: bytes) -> str:
    """The first string of an ASN.1 header."""
    place = header.index(_VISIBLE_STRING) + 1
    n_bytes = header[place]
    place += 1
    if n_bytes & 0x80:
        width = n_bytes & 0x7F
        n_bytes = int.from_bytes(header[place : place + width], "big")
        place += width
    return header[place : place + n_bytes].decode("ascii", "replace")


def _set_ambiguous(letters: np.ndarray, table: bytes) -> None:
    """Put ambiguous bases at their places: runs of one code, in four or eight bytes each."""
    if not table:
        return
    (n_words,) = struct.unpack_from(">I", table)
    is_long = bool(n_words & 0x80000000)
    words = np.frombuffer(table, ">u4", n_words & 0x7FFFFFFF, 4).astype(np.int64)
    if is_long:
        for head, start in words.reshape(-1, 2).tolist():
            stop = start + ((head >> 16) & 0xFFF) + 1
            letters[start:stop] = _LETTERS[head >> 28]
        return
    for word in words.tolist():
        start = word & 0xFFFFFF
        letters[start : start + ((word >> 24) & 0xF) + 1] = _LETTERS[word >> 28]
