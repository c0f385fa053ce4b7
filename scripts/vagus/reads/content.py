"""What a file of reads is: the part of the gene that it covers, and other amplicons."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from vagus.files import read_rows
from vagus.product import find_product
from vagus.reads.gene_span import measure_spans
from vagus.reads.pair_evidence import MIN_SHARE_BOTH, weigh_pairs
from vagus.reads.primers import PrimerPair, clean_primer
from vagus.reads.problems import WARNING, Problem
from vagus.reads.read import Read

TABLE = find_product("resources", "amplicons.tsv")
COLUMNS = (
    "name", "forward", "forward_start", "reverse", "reverse_stop", "covers", "advice", "source"
)  # fmt: skip
STRICT_ERROR_RATE, WINDOW_BP = 0.1, 150
BEYOND_BP, N_MEASURED = 1700, 50

# variable regions by position in the gene of E. coli (Chakravorty et al. 2007, J Microbiol
# Methods 69:330)
_REGIONS = ((69, 99), (137, 242), (433, 497), (576, 682), (822, 879), (986, 1043), (1117, 1173),
            (1243, 1294), (1435, 1465))  # fmt: skip


@cache
def read_amplicons(path: Path = TABLE) -> tuple[tuple[PrimerPair, str, str], ...]:
    """Pairs of other amplicons, what they cover and what to do with such reads.

    ``forward_start`` and ``reverse_stop`` are positions as in the table of primers, of those that
    are in the 16S gene.
    """
    return tuple(
        (
            PrimerPair(row["name"], clean_primer(row["forward"]), clean_primer(row["reverse"])),
            row["covers"],
            row["advice"],
        )
        for _, row in read_rows(path, "table of amplicons", COLUMNS)
    )


def describe_span(sequences: Sequence[str]) -> str:
    """The part of the gene that trimmed reads cover, in words; empty where it is not known.

    Judged by the first 50: medians of positions need no more.
    """
    span = measure_spans(sequences[:N_MEASURED])
    if span is None:
        return ""
    inside = [
        f"V{number}"
        for number, (first, last) in enumerate(_REGIONS, 1)
        if span.start <= first + 5 and span.stop >= last - 5
    ]
    if not inside:
        return ""
    name = inside[0] if len(inside) == 1 else f"{inside[0]}-{inside[-1]}"
    beyond = " and beyond it" if span.stop > BEYOND_BP else ""
    return f"{name} of 16S{beyond} (positions {span.start:.0f} to {span.stop:.0f})"


def find_other_amplicon(reads: Sequence[Read]) -> Problem | None:
    """What is said of reads with the primers of another amplicon; None where they have none."""
    known = {pair: (covers, advice) for pair, covers, advice in read_amplicons()}
    best = weigh_pairs(reads, list(known), STRICT_ERROR_RATE, WINDOW_BP)[0]
    if best.share_both < MIN_SHARE_BOTH:
        return None
    covers, advice = known[best.pair]
    return Problem(
        WARNING,
        f"{best.share_both:.0%} of the first {len(reads)} reads carry primers of {covers} "
        f"({best.pair.name}: {best.pair.forward} / {best.pair.reverse})",
        advice,
    )
