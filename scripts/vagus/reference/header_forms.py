"""The forms of FASTA headers in which references are published, distinguished by content."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vagus.reference.lineage import Lineage
from vagus.reference.lineage_forms import (
    DOMAINS,
    read_lineage,
    read_organism,
    read_rdp,
    read_silva,
    read_sintax,
)

_WORD = re.compile(r"(\S*)\s*(.*)")
_SILVA_ACCESSION = re.compile(r"^[A-Z]+[0-9]*[A-Za-z0-9]*\.\d+\.\d+$")
_SINTAX_TAX = re.compile(r"[;\s]tax=([^;]*);?")
_PREFIXED = re.compile(r"(?:^|[;\s])(?:d|k|sk)__")
_ORGANISM = re.compile(r"^\[?(?:Candidatus )?[A-Z][a-z]+\]?(?: \([A-Z][a-z]+\))? \S")
_ATTRIBUTES = re.compile(r"\s+\[[a-z_]+=.*$")


@dataclass(frozen=True)
class HeaderForm:
    """How a header is read: ``split`` gives accession ('' if none) and text, ``read`` its names."""

    name: str
    example: str
    matches: Callable[[str], bool]
    split: Callable[[str], tuple[str, str]]
    read: Callable[[str], Lineage]


def split_header(header: str) -> tuple[str, str]:
    """Accession (first word) and the rest."""
    match = _WORD.match(header)
    assert match is not None
    return match[1], match[2]


def _split_sintax(header: str) -> tuple[str, str]:
    match = _SINTAX_TAX.search(header)
    return re.split(r"[;\s]", header, maxsplit=1)[0], match[1] if match else ""


def _split_attributes(header: str) -> tuple[str, str]:
    accession, rest = split_header(header)
    return accession, _ATTRIBUTES.sub("", rest)


def _split_rdp(header: str) -> tuple[str, str]:
    accession, rest = split_header(header)
    position = rest.find("Root;")
    return accession, rest[position:] if position >= 0 else rest


def _is_silva(header: str) -> bool:
    accession, rest = split_header(header)
    return bool(_SILVA_ACCESSION.match(accession)) and ";" in rest and not _PREFIXED.search(rest)


def _is_training(header: str) -> bool:
    return ";" in split_header(header)[0] and not _SINTAX_TAX.search(header)


FORMS = (
    HeaderForm(
        "sintax", ">A1;tax=d:Bacteria,p:Bacillota,...,s:Genus_species",
        lambda header: bool(_SINTAX_TAX.search(header)), _split_sintax, read_sintax,
    ),
    HeaderForm(
        "rdp-trainset", ">A1 Root;Bacteria;...;Genus",
        lambda header: bool(re.search(r"[\s=]Root;", header)), _split_rdp, read_rdp,
    ),
    HeaderForm(
        "dada2-training", ">Bacteria;Bacillota;...;Genus;",
        _is_training, lambda header: ("", header), read_lineage,
    ),
    HeaderForm(
        "silva-fasta", ">A1.1.1500 Bacteria;...;Genus;Genus species strain",
        _is_silva, split_header, read_silva,
    ),
    HeaderForm(
        "gtdb-ssu-fasta", ">A1 d__Bacteria;...;s__Genus species [locus_tag=...]",
        lambda header: bool(_PREFIXED.search(split_header(header)[1])),
        _split_attributes, read_lineage,
    ),
    HeaderForm(
        "vagus-fasta", ">A1 domain;phylum;class;order;family;genus;species",
        lambda header: ";" in split_header(header)[1], split_header, read_lineage,
    ),
    HeaderForm(
        "organism-fasta", ">A1 Genus species",
        lambda header: bool(_ORGANISM.match(split_header(header)[1])), split_header, read_organism,
    ),
)  # fmt: skip
"""In the order in which they are tried. NCBI RefSeq and dada2 species FASTA are the last."""


def has_lineage(header: str) -> bool:
    """Whether a header contains ranks with prefixes, a domain, or an organism's name."""
    text = header.replace(";", " ; ")
    is_tagged = _SINTAX_TAX.search(header) or _PREFIXED.search(header)
    words = (word.lower() for word in text.split())
    return bool(is_tagged or _ORGANISM.match(split_header(header)[1])) or any(
        word in DOMAINS for word in words
    )


_FALLBACK = next(form for form in FORMS if form.name == "vagus-fasta")


def recognise_form(headers: Sequence[str]) -> HeaderForm:
    """The form that most of the headers have; on a tie the one that is tried first.

    Headers of no known form count for domain;phylum;..., which may end at the domain.
    """
    counts = [0] * len(FORMS)
    for header in headers:
        for number, form in enumerate(FORMS):
            if form.matches(header):
                counts[number] += 1
                break
    best = max(counts, default=0)
    return FORMS[counts.index(best)] if best else _FALLBACK
