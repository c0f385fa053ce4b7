"""From reference records to amplicons: what is between the primers 27F and 1492R."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from vagus.edits import count_edits_within, find_places, find_start
from vagus.reference.lineage import Lineage
from vagus.reference.starter import ReferenceRecord
from vagus.sequences import reverse_complement

if TYPE_CHECKING:
    from Bio.Align import PairwiseAligner

FORWARD_PRIMER = "AGRGTTYGATYMTGGCTCAG"
REVERSE_PRIMER = "RGYTACCTTGTTACGACTT"
IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT",
    "M": "AC", "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
"""Bases that each IUPAC code stands for."""

_EQUALITIES = [(code, base) for code, bases in IUPAC.items() for base in bases if code != base]
_MAX_PRIMER_EDITS = 3
_HEAD_BP, _TAIL_BP = 120, 250
_FLANK_BP = 60
_WORD_BP = 8


@dataclass(frozen=True)
class Insert:
    """A record cut at its primer sites; ``has_start`` and ``has_end`` say which were there."""

    sequence: str
    has_start: bool
    has_end: bool

    @property
    def is_complete(self) -> bool:
        """Both primer sites found and every base known."""
        return self.has_start and self.has_end and not set(self.sequence) - set("ACGT")


@lru_cache(maxsize=65536)
def cut_insert(sequence: str) -> Insert:
    """The part between the primer sites, or up to the record's end where a site is absent.

    Primers are matched with IUPAC codes and up to three edits, within the first 120 and
    the last 250 bp. What is left of a site that the record's end cuts off stays outside.
    """
    start, stop = 0, len(sequence)
    head = _locate(FORWARD_PRIMER, sequence[:_HEAD_BP])
    if head is not None:
        start = head[1]
    tail_start = max(start, len(sequence) - _TAIL_BP)
    tail = _locate(reverse_complement(REVERSE_PRIMER), sequence[tail_start:])
    if tail is not None:
        stop = tail_start + tail[0]
    return Insert(sequence[start:stop], head is not None, tail is not None)


def complete_insert(insert: Insert, templates: Sequence[str]) -> str:
    """Whole insert in A, C, G, T: missing ends and unknown bases from the nearest template.

    ``templates`` are whole inserts; the nearest has the least edit distance among those
    that share most 8-mers. An ambiguous base takes the template's base where the code
    allows it, else the first base that it allows.
    """
    if insert.is_complete:
        return insert.sequence
    template = _find_nearest(insert.sequence, templates)
    sequence = _fill_codes(insert.sequence, template)
    if not insert.has_start:
        sequence = _extend_start(sequence, template)
    if not insert.has_end:
        sequence = _extend_start(sequence[::-1], template[::-1])[::-1]
    return sequence


def choose_templates(lineage: Lineage, records: Sequence[ReferenceRecord]) -> list[str]:
    """Whole, unambiguous inserts of the finest rank that the lineage shares with any, else all."""
    for rank in range(len(lineage) - 1, -1, -1):
        same = [r for r in records if lineage[rank] and lineage[rank] == r.lineage[rank]]
        near = _list_whole(same)
        if near:
            return near
    return _list_whole(records)


def _list_whole(records: Sequence[ReferenceRecord]) -> list[str]:
    inserts = (cut_insert(record.sequence) for record in records)
    return [insert.sequence for insert in inserts if insert.is_complete]


def list_words(sequence: str, word_bp: int = _WORD_BP) -> set[str]:
    """All words of ``word_bp`` letters in a sequence."""
    return {sequence[i : i + word_bp] for i in range(len(sequence) - word_bp + 1)}


def derive_generator(seed: int, *names: str) -> np.random.Generator:
    """Random generator that depends on the seed and the names only, not on the order of jobs."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode("utf-8")) for name in names)])


def _locate(pattern: str, text: str) -> tuple[int, int] | None:
    """Half-open place of the best match of a primer, the leftmost among equals."""
    places = find_places(pattern, text, _MAX_PRIMER_EDITS, _EQUALITIES)
    if places is None:
        return None
    last = places.lasts[0]
    return find_start(pattern, text, last, _EQUALITIES), last + 1


def _find_nearest(sequence: str, templates: Sequence[str], n_candidates: int = 8) -> str:
    if not templates:
        raise ValueError("an incomplete insert needs templates to be completed from")
    words = list_words(sequence)
    ranked = sorted(
        range(len(templates)), key=lambda i: (-len(words & list_words(templates[i])), i)
    )
    best = min(
        ranked[:n_candidates],
        key=lambda i: (count_edits_within(sequence, templates[i]), i),
    )
    return templates[best]


def _fill_codes(sequence: str, template: str) -> str:
    if not set(sequence) - set("ACGT"):
        return sequence
    other, own = _make_aligner().align(template, sequence)[0]
    filled = []
    for base, beside in zip(own, other, strict=True):
        if base == "-":
            continue
        allowed = IUPAC[base]
        filled.append(beside if beside in allowed and beside != "-" else allowed[0])
    return "".join(filled)


@cache
def _make_aligner() -> PairwiseAligner:
    """Aligner by fewest edits of a query within a target; codes cost nothing at their bases."""
    from Bio.Align import PairwiseAligner, substitution_matrices

    scores = substitution_matrices.Array(alphabet="".join(IUPAC), dims=2)
    for code, bases in IUPAC.items():
        for base in "ACGT":
            scores[base, code] = 0.0 if base in bases else -1.0
    return PairwiseAligner(
        mode="global", substitution_matrix=scores, gap_score=-1.0, end_deletion_score=0.0
    )


def _extend_start(sequence: str, template: str) -> str:
    """Template's bases before the place where the sequence's first 60 bp match it."""
    flank = sequence[:_FLANK_BP]
    head = template[: 4 * _FLANK_BP]
    places = find_places(flank, head)
    start = find_start(flank, head, places.lasts[0]) if places and places.lasts else 0
    return template[:start] + sequence
