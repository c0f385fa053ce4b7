"""Reads of unaligned BAM, or of alignments turned back to the strand that was sequenced."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from vagus.errors import ReadsError
from vagus.reads.read import DUPLEX_PARENT, Read, check_read, make_broken
from vagus.reads.tags import PARENT, clean_label, limit_accuracy, name_pair, parse_group

CUT_OFF = "Copy or download the file again, or compare its checksum with the source's"


def iterate_bam(path: str, labels: Collection[str] = ()) -> Iterator[Read]:
    """Yield the primary records of a BAM file; of these labels only, where some are given.

    Raises ReadsError for a header that cannot be read, and what htslib raises for damage.
    """
    with open_bam(path) as stream:
        samples = _list_samples(stream.header.to_dict())
        number = 0
        for record in stream.fetch(until_eof=True):
            if record.is_secondary or record.is_supplementary:
                continue
            number += 1
            label = find_label(record, samples)
            if not labels or label in labels:
                yield _convert_record(record, number, label)


def iterate_labels(path: str) -> Iterator[str]:
    """The labels alone of all primary records."""
    with open_bam(path) as stream:
        samples = _list_samples(stream.header.to_dict())
        for record in stream.fetch(until_eof=True):
            if not (record.is_secondary or record.is_supplementary):
                yield find_label(record, samples)


def read_header(path: str) -> dict[str, Any]:
    """The header of a BAM file; raises ReadsError where it cannot be read."""
    with open_bam(path) as stream:
        header: dict[str, Any] = stream.header.to_dict()
    return header


def open_bam(path: str) -> Any:
    """A BAM file opened by htslib, without its messages."""
    import pysam

    pysam.set_verbosity(0)
    try:
        with _hush_closing():
            return pysam.AlignmentFile(path, "rb", check_sq=False)
    except ValueError as error:
        what = f"the header of this BAM file cannot be read ({error})"
        raise ReadsError(what, fix=CUT_OFF, file=path) from error


@contextmanager
def _hush_closing() -> Iterator[None]:
    """Print nothing of the second error, when a file that could not be opened is closed."""

    def say_nothing(*_: object) -> None:
        return

    hooks = sys.unraisablehook, sys.excepthook
    sys.unraisablehook = say_nothing
    sys.excepthook = say_nothing
    try:
        yield
    finally:
        sys.unraisablehook, sys.excepthook = hooks


def _list_samples(header: dict[str, Any]) -> dict[str, str]:
    """Sample of each read group where they differ, else its barcode where these differ."""
    groups = header.get("RG", [])
    for word in ("SM", "BC"):
        own = {group.get("ID", ""): clean_label(group.get(word, "")) for group in groups}
        if len(set(own.values())) > 1:
            return own
    named = {group.get("ID", ""): parse_group(group.get("ID", "")) for group in groups}
    return named if len(set(named.values())) > 1 else {}


def find_label(record: Any, samples: dict[str, str]) -> str:
    """Sample or barcode of a record: of its read group, PacBio's ``bc``, or ``BC``."""
    if samples and record.has_tag("RG"):
        sample = samples.get(record.get_tag("RG"), "")
        if sample:
            return sample
    if record.has_tag("bc"):
        pair = record.get_tag("bc")
        numbers = [pair] if isinstance(pair, int) else list(pair)
        return name_pair([str(number) for number in numbers])
    return clean_label(str(record.get_tag("BC"))) if record.has_tag("BC") else ""


def _convert_record(record: Any, number: int, label: str) -> Read:
    name = record.query_name or ""
    sequence = record.get_forward_sequence() or ""
    phred = record.get_forward_qualities()
    if phred is None and sequence:
        return make_broken(name, f"read {number} ({name}) has no qualities")
    tags = dict(record.get_tags())
    accuracy = tags.get("rq")
    return check_read(
        Read(
            name,
            sequence,
            np.array([] if phred is None else phred, dtype=np.uint8),
            None if accuracy is None else limit_accuracy(float(accuracy)),
            tags.get("np"),
            label,
            DUPLEX_PARENT if tags.get("dx") == PARENT else "",
        ),
        f"read {number} ({name}): ",
    )
