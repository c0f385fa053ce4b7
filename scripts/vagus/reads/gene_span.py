"""Which part of the 16S gene do reads cover? Judged by where conserved motifs are in them.

A motif at a known position of the gene of E. coli gives the position at which a read would begin
if nothing were inserted or deleted before it: position of the motif minus its place in the read.
The outermost motif that is found is used, because few insertions are between it and the end. In
reads of 27F and 1492R whose primers were cut off the medians are 28 and 1491, to a base or two;
primers, adapters and barcodes that are still on move them outwards by their whole length.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from vagus.reads.conserved import ANTISENSE, MOTIFS, UNKNOWN_STRAND, find_strand
from vagus.sequences import reverse_complement

FIRST, LAST = 28, 1491  # of the gene between 27F and 1492R
SLACK_BP = 12
MIN_READS = 5

# 1-based positions of the first base in the gene of E. coli
_STARTS = {"338": 342, "515": 524, "683": 685, "787": 785, "910": 917, "968": 968, "1048": 1061,
           "1098": 1101, "1330": 1338, "1391": 1394}  # fmt: skip
# (position, motif), from the 5' to the 3' end of the gene
SITES = tuple(sorted([(51, "ACACATGCAAGTCG"), *((_STARTS[k], m) for k, m in MOTIFS.items())]))


LONGEST_GENE_BP = 1800
_LAST_SITE, _REVERSE_SITE = MOTIFS["1391"], "AAGTCGTAACAAGG"
_AFTER_LAST_BP, _AFTER_REVERSE_BP, _BETWEEN_BP = 149, 51, 250


def cut_gene(sequence: str) -> str:
    """The 16S gene of a longer sequence, such as an operon, on the sense strand.

    The gene ends 50 bases behind the first of the site of 1492R, which follows that of 1391R; where
    it is not found, 148 bases behind the first of the latter. All of it without such sites.
    """
    if len(sequence) <= LONGEST_GENE_BP:
        return sequence
    last = sequence.find(_LAST_SITE)
    if last < 0:
        return sequence
    reverse = sequence.find(_REVERSE_SITE, last, last + _BETWEEN_BP)
    stop = last + _AFTER_LAST_BP if reverse < 0 else reverse + _AFTER_REVERSE_BP
    return sequence[:stop]


@dataclass(frozen=True)
class GeneSpan:
    """Positions in the gene at which reads begin and end, sense strand; medians over reads."""

    start: float
    stop: float
    n_reads: int

    @property
    def is_trimmed(self) -> bool:
        """Whether nothing is outside of what 27F and 1492R amplify, as in trimmed reads."""
        return self.start >= FIRST - SLACK_BP and self.stop <= LAST + SLACK_BP


def measure_span(sequence: str) -> tuple[int, int] | None:
    """First and last position of the gene that a read would cover; None without motifs."""
    strand = find_strand(sequence)
    if strand == UNKNOWN_STRAND:
        return None
    if strand == ANTISENSE:
        sequence = reverse_complement(sequence)
    first = next(
        (site - place for site, motif in SITES if (place := sequence.find(motif)) >= 0), None
    )
    last = next(
        (
            site + len(sequence) - 1 - place
            for site, motif in reversed(SITES)
            if (place := sequence.rfind(motif)) >= 0
        ),
        None,
    )
    return None if first is None or last is None else (first, last)


def measure_spans(sequences: Iterable[str]) -> GeneSpan | None:
    """Medians over the reads with motifs; None with fewer than five of them."""
    spans = [span for sequence in sequences if (span := measure_span(sequence)) is not None]
    if len(spans) < MIN_READS:
        return None
    start, stop = np.median(np.array(spans), axis=0)
    return GeneSpan(float(start), float(stop), len(spans))
