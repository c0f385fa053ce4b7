"""The "gold" 16S set of microbiomeutil: type strains of RDP and genomes, with names of 2010.

Its headers come in two forms: ``S000002651 Genus species (T); strain; INSDC Genus species <TAB>
lineage`` for type strains, ``7000004128189528 <TAB> organism <TAB> ... <TAB> lineage`` for genomes.
The organism name is the depositor's; the lineage, a classifier's call, is not used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vagus.errors import ReferenceFileError

_N_RANKS = 6


@dataclass(frozen=True)
class SourceEntry:
    """One record of the source; only type strains have an ``insdc`` accession."""

    accession: str
    insdc: str
    name: str
    sequence: str


def parse_source(headers: Iterable[tuple[str, str]]) -> Iterator[SourceEntry]:
    """Yield the entries of the source from (header without '>', sequence) pairs."""
    for header, sequence in headers:
        *fields, taxa = header.split("\t")
        if not fields or len(taxa.split(";")) != _N_RANKS:
            raise ReferenceFileError(
                f"header without a six-rank lineage: {header[:80]!r}",
                fix="Give rRNA16S.gold.fasta of microbiomeutil.",
            )
        if len(fields) > 1:
            yield SourceEntry(fields[0], "", fields[1].strip(), sequence)
            continue
        accession, _, rest = fields[0].partition(" ")
        name, *strains = (part.strip() for part in rest.split(";"))
        insdc = strains[-1].split(" ")[0] if strains else ""
        yield SourceEntry(accession, insdc, name.removesuffix("(T)").strip(), sequence)


def clean_sequence(sequence: str) -> str:
    """Upper case, gaps removed, U written as T."""
    return re.sub(r"[-.\s]", "", sequence.upper()).replace("U", "T")
