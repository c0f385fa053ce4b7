"""Communities: strains with their 16S copies, and the table that a user writes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike

import numpy as np

from vagus.demo.amplicon import (
    choose_templates,
    complete_insert,
    cut_insert,
    derive_generator,
)
from vagus.edits import count_edits
from vagus.errors import ConfigError
from vagus.files import read_text
from vagus.reference.lineage import Lineage
from vagus.reference.starter import ReferenceRecord
from vagus.sequences import identify_asv

DEFAULT_COPIES = 5
MAX_COPIES = 20
_MAX_COPY_EDITS = 12
_VARIABLE_REGIONS = (
    (69, 99), (137, 242), (433, 497), (576, 682), (822, 879), (986, 1043), (1117, 1173),
    (1243, 1294), (1435, 1465),
)  # fmt: skip
_INSERT_START, _INSERT_STOP = 27, 1492
_TRANSITIONS = {"A": "G", "G": "A", "C": "T", "T": "C"}


@dataclass(frozen=True)
class Copy:
    """One distinct 16S sequence of a genome: primer-free, sense strand."""

    sequence: str
    n_copies: int
    origin: str
    """Accession of the record it is in, or ``derived``."""

    @cached_property
    def asv(self) -> str:
        """Identifier of the sequence as an ASV."""
        return identify_asv(self.sequence)


@dataclass(frozen=True)
class Strain:
    """One genome of a community."""

    accession: str
    lineage: Lineage
    copies: tuple[Copy, ...]

    @property
    def n_copies(self) -> int:
        """16S copies of the genome."""
        return sum(copy.n_copies for copy in self.copies)

    @property
    def label(self) -> str:
        """Species, or genus with accession where the species is unknown."""
        return self.lineage[6] or f"{self.lineage[5] or self.lineage[4]} {self.accession}"


@dataclass(frozen=True)
class Member:
    """A row of a community table: taxon, relative abundance of its cells, 16S copies."""

    taxon: str
    abundance: float
    n_copies: int = DEFAULT_COPIES


class StrainLibrary:
    """Makes strains from reference records; equal seed and taxon give the equal strain."""

    def __init__(self, records: Sequence[ReferenceRecord], seed: int) -> None:
        self._records = records
        self._seed = seed
        self._by_accession = {record.accession: record for record in records}

    @cached_property
    def _by_species(self) -> dict[str, list[ReferenceRecord]]:
        found: dict[str, list[ReferenceRecord]] = {}
        for record in self._records:
            for species in record.species:
                found.setdefault(species, []).append(record)
        return found

    def find(self, taxon: str) -> ReferenceRecord:
        """The record of an accession or species; of several, a complete one, then the first."""
        if taxon in self._by_accession:
            return self._by_accession[taxon]
        found = self._list_species(taxon)
        if not found:
            raise ConfigError(
                f"'{taxon}' is neither an accession nor a species of the reference",
                fix="Names and accessions are in resources/starter_reference.fasta.gz.",
            )
        return min(found, key=lambda r: (not cut_insert(r.sequence).is_complete, r.accession))

    def make(self, taxon: str, n_copies: int = DEFAULT_COPIES) -> Strain:
        """A genome with ``n_copies`` 16S genes, some of which differ by a few bases."""
        record = self.find(taxon)
        generator = derive_generator(self._seed, "strain", record.accession)
        insert = cut_insert(record.sequence)
        first = insert.sequence
        if not insert.is_complete:
            first = complete_insert(insert, choose_templates(record.lineage, self._records))
        shares = share_copies(n_copies, generator)
        copies = [Copy(first, shares[0], record.accession)]
        siblings = self._list_siblings(record, first)
        for n in shares[1:]:
            if siblings:
                accession, sequence = siblings.pop(0)
                copies.append(Copy(sequence, n, accession))
            else:
                copies.append(Copy(derive_copy(first, copies, generator), n, "derived"))
        return Strain(record.accession, record.lineage, tuple(copies))

    def _list_species(self, species: str) -> list[ReferenceRecord]:
        return self._by_species.get(species, [])

    def _list_siblings(self, record: ReferenceRecord, first: str) -> list[tuple[str, str]]:
        """Complete inserts of the same species within 12 edits, nearest first."""
        found = []
        for other in self._list_species(record.lineage[6]) if record.lineage[6] else []:
            insert = cut_insert(other.sequence)
            if insert.is_complete and insert.sequence != first:
                edits = count_edits(first, insert.sequence, _MAX_COPY_EDITS)
                if edits > 0:
                    found.append((edits, other.accession, insert.sequence))
        unique: dict[str, str] = {}
        for _, accession, sequence in sorted(found):
            unique.setdefault(sequence, accession)
        return [(accession, sequence) for sequence, accession in unique.items()]


def share_copies(n_copies: int, generator: np.random.Generator) -> list[int]:
    """How many of a genome's copies carry each of its distinct sequences, most first.

    One sequence for up to two copies; up to three for more (60 % two, 25 % three).
    """
    draw = generator.random()
    distinct = 1 if n_copies < 3 or draw < 0.15 else 2 if draw < 0.75 else 3
    rest = [1 + int(generator.integers(0, max(1, n_copies // 4))) for _ in range(distinct - 1)]
    return [n_copies - sum(rest), *sorted(rest, reverse=True)]


def derive_copy(first: str, others: Sequence[Copy], generator: np.random.Generator) -> str:
    """A copy with one to three substitutions in variable regions, different from all ``others``.

    Regions V1-V9 are E. coli positions, scaled to the length of the insert. Two of three
    substitutions are transitions.
    """
    scale = len(first) / (_INSERT_STOP - _INSERT_START)
    places = [
        round((place - _INSERT_START) * scale)
        for start, stop in _VARIABLE_REGIONS
        for place in range(start, stop)
    ]
    known = {copy.sequence for copy in others}
    while True:
        bases = list(first)
        n_changes = int(generator.integers(1, 4))
        for place in generator.choice(places, size=n_changes, replace=False):
            old = bases[place]
            others_of = [base for base in "ACGT" if base not in (old, _TRANSITIONS[old])]
            is_transition = generator.random() < 2 / 3
            bases[place] = (
                _TRANSITIONS[old] if is_transition else others_of[int(generator.integers(0, 2))]
            )
        if "".join(bases) not in known:
            return "".join(bases)


def read_community(path: str | PathLike[str]) -> list[Member]:
    """Read a TSV with the columns taxon, abundance and, if wanted, copies.

    ``taxon`` is an accession or a species of the reference, ``abundance`` the relative
    number of cells (any positive scale), ``copies`` the 16S genes of a genome.
    """
    with io.StringIO(read_text(path, "community table")) as stream:
        rows = csv.DictReader((line for line in stream if not line.startswith("#")), delimiter="\t")
        columns = set(rows.fieldnames or ())
        if not {"taxon", "abundance"} <= columns:
            raise ConfigError(
                "the community table has no column taxon or no column abundance",
                fix="Write a tab-separated header: taxon, abundance, copies.",
                file=path,
            )
        members = [_read_member(row, path, number) for number, row in enumerate(rows, start=2)]
    if not members:
        raise ConfigError("the community table is empty", fix="Add one row a taxon.", file=path)
    return members


def _read_member(row: dict[str, str], path: str | PathLike[str], line: int) -> Member:
    try:
        abundance = float(row["abundance"])
        n_copies = int(row.get("copies") or DEFAULT_COPIES)
    except (TypeError, ValueError) as error:
        raise ConfigError(
            "abundance or copies is not a number", fix="Write numbers.", file=path, line=line
        ) from error
    if not (0 < abundance < float("inf")) or not 1 <= n_copies <= MAX_COPIES:
        raise ConfigError(
            f"abundance {abundance} or copies {n_copies} out of range",
            fix=f"Abundances are positive, copies from 1 to {MAX_COPIES}.",
            file=path,
            line=line,
        )
    return Member((row["taxon"] or "").strip(), abundance, n_copies)
