"""The starter reference that comes with the program: near full-length 16S of named strains."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path

from vagus.errors import ReferenceFileError
from vagus.reference.lineage import TIE_SEPARATOR, Lineage, parse_lineage
from vagus.sequences import read_fasta

STARTER_FASTA = Path(__file__).resolve().parents[3] / "resources" / "starter_reference.fasta.gz"
"""The committed file; its format is described in ``resources/starter_reference.md``."""


@dataclass(frozen=True)
class ReferenceRecord:
    """One reference sequence: accession, sense-strand sequence (IUPAC) and lineage."""

    accession: str
    sequence: str
    lineage: Lineage

    @cached_property
    def species(self) -> tuple[str, ...]:
        """Names of all species that have this very sequence; empty when none is known."""
        return tuple(name for name in self.lineage[6].split(TIE_SEPARATOR) if name)


STARTER_DOUBT = (
    "names come from the starter reference, which covers few gut species and has names of about "
    "2010: many species stay unnamed or get the name of a relative. Install GTDB, SILVA or "
    "Greengenes2 with 'vagus reference' and name it as 'taxonomy.reference'"
)
"""What users of the starter reference must know of it, unless the study is simulated from it."""


def read_starter(path: str | PathLike[str] = STARTER_FASTA) -> list[ReferenceRecord]:
    """Read a FASTA whose headers are ``accession domain;phylum;...;species``, in file order.

    Raises ReferenceFileError when the file is missing or a header does not parse.
    """
    if not Path(path).is_file():
        raise ReferenceFileError(
            "the reference file is missing",
            fix="Restore resources/ from the repository, or name another reference.",
            file=path,
        )
    records = []
    for header, sequence in read_fasta(path):
        accession, _, text = header.partition(" ")
        try:
            lineage = parse_lineage(text)
        except ValueError as error:
            raise ReferenceFileError(
                f"header of {accession}: {error}",
                fix="Write '>accession domain;phylum;class;order;family;genus;species'.",
                file=path,
            ) from error
        records.append(ReferenceRecord(accession, sequence, lineage))
    return records
