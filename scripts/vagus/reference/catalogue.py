"""The table of known references and which of them are on this machine."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from vagus.errors import ReferenceFileError

CATALOGUE = Path(__file__).resolve().parents[3] / "resources" / "references.tsv"
COLUMNS = ("name", "version", "url", "md5", "sha256", "licence", "format", "description")
SHIPPED = "shipped"


@dataclass(frozen=True)
class CataloguedReference:
    """One row of ``resources/references.tsv`` and its state.

    ``urls`` are the publisher's files, none for a reference that comes with the program;
    ``path`` is the FASTA on this machine, None when it is not installed.
    """

    name: str
    version: str
    urls: tuple[str, ...]
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
        with open(path, encoding="utf-8", newline="") as stream:
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
    return [_read_row(row, number, Path(path)) for number, row in enumerate(rows[1:], 2)]


def _read_row(row: list[str], number: int, table: Path) -> CataloguedReference:
    if len(row) != len(COLUMNS):
        raise ReferenceFileError(
            f"{len(row)} columns where {len(COLUMNS)} are expected",
            fix="Separate the columns by single tabs.",
            file=table,
            line=number,
        )
    name, version, url, md5, sha256, licence, form, description = row
    shipped = table.parent / f"{name}_reference.fasta.gz"
    is_here = url == SHIPPED and shipped.is_file()
    urls = () if url == SHIPPED else tuple(url.split(" "))
    return CataloguedReference(
        name, version, urls, md5, sha256, licence, form, description, shipped if is_here else None
    )


def find_reference(name_or_path: str) -> Path:
    """The FASTA of a catalogue name or of a path as the config gives it.

    Raises ReferenceFileError when it is neither, or not installed.
    """
    for reference in list_references():
        if reference.name == name_or_path:
            if reference.path is None:
                raise ReferenceFileError(
                    f"the reference '{name_or_path}' is not installed",
                    fix="Download it from its publisher and give the path of a FASTA with "
                    "lineages in its headers as taxonomy: reference.",
                )
            return reference.path
    path = Path(name_or_path)
    if not path.is_file():
        known = ", ".join(reference.name for reference in list_references())
        raise ReferenceFileError(
            f"no reference '{name_or_path}': neither a file nor one of {known}",
            fix="Give the path of a FASTA or the name of an installed reference.",
        )
    return path
