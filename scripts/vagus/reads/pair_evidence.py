"""How well primer pairs fit the first reads of a sample."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.reads.conserved import ANTISENSE, SENSE, tell_strand
from vagus.reads.primers import PrimerPair
from vagus.reads.sources import Read
from vagus.reads.trimming import NO_ENDS, WINDOW_BP, Ends, Match, PrimerFinder, cut_windows

MAX_INNER_OVERHANG_BP = 10
MIN_SHARE_BOTH = 0.2
MIN_SHARE_ANY = 0.5


@dataclass(frozen=True, eq=False)
class PairEvidence:
    """How well a pair fits a sample of reads.

    Attributes:
        pair: the pair.
        found: primers of the pair on each read, 0 to 2; int8, shape (n_reads,).
        stops: bases from the end of the read to the inner end of each primer found; int64.
        matched_bp: mean over reads of primer bases found minus errors twice.
    """

    pair: PrimerPair
    found: NDArray[np.int8]
    stops: NDArray[np.int64]
    matched_bp: float

    @property
    def share_both(self) -> float:
        """Share of reads with both primers."""
        return float((self.found == 2).mean())

    @property
    def share_any(self) -> float:
        """Share of reads with at least one."""
        return float((self.found > 0).mean())

    @property
    def is_present(self) -> bool:
        """At least a fifth of the reads carry both primers, or half of them one."""
        return self.share_both >= MIN_SHARE_BOTH or self.share_any >= MIN_SHARE_ANY


def weigh_pairs(
    reads: Sequence[Read],
    pairs: Sequence[PrimerPair],
    max_error_rate: float,
    window_bp: int = WINDOW_BP,
    has_strands: bool = False,
    are_given: bool = False,
) -> list[PairEvidence]:
    """Evidence for each pair, best first: most bases matched, then the order of ``pairs``.

    Counting matched bases minus errors prefers the exact variant of a primer to a shorter or
    differently degenerate one at the same site. An inner primer (``PrimerPair``) counts only
    within 10 bp of the end or, of pairs that the user gave (``are_given``), beside the other one.
    With ``has_strands``, only the strand that the motifs show counts, in reads with motifs.
    ``reads`` is not empty.
    """
    if not pairs:
        return []
    letters = sorted({*(pair.forward for pair in pairs), *(pair.reverse for pair in pairs)})
    finders = {primer: PrimerFinder(primer, max_error_rate) for primer in letters}
    found = np.zeros((len(pairs), len(reads)), np.int8)
    stops: list[list[int]] = [[] for _ in pairs]
    matched = [0] * len(pairs)
    for number, read in enumerate(reads):
        head, tail = cut_windows(read.sequence, window_bp)
        heads = {primer: finder.find(head) for primer, finder in finders.items()}
        tails = {primer: finder.find(tail) for primer, finder in finders.items()}
        strand = tell_strand(read.sequence) if has_strands else ""
        for i, pair in enumerate(pairs):
            ends, n_bases = _choose_ends(pair, (heads, tails), strand, are_given)
            found[i, number] = ends.n_found
            matched[i] += n_bases
            stops[i] += [match.stop for match in ends if match is not None]
    evidence = [
        PairEvidence(pair, row, np.array(own, np.int64), total / len(reads))
        for pair, row, own, total in zip(pairs, found, stops, matched, strict=True)
    ]
    return sorted(evidence, key=lambda item: -round(item.matched_bp, 9))


def _choose_ends(
    pair: PrimerPair,
    found: tuple[dict[str, Match | None], dict[str, Match | None]],
    strand: str,
    is_given: bool,
) -> tuple[Ends, int]:
    """The better strand of a read, and the primer bases matched on it minus errors twice."""
    heads, tails = found
    sense = Ends(heads[pair.forward], tails[pair.reverse])
    antisense = Ends(tails[pair.forward], heads[pair.reverse])
    if not (is_given and sense.n_found == 2):
        sense = _keep_plausible(pair, sense)
    if not (is_given and antisense.n_found == 2):
        antisense = _keep_plausible(pair, antisense)
    if strand == SENSE:
        antisense = NO_ENDS
    elif strand == ANTISENSE:
        sense = NO_ENDS
    counts = _count_matched(pair, sense), _count_matched(pair, antisense)
    return (sense, counts[0]) if counts[0] >= counts[1] else (antisense, counts[1])


def _keep_plausible(pair: PrimerPair, ends: Ends) -> Ends:
    """Without matches of inner primers away from the end: there the site is just a site."""
    forward, reverse = ends
    if forward and pair.is_forward_inner and _overhang(forward, pair.forward) > 0:
        forward = None
    if reverse and pair.is_reverse_inner and _overhang(reverse, pair.reverse) > 0:
        reverse = None
    return Ends(forward, reverse)


def _overhang(match: Match, primer: str) -> int:
    """Bases outside of a primer beyond those that an inner primer may have."""
    return match.stop - len(primer) - MAX_INNER_OVERHANG_BP


def _count_matched(pair: PrimerPair, ends: Ends) -> int:
    n_bases = 0 if ends.forward is None else len(pair.forward)
    n_bases += 0 if ends.reverse is None else len(pair.reverse)
    return n_bases - 2 * ends.errors


def detect_pair(evidence: Iterable[PairEvidence]) -> PrimerPair | None:
    """The best pair if it is there at all; None when the reads carry no known pair."""
    best = next(iter(evidence), None)
    return best.pair if best is not None and best.is_present else None
