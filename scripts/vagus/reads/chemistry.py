"""Instrument, kit, basecaller and binning of reads: from headers of BAM files, names and qualities.

PacBio writes the instrument into the read group (``PM``) and the kind of its reads into ``DS``
(``READTYPE=CCS``); reads of a Kinnex array that was split end their names with their place in it
(``/ccs/12_1523``) and skera is among the programs. Dorado and MinKNOW write the model of the
basecaller into ``DS``, the read group's name or the header of each read, and the name of the kit
before that of the barcode.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vagus.reads.platforms import BINNED, BINNED7
from vagus.reads.read import Read

Header = Mapping[str, Any]

_INSTRUMENTS = (
    (re.compile(r"m54\w*_\d{6}_\d{6}"), "PacBio Sequel"),
    (re.compile(r"m64\w*_\d{6}_\d{6}"), "PacBio Sequel II"),
    (re.compile(r"m84\w*_\d{6}_\d{6}"), "PacBio Revio"),
    (re.compile(r"[A-Z0-9-]+:\d+:[A-Z0-9-]+:\d:\d+:\d+:\d+\b"), "Illumina"),
)
_MODELS = {
    "SEQUEL": "PacBio Sequel", "SEQUELII": "PacBio Sequel II", "REVIO": "PacBio Revio",
    "VEGA": "PacBio Vega",
}  # fmt: skip
_BASECALLER = re.compile(r"dna_r\d[\w.]*?_(?:fast|hac|sup)(?:@v\d+(?:\.\d+)*)?|dna_r\d+(?:\.\d+)+")
_KIT = re.compile(r"SQK-[A-Z0-9]+(?:[.-]\d+)?")
_MOLECULE = re.compile(r"m\d\w*_\d{6}_\d{6}\w*/\d+")
_SEGMENT = re.compile(rf"{_MOLECULE.pattern}/ccs/\d+_\d+")
_SUBREAD = re.compile(rf"{_MOLECULE.pattern}/\d+_\d+")
_SUBREADS = "READTYPE=SUBREAD"


def describe_chemistry(
    reads: Sequence[Read], headers: Sequence[Header] = (), quality_scheme: str = ""
) -> str:
    """What is known of how reads were made, in words; empty where nothing is."""
    instrument = _find_instrument(reads, headers)
    is_binned = instrument.startswith("PacBio") and quality_scheme in (BINNED7, BINNED)
    parts = [
        instrument,
        "Kinnex" if _are_segments(reads, headers) else "",
        _find_text(_BASECALLER, reads, headers),
        _find_text(_KIT, reads, headers),
        "binned qualities" if is_binned else "",
    ]
    return ", ".join(part for part in parts if part)


def are_subreads(reads: Sequence[Read], headers: Sequence[Header] = ()) -> bool:
    """Whether the reads are PacBio subreads: several of a molecule, before their consensus."""
    is_told = any(_SUBREADS in group.get("DS", "") for group in _list_groups(headers))
    return is_told or _is_form(_SUBREAD, reads)


def _find_instrument(reads: Sequence[Read], headers: Sequence[Header]) -> str:
    """By the read groups, or by the form of most names."""
    models = [_MODELS.get(group.get("PM", "").upper(), "") for group in _list_groups(headers)]
    named = [model for model in models if model]
    named += [name for form, name in _INSTRUMENTS if _is_form(form, reads)]
    return named[0] if named else ""


def _are_segments(reads: Sequence[Read], headers: Sequence[Header]) -> bool:
    programs = [str(p.get("PN", p.get("ID", ""))) for h in headers for p in h.get("PG", [])]
    return "skera" in programs or _is_form(_SEGMENT, reads)


def _is_form(form: re.Pattern[str], reads: Sequence[Read]) -> bool:
    """Whether more than half of the names begin so."""
    return sum(form.match(read.name) is not None for read in reads) * 2 > len(reads)


def _find_text(form: re.Pattern[str], reads: Sequence[Read], headers: Sequence[Header]) -> str:
    """The text of a form that most reads have in header or barcode, or else the read groups."""
    found = _search(form, (f"{read.name} {read.label}" for read in reads))
    if found.total() * 2 <= len(reads):
        groups = _list_groups(headers)
        found = _search(form, (f"{g.get('DS', '')} {g.get('ID', '')}" for g in groups))
    return max(sorted(found), key=found.__getitem__, default="")


def _search(form: re.Pattern[str], texts: Iterable[str]) -> Counter[str]:
    return Counter(match.group() for text in texts if (match := form.search(text)))


def _list_groups(headers: Sequence[Header]) -> list[dict[str, str]]:
    return [group for header in headers for group in header.get("RG", [])]
