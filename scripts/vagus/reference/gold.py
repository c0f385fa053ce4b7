"""Conversion of the microbiomeutil "gold" 16S set into the starter reference.

The source is ``rRNA16S.gold.fasta`` (Broad Institute / RDP). Its headers come in two
forms: ``S000002651 Genus species (T); strain; INSDC Genus species <TAB> lineage`` for type
strains, ``7000004128189528 <TAB> organism <TAB> ... <TAB> lineage`` for genomes. The lineage
has six ranks and is a classifier's call on the sequence; the organism name is the
depositor's. ``resources/starter_reference.md`` explains the rules by which both are joined.
"""

from __future__ import annotations

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path

from vagus.errors import ReferenceFileError
from vagus.files import open_whole
from vagus.reference.lineage import Lineage, PhylumNames, format_lineage, merge_lineages
from vagus.reference.organisms import parse_name
from vagus.reference.starter import ReferenceRecord
from vagus.reference.strand import orient_sense
from vagus.sequences import write_fasta

log = logging.getLogger(__name__)

_PLACEHOLDER = re.compile(r"incertae sedis|^Gp\d+$", re.IGNORECASE)
_GROUP_LETTER = re.compile(r"^([A-Z][a-z]+) [A-Za-z]$")


@dataclass(frozen=True)
class SourceEntry:
    """One record of the source: identity, organism name, six-rank lineage, sequence."""

    accession: str
    insdc: str
    name: str
    is_type: bool
    lineage: tuple[str, ...]
    sequence: str


@dataclass
class Corrections:
    """Curated corrections: spelling, excluded accessions, lineages of genera or accessions."""

    spelling: dict[str, str] = field(default_factory=dict)
    exclude: dict[str, str] = field(default_factory=dict)
    genus: dict[str, str] = field(default_factory=dict)
    accession: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Corrections:
        """Read the TSV: kind (a field of this class), key, value, reason."""
        corrections = cls()
        with open(path, encoding="utf-8") as stream:
            next(stream)
            for line in stream:
                kind, key, value, reason = line.rstrip("\n").split("\t")
                getattr(corrections, kind)[key] = reason if kind == "exclude" else value
        return corrections


COMPANION_COLUMNS = ("record", "accession", "insdc", "kind", "organism", "note")


@dataclass(frozen=True)
class Conversion:
    """Result of the conversion: records, rows of the companion table, and counts."""

    records: list[ReferenceRecord]
    companion: list[tuple[str, ...]]
    counts: dict[str, int]

    def save(self, fasta: Path, companion: Path) -> None:
        """Write the records as FASTA and the companion table."""
        headers = (
            (f"{record.accession} {format_lineage(record.lineage)}", record.sequence)
            for record in self.records
        )
        write_fasta(headers, fasta)
        with open_whole(companion) as stream:
            for row in (COMPANION_COLUMNS, *self.companion):
                stream.write("\t".join(row) + "\n")


def convert(
    entries: Iterable[SourceEntry], corrections: Corrections, phyla: PhylumNames
) -> Conversion:
    """Clean, name and merge the source's entries; order by lineage, then accession."""
    counts: Counter[str] = Counter()
    kept = []
    companion: list[tuple[str, ...]] = []
    for entry in entries:
        counts["source records"] += 1
        if entry.accession in corrections.exclude:
            counts["left out: name and sequence contradict each other"] += 1
            companion.append(_row("", entry, f"left out: {corrections.exclude[entry.accession]}"))
            continue
        sequence, was_flipped = orient_sense(clean_sequence(entry.sequence))
        counts["reverse-complemented"] += was_flipped
        kept.append(replace(spell(entry, corrections.spelling), sequence=sequence))
    places = place_genera(kept)
    groups: dict[str, list[SourceEntry]] = defaultdict(list)
    for entry in kept:
        groups[entry.sequence].append(entry)
    records: list[ReferenceRecord] = []
    for sequence, group in groups.items():
        group.sort(key=lambda entry: (not entry.is_type, entry.accession))
        lineages = [phyla.rename(resolve(entry, places, corrections)) for entry in group]
        lineage = merge_lineages([drop_placeholders(lineage) for lineage in lineages])
        records.append(ReferenceRecord(group[0].accession, sequence, lineage))
        companion += [_row(group[0].accession, entry, "") for entry in group]
    records.sort(key=lambda record: (record.lineage, record.accession))
    counts.update(count_records(records, groups))
    return Conversion(records, sorted(companion), dict(counts))


def parse_source(headers: Iterable[tuple[str, str]]) -> Iterator[SourceEntry]:
    """Yield the entries of the source from (header without '>', sequence) pairs."""
    for header, sequence in headers:
        *fields, taxa = header.split("\t")
        lineage = tuple(name.strip() for name in taxa.split(";"))
        if not fields or len(lineage) != 6:
            raise ReferenceFileError(
                f"header without a six-rank lineage: {header[:80]!r}",
                fix="Give rRNA16S.gold.fasta of microbiomeutil.",
            )
        if len(fields) > 1:
            yield SourceEntry(fields[0], "", fields[1].strip(), False, lineage, sequence)
            continue
        accession, _, rest = fields[0].partition(" ")
        name, *strains = (part.strip() for part in rest.split(";"))
        insdc = strains[-1].split(" ")[0] if strains else ""
        is_type = name.endswith("(T)")
        yield SourceEntry(
            accession, insdc, name.removesuffix("(T)").strip(), is_type, lineage, sequence
        )


def clean_sequence(sequence: str) -> str:
    """Upper case, gaps removed, U written as T."""
    return re.sub(r"[-.\s]", "", sequence.upper()).replace("U", "T")


def spell(entry: SourceEntry, spelling: Mapping[str, str]) -> SourceEntry:
    """The entry with misspelt words of its names corrected."""
    name = " ".join(spelling.get(word, word) for word in entry.name.split())
    lineage = tuple(spelling.get(taxon, taxon) for taxon in entry.lineage)
    return replace(entry, name=name, lineage=lineage)


def place_genera(entries: Iterable[SourceEntry]) -> dict[str, str]:
    """Family of every genus that the lineages of the source know."""
    return {source_genus(entry.lineage): entry.lineage[4] for entry in entries}


def source_genus(lineage: tuple[str, ...]) -> str:
    """Genus of a source lineage; 'Bacillus a' is Bacillus, a placeholder is ''."""
    genus = _GROUP_LETTER.sub(r"\1", lineage[5])
    return "" if _PLACEHOLDER.search(genus) else genus


def resolve(entry: SourceEntry, places: Mapping[str, str], corrections: Corrections) -> Lineage:
    """Join the sequence's lineage with the organism's name, without inventing either.

    The genus comes from the name, except where the source's lineages place that genus in
    another family than this sequence: then the genus is unknown, family and species stay.
    """
    genus, species = parse_name(entry.name)
    curated = corrections.accession.get(entry.accession) or corrections.genus.get(genus)
    if curated is not None:
        upper = curated.split(";")[:5]
    else:
        upper = list(entry.lineage[:5])
        called = source_genus(entry.lineage)
        if called and genus in places and places[genus] != entry.lineage[4]:
            genus = ""
    return (*upper, genus, species)  # type: ignore[return-value]


def drop_placeholders(lineage: Lineage) -> Lineage:
    """Names such as 'Incertae Sedis XI' written as unknown."""
    names = ("" if _PLACEHOLDER.search(name) else name for name in lineage)
    return tuple(names)  # type: ignore[return-value]


def count_records(
    records: list[ReferenceRecord], groups: Mapping[str, list[SourceEntry]]
) -> dict[str, int]:
    """Counts for the description of the reference."""
    return {
        "records (distinct sequences)": len(records),
        "source records merged into another": sum(len(g) - 1 for g in groups.values()),
        "records shared by several species": sum(len(r.species) > 1 for r in records),
        "records with a species": sum(bool(r.species) for r in records),
        "records with a genus": sum(bool(r.lineage[5]) for r in records),
        "records with a genus unknown": sum(not r.lineage[5] for r in records),
        "species": len({name for r in records for name in r.species}),
        "genera": len({name for r in records for name in r.lineage[5].split("/") if name}),
        "phyla": len({r.lineage[1] for r in records if r.lineage[1]}),
    }


def _row(record: str, entry: SourceEntry, note: str) -> tuple[str, ...]:
    kind = "type strain" if entry.is_type else "genome" if not entry.insdc else "strain"
    return (record, entry.accession, entry.insdc, kind, entry.name, note)
