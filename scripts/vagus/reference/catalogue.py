"""The table of known references and which of them are on this machine."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from vagus.errors import ReferenceFileError
from vagus.files import digest_file, read_text
from vagus.product import find_product
from vagus.reference.installed import find_installed

CATALOGUE = find_product("resources", "references.tsv")
COLUMNS = (
    "name", "version", "released", "sequences", "followed_by", "url", "checksums", "md5", "sha256",
    "licence", "format", "description",
)  # fmt: skip
SHIPPED = "shipped"


@dataclass(frozen=True)
class CataloguedReference:
    """One row of ``resources/references.tsv`` and its state.

    ``released`` (year and month) and ``sequences`` are empty where the publisher's are not known,
    ``followed_by`` names the entry that is its newer release.
    ``urls`` are the publisher's files, none for a reference that comes with the program, and
    ``checksums`` the addresses of the publisher's lists of their checksums ('-': none known);
    ``path`` is the FASTA on this machine, None when it is not installed.
    """

    name: str
    version: str
    released: str
    sequences: str
    followed_by: str
    urls: tuple[str, ...]
    checksums: tuple[str, ...]
    md5: str
    sha256: str
    licence: str
    format: str
    description: str
    path: Path | None

    @property
    def installed(self) -> bool:
        """Whether a study can name it in its config as it is."""
        return self.path is not None


def list_references(
    path: str | PathLike[str] = CATALOGUE,
) -> list[CataloguedReference]:
    """All references of the catalogue in its order.

    Raises ReferenceFileError when the table is missing or has other columns.
    """
    try:
        with io.StringIO(read_text(path, "list of references")) as stream:
            rows = list(csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    except FileNotFoundError as error:
        raise ReferenceFileError(
            "the table of references is missing",
            fix="Restore resources/ from the repository.",
            file=path,
        ) from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise ReferenceFileError(
            f"the columns are not {', '.join(COLUMNS)}",
            fix="Restore resources/references.tsv from the repository.",
            file=path,
        )
    found = [_read_row(row, number, Path(path)) for number, row in enumerate(rows[1:], 2)]
    unknown = {row.followed_by for row in found} - {"", *(row.name for row in found)}
    if unknown:
        raise ReferenceFileError(
            f"followed_by has names that are not in the table: {', '.join(sorted(unknown))}",
            fix="Restore resources/references.tsv from the repository.",
            file=path,
        )
    return found


def _read_row(row: list[str], number: int, table: Path) -> CataloguedReference:
    if len(row) != len(COLUMNS):
        raise ReferenceFileError(
            f"{len(row)} columns where {len(COLUMNS)} are expected",
            fix="Separate the columns by single tabs.",
            file=table,
            line=number,
        )
    name, version, released, n_sequences, newer, url, checksums, *rest = row
    md5, sha256, licence, form, description = rest
    shipped = table.parent / f"{name}_reference.fasta.gz"
    is_here = url == SHIPPED and shipped.is_file()
    urls = () if url == SHIPPED else tuple(url.split(" "))
    present = find_installed(name) if urls else None
    path = present.fasta if present else shipped if is_here else None
    lists = tuple(checksums.split(" ")) if checksums else ("-",) * len(urls)
    return CataloguedReference(
        name,
        version,
        released,
        n_sequences,
        newer,
        urls,
        lists,
        md5,
        sha256,
        licence,
        form,
        description,
        path,
    )


def find_reference(name_or_path: str) -> Path:
    """The FASTA of an installed reference, or of a path as the config gives it.

    A name goes before a file of that name in the working folder. Raises ReferenceFileError
    when it is neither, or not installed.
    """
    present = find_installed(name_or_path)
    if present is not None:
        return present.fasta
    catalogued = {reference.name: reference for reference in list_references()}
    if name_or_path in catalogued:
        path = catalogued[name_or_path].path
        if path is None:
            raise ReferenceFileError(
                f"the reference '{name_or_path}' is not installed",
                fix=f"Run 'vagus reference get {name_or_path}', or give the path of a FASTA with "
                "lineages in its headers as taxonomy: reference",
            )
        return path
    path = Path(name_or_path)
    if not path.is_file():
        raise ReferenceFileError(
            f"no reference '{name_or_path}': neither a file nor one of {', '.join(catalogued)}",
            fix="Give the path of a FASTA, or a name that 'vagus reference list' shows as "
            "installed",
        )
    return path


def digest_reference(name_or_path: str) -> str:
    """What distinguishes one state of a reference from another: the checksum of its FASTA."""
    present = find_installed(name_or_path)
    if present is not None:
        return str(present.provenance["sha256"])
    return digest_file(find_reference(name_or_path), "sha256")


def estimate_index_mb(fasta: Path) -> int:
    """Memory (MB) that indexing a FASTA may take: eight times its text, and at least 1,000.

    Measured: 6.5 times for 220,000 sequences.
    """
    return max(1000, round(8 * estimate_text_mb(fasta)))


def estimate_text_mb(fasta: Path) -> float:
    """Size (MB) of the text of a FASTA, unpacked.

    That of gzipped text is what the file's end says (RFC 1952, modulo 4 GB), or six times the
    file where that is larger.
    """
    n_bytes = fasta.stat().st_size
    with open(fasta, "rb") as stream:
        if stream.read(2) == b"\x1f\x8b" and n_bytes > 18:
            stream.seek(-4, os.SEEK_END)
            n_bytes = max(int.from_bytes(stream.read(4), "little"), 6 * n_bytes)
    return n_bytes / 1e6


def name_index(fasta: Path) -> str:
    """Name that the index of a FASTA carries: the file's, without its endings."""
    name = fasta.name.removesuffix(".gz")
    for ending in (".fasta", ".fa", ".fna"):
        name = name.removesuffix(ending)
    return name


def name_databases(references: Sequence[str]) -> dict[str, str]:
    """References (names or paths) by a short name that can be part of a file name, in order.

    Raises ReferenceFileError when one is not there or two have the same short name.
    """
    databases: dict[str, str] = {}
    for reference in references:
        fasta = find_reference(reference)
        plain = reference if fasta != Path(reference) else name_index(fasta)
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", plain)
        if name in databases:
            raise ReferenceFileError(
                f"'{databases[name]}' and '{reference}' are both called '{name}'",
                fix="Install one of them under another name with 'vagus reference add --name', "
                "or name each reference once",
            )
        databases[name] = reference
    return databases
