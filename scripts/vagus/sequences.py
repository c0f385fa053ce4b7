"""What every stage needs of nucleotide sequences: names, strands, FASTA."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from os import PathLike

from vagus.errors import VagusError
from vagus.files import check_regular, is_damage, open_whole

_COMPLEMENT = str.maketrans("ACGTUNRYSWKMBDHVacgtunryswkmbdhv", "TGCAANYRSWMKVHDBtgcaanyrswmkvhdb")


def identify_asv(sequence: str) -> str:
    """Name of an ASV: MD5 of its upper-case, primer-free, sense-strand sequence."""
    return hashlib.md5(sequence.upper().encode("ascii")).hexdigest()


def is_sequence(text: str) -> bool:
    """Whether ``text`` is a sequence of the letters ACGT."""
    return bool(text) and not text.strip("ACGT")


def reverse_complement(sequence: str) -> str:
    """The other strand, 5' to 3', IUPAC codes included; U is read as T."""
    return sequence.translate(_COMPLEMENT)[::-1]


def write_fasta(records: Iterable[tuple[str, str]], path: str | PathLike[str]) -> None:
    """Write (name, sequence) pairs, one line a sequence."""
    with open_whole(path) as stream:
        for name, sequence in records:
            stream.write(f">{name}\n{sequence}\n")


def read_fasta(path: str | PathLike[str]) -> Iterator[tuple[str, str]]:
    """Yield (header without '>', upper-case sequence); compressed files by content.

    Raises VagusError when the file is damaged or not text.
    """
    try:
        yield from _read_records(path)
    except Exception as error:
        if not is_damage(error):
            raise
        raise VagusError(
            f"this FASTA is truncated or not text: {error}", file=os.fspath(path),
            fix="If it is a result, remove it and run again; else compare it with its source",
        ) from error  # fmt: skip


def _read_records(path: str | PathLike[str]) -> Iterator[tuple[str, str]]:
    from xopen import xopen

    check_regular(path)
    header: str | None = None
    parts: list[str] = []
    with xopen(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            if line.startswith(">"):
                if header is not None:
                    yield header, "".join(parts).upper()
                header, parts = line[1:].rstrip("\r\n"), []
            else:
                parts.append(line.strip())
    if header is not None:
        yield header, "".join(parts).upper()
