"""What the header of a read says: accuracy, barcode, and whether it is half of a duplex read.

PacBio and Dorado write SAM tags, into FASTQ headers too (``rq:f:0.999``, ``BC:Z:...``,
``dx:i:-1``), MinKNOW and older programs words (``barcode=barcode01``, ``bc=0,8``), vsearch and
usearch annotations (``;sample=A;``, ``;barcodelabel=A;``), QIIME 1 the sample in the read's name
beside ``orig_bc=``. Dorado's read groups end with their barcode, if they have one. The strands of a
duplex read (``dx`` -1) are molecules that the duplex read has counted.
"""

from __future__ import annotations

import re

# what demultiplexers write for reads that they could not place; not the sheet's missing words
NO_LABELS = re.compile(r"|unclassified|unassigned|mixed|none|unknown", re.IGNORECASE)
PARENT = -1

_ACCURACY = re.compile(r"\brq(?:=|:f:)(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?![\d.])")
_SIGNS = ("barcode", "BC:Z:", "bc:B:", "bc=", "sample=")
_PAIR = re.compile(r"(?:^|\s)(?:bc:B:[cCsSiI],|bc=)(\d+(?:,\d+)?)(?=\s|$)")
_BARCODE = re.compile(r"(?:^|\s)(?:BC:Z:|barcode=)(\S+)")
_ANNOTATION = re.compile(r"[;\s](?:barcodelabel|sample)=([^;\s]+)")
_GROUP = re.compile(r"(?:^|\s)RG:Z:(\S+)")
_GROUP_BARCODE = re.compile(r"_((?:(?:SQK|EXP)-[A-Z0-9.-]+_)?barcode\d+\w*)$")
_QIIME = re.compile(r"(\S+)_\d+\s.*\borig_bc=")
_PARENT = re.compile(r"(?:^|\s)dx:i:-1(?=\s|$)")


def parse_accuracy(header: str) -> float | None:
    """PacBio's ``rq`` from a FASTQ header (``rq=0.999`` or ``rq:f:0.999``), if it is there."""
    if "rq" not in header:
        return None
    match = _ACCURACY.search(header)
    return limit_accuracy(float(match.group(1))) if match else None


def limit_accuracy(accuracy: float) -> float | None:
    """``rq`` up to 1; None for -1, which PacBio writes for reads that were not polished."""
    return min(accuracy, 1.0) if accuracy >= 0.0 else None


def parse_label(header: str) -> str:
    """Barcode or sample of a read from a FASTQ header; empty where it has none, or is not known."""
    if "orig_bc=" in header and (match := _QIIME.match(header)):
        return match.group(1)
    if not any(sign in header for sign in _SIGNS):
        return ""
    if match := _PAIR.search(header):
        return name_pair(match.group(1).split(","))
    if match := _BARCODE.search(header) or _ANNOTATION.search(header):
        return clean_label(match.group(1))
    match = _GROUP.search(header)
    return parse_group(match.group(1)) if match else ""


def parse_group(name: str) -> str:
    """The barcode with which Dorado ends the name of a read group; empty where there is none."""
    match = _GROUP_BARCODE.search(name)
    return match.group(1) if match else ""


def clean_label(label: str) -> str:
    """A barcode's name; empty where it says that there is none."""
    return "" if NO_LABELS.fullmatch(label) else label


def name_pair(numbers: list[str]) -> str:
    """Numbers of the barcodes at both ends, as lima writes them: ``0--3``."""
    return "--".join(numbers)


def is_parent(header: str) -> bool:
    """Whether the read is a strand of a duplex read, by a FASTQ header."""
    return "dx:i:" in header and _PARENT.search(header) is not None
