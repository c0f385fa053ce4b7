"""Read references of any known form into records: lineage, strand, length, ambiguity."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from os import PathLike

from vagus.errors import ReferenceFileError, VagusError
from vagus.reference.header_forms import HeaderForm, has_lineage, recognise_form
from vagus.reference.lineage import Lineage
from vagus.reference.lineage_forms import NamelessError
from vagus.reference.lineage_tables import NAMELESS, LineageTables
from vagus.reference.organisms import parse_name
from vagus.reference.starter import ReferenceRecord
from vagus.reference.strand import has_strand, orient_sense
from vagus.sequences import read_fasta

log = logging.getLogger(__name__)

MIN_LENGTH_BP = 900
MAX_LENGTH_BP = 5000  # far beyond any 16S gene with introns; such records are contigs
MAX_AMBIGUOUS_SHARE = 0.02
_N_HEADERS = 200  # looked at to recognise the form
_NUCLEOTIDES = frozenset("ACGTRYSWKMBDHVN")
_CLEAN = str.maketrans({"U": "T", "-": None, ".": None, " ": None})
_HEADER_FORM = "'>accession domain;phylum;class;order;family;genus;species'"
_GIVE_TABLE = (
    "or give a table of accessions and lineages: vagus reference add FASTA --taxonomy TABLE"
)
_GIVE_LINEAGES = f"Write headers of the form {_HEADER_FORM}, {_GIVE_TABLE}"

READ, SHORT, LONG = "read", "left out: shorter", "left out: longer"
AMBIGUOUS, UNNAMED = "left out: too ambiguous", "left out: no name at any rank"
REVERSED, UNDECIDED = "reverse-complemented", "strand undecided, left as it was"


@dataclass(frozen=True)
class SequenceFilter:
    """Which references are good enough: of this length, not more ambiguous than this."""

    min_length_bp: int = MIN_LENGTH_BP
    max_length_bp: int = MAX_LENGTH_BP
    max_ambiguous_share: float = MAX_AMBIGUOUS_SHARE

    def find_fault(self, sequence: str) -> str:
        """The reason for which a clean sequence is left out, '' when there is none."""
        if len(sequence) < self.min_length_bp:
            return SHORT
        if len(sequence) > self.max_length_bp:
            return LONG
        n_clean = sum(map(sequence.count, "ACGT"))
        is_ambiguous = len(sequence) - n_clean > self.max_ambiguous_share * len(sequence)
        return AMBIGUOUS if is_ambiguous else ""


@dataclass
class SourceReader:
    """Reads the files of one reference one after another; keeps records and counts."""

    keep: SequenceFilter
    tables: LineageTables = field(default_factory=LineageTables)
    records: list[ReferenceRecord] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    forms: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    def read(self, path: str | PathLike[str]) -> None:
        """Add the usable references of a FASTA, plain or compressed, in file order."""
        entries = _read_headers(path)
        first = list(islice(entries, _N_HEADERS))
        form = recognise_form([header for header, _ in first])
        if first and not self.tables.by_accession:
            _require_lineages([header for header, _ in first], path)
        self.forms.append("fasta-tsv" if self.tables.by_accession else form.name)
        for header, raw in _chain(first, entries):
            accession, text = form.split(header)
            if form.name == "dada2-training":
                accession = f"ref{self.counts[READ] + 1:07d}"
            self.counts[READ] += 1
            sequence = raw.translate(_CLEAN)
            _check_record(accession, sequence, self._seen, path)
            self._add(accession, sequence, self._find_lineage(form, accession, text, path))

    def _add(self, accession: str, sequence: str, lineage: Lineage) -> None:
        fault = self.keep.find_fault(sequence) or (UNNAMED if lineage == NAMELESS else "")
        if fault:
            self.counts[fault] += 1
            return
        sequence, is_flipped = orient_sense(sequence)
        self.counts[REVERSED] += is_flipped
        self.counts[UNDECIDED] += not (is_flipped or has_strand(sequence))
        self.records.append(ReferenceRecord(accession, sequence, lineage))

    def _find_lineage(
        self, form: HeaderForm, accession: str, text: str, path: str | PathLike[str]
    ) -> Lineage:
        if self.tables.by_accession:
            found = self.tables.find(accession)
            if found is None:
                raise ReferenceFileError(
                    f"'{accession}' is not in the taxonomy table",
                    fix="Give a lineage for every sequence, or remove the sequence.",
                    file=path,
                )
            return found
        if not text.strip():
            raise ReferenceFileError(
                f"'{accession}' has no lineage in its header",
                fix=_GIVE_LINEAGES,
                file=path,
            )
        try:
            if form.name == "organism-fasta" and self.tables.by_organism:
                return _look_up_organism(self.tables.by_organism, text, form)
            if form.name == "rdp-trainset" and self.tables.rdp_ranks:
                return self.tables.place(text)
            return form.read(text)
        except NamelessError:
            return NAMELESS
        except ValueError as error:
            raise ReferenceFileError(
                f"the lineage of '{accession}' cannot be read: {error}",
                fix=f"Write them as in '{form.example}' (the form {form.name}), {_GIVE_TABLE}",
                file=path,
            ) from error

    def check(self, path: str | PathLike[str]) -> None:
        """Raise ReferenceFileError when nothing was read or nothing is usable."""
        if not self.counts[READ]:
            raise ReferenceFileError(
                "the reference contains no FASTA records",
                fix=f"Give a FASTA whose headers have the form {_HEADER_FORM}.",
                file=path,
            )
        if not self.records:
            faults = [
                (SHORT, f"shorter than {self.keep.min_length_bp} bases"),
                (LONG, f"longer than {self.keep.max_length_bp} bases"),
                (AMBIGUOUS, "too ambiguous"),
                (UNNAMED, "with no name at any rank"),
            ]
            found = [f"{self.counts[key]} {why}" for key, why in faults if self.counts[key]]
            raise ReferenceFileError(
                f"none of {self.counts[READ]} references is usable: {', '.join(found)}",
                fix=_GIVE_LINEAGES
                if self.counts[UNNAMED] == self.counts[READ]
                else "Full-length reads need near full-length references.",
                file=path,
            )


def read_references(
    fasta: str | PathLike[str],
    taxonomy: str | PathLike[str] | None = None,
    keep: SequenceFilter | None = None,
) -> list[ReferenceRecord]:
    """All usable references of a FASTA of any known form, in file order.

    Without ``taxonomy`` the lineage is in each header (``header_forms``); with it, it is the
    table's. Short and ambiguous sequences are left out, reversed ones turned, both counted in
    the log. Raises ReferenceFileError for a file that is empty, damaged, not FASTA, of amino
    acids, or that has doubled accessions or sequences without lineage.
    """
    return read_sources([fasta], [] if taxonomy is None else [taxonomy], keep).records


def read_sources(
    fastas: Sequence[str | PathLike[str]],
    tables: Sequence[str | PathLike[str]] = (),
    keep: SequenceFilter | None = None,
) -> SourceReader:
    """Records and counts of a reference published in several files."""
    reader = SourceReader(keep or SequenceFilter())
    for table in tables:
        reader.tables.read(table, lambda: _list_organisms(fastas))
    for fasta in fastas:
        reader.read(fasta)
    reader.check(fastas[0] if fastas else "")
    counts = "; ".join(f"{what} {n}" for what, n in reader.counts.items() if n)
    log.info("%s: %d references (%s)", fastas[0], len(reader.records), counts)
    return reader


def check_headers(path: str | PathLike[str]) -> None:
    """Raise ReferenceFileError for what ``read_references`` would refuse in the headers.

    Lineages are read in the first records, accessions compared in all of them.
    """
    reader, seen = SourceReader(SequenceFilter()), set[str]()
    entries = list(islice(_read_headers(path), _N_HEADERS))
    form = recognise_form([header for header, _ in entries])
    if entries:
        _require_lineages([header for header, _ in entries], path)
    for header, _ in entries:
        reader.counts[READ] += 1
        reader._find_lineage(form, *form.split(header), path)
    if not entries:
        reader.check(path)
    if form.name != "dada2-training":
        for header, raw in _read_headers(path):
            _check_record(form.split(header)[0], raw.translate(_CLEAN), seen, path)


def _chain(
    first: list[tuple[str, str]], rest: Iterator[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    yield from first
    yield from rest


def _list_organisms(fastas: Sequence[str | PathLike[str]]) -> set[str]:
    """Names by which NCBI's taxonomy may know the organisms of the headers."""
    names: set[str] = set()
    for fasta in fastas:
        for header, _ in _read_headers(fasta):
            names.update(_name_organism(header.partition(" ")[2]))
    return names - {""}


def _name_organism(text: str) -> tuple[str, str, str]:
    """Species as written, species, and genus of an organism in a header."""
    genus, species = parse_name(text.replace("[", "").replace("]", ""))
    return " ".join(text.split()[:2]), species, "" if text.startswith("[") else genus


def _look_up_organism(known: dict[str, Lineage], text: str, form: HeaderForm) -> Lineage:
    written, species, genus = _name_organism(text)
    for name in (written, species, genus):
        if name in known:
            lineage = known[name]
            return (*lineage[:6], lineage[6].replace("[", "").replace("]", "") or species)
    return form.read(text)


def _read_headers(path: str | PathLike[str]) -> Iterator[tuple[str, str]]:
    try:
        yield from read_fasta(path)
    except VagusError as error:
        raise ReferenceFileError(
            error.what, fix="Fetch it again and check its size.", file=path
        ) from error


def _require_lineages(headers: Sequence[str], path: str | PathLike[str]) -> None:
    """Refuse a FASTA none of whose first headers says what its sequence is of."""
    if any(map(has_lineage, headers)):
        return
    raise ReferenceFileError(
        f"its headers have no lineages; the first is '>{headers[0][:60]}'",
        fix=_GIVE_LINEAGES,
        file=path,
    )


def _check_record(accession: str, sequence: str, seen: set[str], path: str | PathLike[str]) -> None:
    if not accession:
        raise ReferenceFileError(
            "a sequence without accession",
            fix=f"Headers have the form {_HEADER_FORM}.",
            file=path,
        )
    if accession in seen:
        raise ReferenceFileError(
            f"accession '{accession}' occurs twice",
            fix="Give every reference its own accession.",
            file=path,
        )
    seen.add(accession)
    foreign = sorted(set(sequence) - _NUCLEOTIDES)
    if foreign:
        kind = "amino acids" if set(foreign) & set("EFILPQXZ*") else "not nucleotides"
        raise ReferenceFileError(
            f"'{accession}' contains {', '.join(map(repr, foreign))}: {kind}",
            fix="Give nucleotide sequences of the 16S rRNA gene (A, C, G, T/U, IUPAC codes).",
            file=path,
        )
