"""Find primers at the ends of a read, turn it to the sense strand, cut them off.

Each primer is searched in the first 100 bp of a read, and in the last 100 bp reversed and
complemented, so one search serves both ends. A match may begin and end anywhere in the window
(barcodes and adapters may precede it) and may hold substitutions, insertions and deletions, in
all at most ``floor(max_error_rate * primer length)``: real primers often lack a base (of human
stool CCS reads only 49 % carry both primers when no indels are allowed). Tie-breaks, in order:

1. Fewest errors.
2. The match that ends furthest into the read. On real HiFi reads this left the sequence that
   the other reads start with in all 4 ties of 986; the earliest end left a primer base too many.

Orientation: sense when the forward primer is found at the start and the reverse primer at the
end; antisense for the opposite; with one primer or none, conserved 16S motifs tell the strand
(``vagus.reads.conserved``), else the primer alone; else it is unknown and the read stays as is.

The search is edlib's (Sosic & Sikic 2017, Bioinformatics 33:1394; Myers' bit vectors), with the
IUPAC letters as additional equalities. Compared on the windows of 986 real HiFi reads (CPU a
read, both primers, both strands where needed): edlib 11 us, cutadapt's library 7 us, cutadapt
on whole reads 66 us. Edlib was taken though slightly slower: it reports all ends of equal
distance, so the tie-break is ours (cutadapt cut one base differently in 3 of these reads, and
in the wrong place), and it found both primers in 780 of 800 stool reads, cutadapt in 777.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import edlib
import numpy as np
from numpy.typing import NDArray

from vagus.reads.conserved import ANTISENSE, SENSE, UNKNOWN_STRAND, tell_strand
from vagus.reads.primers import IUPAC, PrimerPair
from vagus.reads.quality import sum_expected_errors
from vagus.reads.sources import Read
from vagus.sequences import reverse_complement

WINDOW_BP = 100
MAX_INNER_OVERHANG_BP = 10
MIN_SHARE_BOTH = 0.2
MIN_SHARE_ANY = 0.5


class Match(NamedTuple):
    """A primer at an end: its errors, and how many bases of that end go with it."""

    errors: int
    stop: int


class Ends(NamedTuple):
    """Matches at the 5' and 3' end of the strand that is looked at."""

    forward: Match | None
    reverse: Match | None

    @property
    def n_found(self) -> int:
        """Number of primers found: 0, 1 or 2."""
        return (self.forward is not None) + (self.reverse is not None)

    @property
    def errors(self) -> int:
        """Errors in the primers found."""
        return sum(match.errors for match in self if match is not None)


NO_ENDS = Ends(None, None)


@dataclass(slots=True)
class TrimmedRead:
    """A read on the sense strand (if that could be told) without its primers."""

    name: str
    sequence: str
    quality: NDArray[np.uint8]
    accuracy: float | None
    passes: int | None
    strand: str
    n_primers: int
    _expected_errors: float = -1.0

    @property
    def expected_errors(self) -> float:
        """Expected errors of what is left of the read."""
        if self._expected_errors < 0:
            self._expected_errors = sum_expected_errors(self.quality, self.accuracy)
        return self._expected_errors


class PrimerFinder:
    """Searches one primer, 5' to 3', in the window at one end of a read."""

    def __init__(self, primer: str, max_error_rate: float) -> None:
        self.primer = primer
        self.max_errors = int(max_error_rate * len(primer) + 1e-9)
        self._equalities = [
            (letter, base) for letter in sorted(set(primer) - set("ACGT")) for base in IUPAC[letter]
        ]

    def find(self, window: str) -> Match | None:
        """The best match in ``window`` by the tie-breaks of this module; None without one."""
        if not window:
            return None
        found = edlib.align(
            self.primer, window, "HW", "distance", self.max_errors, self._equalities
        )
        if found["editDistance"] < 0:
            return None
        return Match(found["editDistance"], max(last for _, last in found["locations"]) + 1)


class PrimerTrimmer:
    """Orients and trims reads by one primer pair, or by motifs alone when ``pair`` is None."""

    def __init__(self, pair: PrimerPair | None, max_error_rate: float) -> None:
        self.pair = pair
        self._finders = None
        if pair is not None:
            self._finders = (
                PrimerFinder(pair.forward, max_error_rate),
                PrimerFinder(pair.reverse, max_error_rate),
            )

    def trim(self, read: Read) -> TrimmedRead:
        """The read on the sense strand without the primers that it carries."""
        strand, ends = self._orient(read.sequence)
        sequence, quality = read.sequence, read.quality
        if strand == ANTISENSE:
            sequence, quality = reverse_complement(sequence), quality[::-1]
        start = ends.forward.stop if ends.forward else 0
        stop = len(sequence) - (ends.reverse.stop if ends.reverse else 0)
        stop = max(start, stop)
        return TrimmedRead(
            read.name, sequence[start:stop], quality[start:stop],
            read.accuracy, read.passes, strand, ends.n_found,
        )  # fmt: skip

    def _orient(self, sequence: str) -> tuple[str, Ends]:
        if self._finders is None:
            return tell_strand(sequence), NO_ENDS
        head, tail = cut_windows(sequence)
        forward, reverse = self._finders
        sense = Ends(forward.find(head), reverse.find(tail))
        if sense.n_found == 2:
            return SENSE, sense
        antisense = Ends(forward.find(tail), reverse.find(head))
        if antisense.n_found == 2:
            return ANTISENSE, antisense
        strand = tell_strand(sequence)
        if strand == UNKNOWN_STRAND:
            strand = choose_strand(sense, antisense)
        return strand, antisense if strand == ANTISENSE else sense


def cut_windows(sequence: str) -> tuple[str, str]:
    """The first 100 bp, and the last 100 bp on the other strand."""
    return sequence[:WINDOW_BP], reverse_complement(sequence[-WINDOW_BP:])


def choose_strand(sense: Ends, antisense: Ends) -> str:
    """Strand of a read by single primers: more found, then fewer errors; ``?`` when equal."""
    keys = [(-ends.n_found, ends.errors) for ends in (sense, antisense)]
    if keys[0] == keys[1]:
        return UNKNOWN_STRAND
    return SENSE if keys[0] < keys[1] else ANTISENSE


@dataclass(frozen=True)
class PairEvidence:
    """How well a pair fits a sample of reads.

    Attributes:
        pair: the pair.
        share_both: share of reads with both primers.
        share_any: share of reads with at least one.
        matched_bp: mean over reads of primer bases found minus errors twice.
    """

    pair: PrimerPair
    share_both: float
    share_any: float
    matched_bp: float

    @property
    def is_present(self) -> bool:
        """At least a fifth of the reads carry both primers, or half of them one."""
        return self.share_both >= MIN_SHARE_BOTH or self.share_any >= MIN_SHARE_ANY


def weigh_pairs(
    reads: Sequence[Read], pairs: Sequence[PrimerPair], max_error_rate: float
) -> list[PairEvidence]:
    """Evidence for each pair, best first: most bases matched, then the order of ``pairs``.

    Counting matched bases minus errors prefers the exact variant of a primer to a shorter or
    differently degenerate one at the same site. An inner primer (``PrimerPair``) counts only
    within 10 bp of the end. ``reads`` is not empty.
    """
    if not pairs:
        return []
    letters = sorted({*(pair.forward for pair in pairs), *(pair.reverse for pair in pairs)})
    finders = {primer: PrimerFinder(primer, max_error_rate) for primer in letters}
    totals = np.zeros((len(pairs), 3))
    for read in reads:
        head, tail = cut_windows(read.sequence)
        heads = {primer: finder.find(head) for primer, finder in finders.items()}
        tails = {primer: finder.find(tail) for primer, finder in finders.items()}
        for i, pair in enumerate(pairs):
            totals[i] += _weigh_read(pair, heads, tails)
    shares = totals / len(reads)
    evidence = [
        PairEvidence(pair, *map(float, row)) for pair, row in zip(pairs, shares, strict=True)
    ]
    return sorted(evidence, key=lambda item: -round(item.matched_bp, 9))


def _weigh_read(
    pair: PrimerPair, heads: dict[str, Match | None], tails: dict[str, Match | None]
) -> tuple[int, int, int]:
    sense = _keep_plausible(pair, Ends(heads[pair.forward], tails[pair.reverse]))
    antisense = _keep_plausible(pair, Ends(tails[pair.forward], heads[pair.reverse]))
    best = max(sense, antisense, key=lambda ends: _count_matched(pair, ends))
    return best.n_found == 2, best.n_found > 0, _count_matched(pair, best)


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
