"""References that come with the program: 16S of named strains, and SSU of organelles."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path

from vagus.errors import ReferenceFileError
from vagus.product import find_product
from vagus.reference.lineage import TIE_SEPARATOR, Lineage, parse_lineage
from vagus.sequences import read_fasta

STARTER_FASTA = find_product("resources", "starter_reference.fasta.gz")
"""The committed file; its format is described in ``resources/starter_reference.md``."""

OFF_TARGET_FASTA = STARTER_FASTA.with_name("off_target.fasta.gz")
"""SSU of organelles and eukaryotes, of the same format: part of the index of every reference."""
OFF_TARGET = "off-target:"
"""What accessions of these sequences start with in an index."""


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
    "names come from the starter reference: one or a few sequences of the type strain of each "
    "species. Species without a described type strain stay unnamed or get the name of their "
    "genus; a larger reference (GTDB, SILVA, Greengenes2: 'vagus reference') names more of them"
)
"""What users of the starter reference must know of it, unless the study is simulated from it."""


def read_off_target() -> list[ReferenceRecord]:
    """Sequences of organelles and eukaryotes, under accessions that say so."""
    return [
        ReferenceRecord(OFF_TARGET + record.accession, record.sequence, record.lineage)
        for record in read_starter(OFF_TARGET_FASTA)
    ]


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
