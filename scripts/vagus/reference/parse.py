"""Read references: FASTA with the lineage in the header, or FASTA and a table of lineages."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike

from vagus.errors import ReferenceFileError
from vagus.reference.lineage import Lineage
from vagus.reference.lineage_forms import read_lineage
from vagus.reference.starter import ReferenceRecord
from vagus.sequences import read_fasta

log = logging.getLogger(__name__)

MIN_LENGTH_BP = 900
MAX_LENGTH_BP = 5000  # far beyond any 16S gene with introns; such records are contigs
MAX_AMBIGUOUS_SHARE = 0.02
_NUCLEOTIDES = frozenset("ACGTRYSWKMBDHVN")
_CLEAN = str.maketrans({"U": "T", "-": None, ".": None, " ": None})
_HEADER_FORM = "'>accession domain;phylum;class;order;family;genus;species'"


@dataclass(frozen=True)
class SequenceFilter:
    """Which references are good enough: of this length, not more ambiguous than this."""

    min_length_bp: int = MIN_LENGTH_BP
    max_length_bp: int = MAX_LENGTH_BP
    max_ambiguous_share: float = MAX_AMBIGUOUS_SHARE


def read_references(
    fasta: str | PathLike[str],
    taxonomy: str | PathLike[str] | None = None,
    keep: SequenceFilter | None = None,
) -> list[ReferenceRecord]:
    """All usable references of a FASTA, plain or compressed, in file order.

    Without ``taxonomy`` the lineage is the rest of each header; with it, the second
    column of that table. Short and ambiguous sequences are left out and counted in the
    log. Raises ReferenceFileError for a file that is empty, damaged, not FASTA, of amino
    acids, or that has doubled accessions or sequences without lineage.
    """
    keep = keep or SequenceFilter()
    lineages = None if taxonomy is None else read_lineages(taxonomy)
    records: list[ReferenceRecord] = []
    seen: set[str] = set()
    n_unfit = n_ambiguous = 0
    for header, raw in _read_headers(fasta):
        accession, _, rest = header.partition(" ") if " " in header else header.partition("\t")
        sequence = raw.translate(_CLEAN)
        _check_record(accession, sequence, seen, fasta)
        lineage = _find_lineage(accession, rest, lineages, fasta)
        n_clean = sum(map(sequence.count, "ACGT"))
        if not keep.min_length_bp <= len(sequence) <= keep.max_length_bp:
            n_unfit += 1
        elif len(sequence) - n_clean > keep.max_ambiguous_share * len(sequence):
            n_ambiguous += 1
        else:
            records.append(ReferenceRecord(accession, sequence, lineage))
    _check_count(fasta, len(seen), len(records), keep)
    log.info(
        "%s: %d references; %d left out as shorter than %d or longer than %d bases, "
        "%d as too ambiguous",
        fasta, len(records), n_unfit, keep.min_length_bp, keep.max_length_bp, n_ambiguous,
    )  # fmt: skip
    return records


def read_lineages(path: str | PathLike[str]) -> dict[str, Lineage]:
    """Accession to lineage from a table of two tab-separated columns, header line optional."""
    from xopen import xopen

    lineages: dict[str, Lineage] = {}
    with xopen(path, "rt", encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            fields = line.rstrip("\r\n").split("\t")
            if not line.strip() or line.startswith("#"):
                continue
            if number == 1 and fields[0].strip().lower() in _HEADER_NAMES:
                continue
            if len(fields) < 2:
                raise ReferenceFileError(
                    "a taxonomy line without a tab",
                    fix="Give two columns: accession, then lineage with ';' between ranks.",
                    file=path, line=number,
                )  # fmt: skip
            accession = fields[0].strip()
            if accession in lineages:
                raise ReferenceFileError(
                    f"accession '{accession}' has more than one lineage",
                    fix="Keep one line for each accession.",
                    file=path, line=number,
                )  # fmt: skip
            lineages[accession] = _parse_lineage(fields[1], accession, path, number)
    return lineages


_HEADER_NAMES = frozenset({"feature id", "featureid", "id", "accession", "seqid", "name"})


def _read_headers(path: str | PathLike[str]) -> Iterator[tuple[str, str]]:
    try:
        yield from read_fasta(path)
    except (EOFError, UnicodeDecodeError, zlib.error) as error:
        raise ReferenceFileError(
            f"the file is truncated or not text ({error})",
            fix="Fetch it again and check its size.",
            file=path,
        ) from error


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
            f"'{accession}' holds {', '.join(map(repr, foreign))}: {kind}",
            fix="Give nucleotide sequences of the 16S rRNA gene (A, C, G, T/U, IUPAC codes).",
            file=path,
        )


def _find_lineage(
    accession: str, rest: str, lineages: dict[str, Lineage] | None, path: str | PathLike[str]
) -> Lineage:
    if lineages is None:
        if not rest.strip():
            raise ReferenceFileError(
                f"'{accession}' has no lineage in its header",
                fix=f"Headers have the form {_HEADER_FORM}, or give a taxonomy table.",
                file=path,
            )
        return _parse_lineage(rest, accession, path, None)
    try:
        return lineages[accession]
    except KeyError:
        raise ReferenceFileError(
            f"'{accession}' is not in the taxonomy table",
            fix="Give a lineage for every sequence, or remove the sequence.",
            file=path,
        ) from None


def _parse_lineage(
    text: str, accession: str, path: str | PathLike[str], line: int | None
) -> Lineage:
    try:
        return read_lineage(text)
    except ValueError as error:
        raise ReferenceFileError(
            f"the lineage of '{accession}' cannot be read: {error}",
            fix="Write domain;phylum;class;order;family;genus;species, empty where unknown.",
            file=path,
            line=line,
        ) from error


def _check_count(path: str | PathLike[str], n_read: int, n_kept: int, keep: SequenceFilter) -> None:
    if n_read == 0:
        raise ReferenceFileError(
            "the reference holds no FASTA records",
            fix=f"Give a FASTA whose headers have the form {_HEADER_FORM}.",
            file=path,
        )
    if n_kept == 0:
        raise ReferenceFileError(
            f"none of {n_read} references is usable: all are shorter than "
            f"{keep.min_length_bp} or longer than {keep.max_length_bp} bases, or too ambiguous",
            fix="Full-length reads need near full-length references.",
            file=path,
        )
