"""Find primers at the ends of a read, turn it to the sense strand, cut them off.

Each primer is searched in a window at the start of a read, and in one at its end, reversed and
complemented, so one search serves both ends. The windows are 100 bp, or as long as the adapters
and barcodes of the sample need (``vagus.reads.primer_plan``). A match may begin and end anywhere
in the window (barcodes and adapters may precede it) and may contain substitutions, insertions and
deletions, in all at most ``floor(max_error_rate * primer length)``: real primers often miss a
base (of human stool CCS reads only 49 % carry both primers when no indels are allowed).
Tie-breaks, in order:

1. Fewest errors.
2. The match that ends furthest into the read. On real HiFi reads this left the sequence that
   the other reads start with in all 4 ties of 986; the earliest end left a primer base too many.

Orientation: sense when the forward primer is found at the start and the reverse primer at the
end; antisense for the opposite; with one primer or none, conserved 16S motifs show the strand
(``vagus.reads.conserved``), else the primer alone; else it is unknown and the read stays as is.

The search is edlib's (Sosic & Sikic 2017, Bioinformatics 33:1394; Myers' bit vectors), with the
IUPAC letters as additional equalities. Compared on the windows of 986 real HiFi reads (CPU a
read, both primers, both strands where needed): edlib 11 us, cutadapt's library 7 us, cutadapt
on whole reads 66 us. Edlib was taken though slightly slower: it reports all ends of equal
distance, so the tie-break is ours (cutadapt cut one base differently in 3 of these reads, and
in the wrong place), and it found both primers in 780 of 800 stool reads, cutadapt in 777.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vagus.edits import find_places
from vagus.reads.conserved import ANTISENSE, SENSE, UNKNOWN_STRAND, find_strand
from vagus.reads.primers import IUPAC, PrimerPair
from vagus.reads.quality import sum_expected_errors
from vagus.reads.sources import Read
from vagus.sequences import reverse_complement

WINDOW_BP = 100
MIN_PARTIAL_BP, PARTIAL_BP_PER_ERROR = 4, 8
SITE_ERROR_RATE, SITE_WINDOW_BP = 0.15, 500


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
    """A read on the sense strand (if that is known) without its primers."""

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
        places = find_places(self.primer, window, self.max_errors, self._equalities)
        return None if places is None else Match(places.edits, places.lasts[-1] + 1)


class PairFinder:
    """Searches both primers of a pair at the ends of reads."""

    def __init__(self, pair: PrimerPair, max_error_rate: float) -> None:
        self.pair = pair
        self.forward = PrimerFinder(pair.forward, max_error_rate)
        self.reverse = PrimerFinder(pair.reverse, max_error_rate)

    def find(self, head: str, tail: str) -> tuple[Ends, Ends]:
        """Ends as a sense and, unless these are both there, as an antisense read."""
        sense = Ends(self.forward.find(head), self.reverse.find(tail))
        if sense.n_found == 2:
            return sense, NO_ENDS
        return sense, Ends(self.forward.find(tail), self.reverse.find(head))


class PrimerTrimmer:
    """Orients and trims reads by primer pairs, or by motifs alone when there are none.

    Of several pairs each read is trimmed by the one of which it has most primers, then fewest
    errors, then the first. Where one primer suffices (``are_ends_ragged``), what is left of the
    other at the end of a read is cut off too, so that reads of both strands end alike. Reads whose
    ends differ still are cut at ``sites``: conserved sites, one for the 5' and one for the 3' end,
    empty where none is needed. The site stays on; a read without it counts as without primers.
    """

    def __init__(
        self,
        pairs: Sequence[PrimerPair],
        max_error_rate: float,
        window_bp: int = WINDOW_BP,
        are_ends_ragged: bool = False,
        sites: tuple[str, str] = ("", ""),
    ) -> None:
        self._finders = [PairFinder(pair, max_error_rate) for pair in pairs]
        self._window_bp = window_bp
        self._are_ends_ragged = are_ends_ragged
        five, three = sites[0], reverse_complement(sites[1])
        self._sites = [
            PrimerFinder(site, SITE_ERROR_RATE) if site else None for site in (five, three)
        ]

    def trim(self, read: Read) -> TrimmedRead:
        """The read on the sense strand without the primers that it carries."""
        strand, ends, pair = self._orient(read.sequence)
        sequence, quality = read.sequence, read.quality
        if strand == ANTISENSE:
            sequence, quality = reverse_complement(sequence), quality[::-1]
        start = ends.forward.stop if ends.forward else 0
        rest = ends.reverse.stop if ends.reverse else 0
        n_primers = ends.n_found
        if self._are_ends_ragged and pair is not None and n_primers:
            start = start or find_partial(pair.forward, sequence)
            rest = rest or find_partial(pair.reverse, reverse_complement(sequence[-WINDOW_BP:]))
            start, rest, is_whole = self._reach_sites(sequence, start, rest)
            n_primers *= is_whole
        stop = max(start, len(sequence) - rest)
        return TrimmedRead(
            read.name, sequence[start:stop], quality[start:stop],
            read.accuracy, read.passes, strand, n_primers,
        )  # fmt: skip

    def _reach_sites(self, sequence: str, start: int, rest: int) -> tuple[int, int, bool]:
        """Bases to cut at either end so that the read ends at the sites, and if it has them."""
        cuts = [start, rest]
        for side, finder in enumerate(self._sites):
            if finder is None:
                continue
            strand = reverse_complement(sequence) if side else sequence
            match = finder.find(strand[cuts[side] : cuts[side] + SITE_WINDOW_BP])
            if match is None:
                return start, rest, False
            cuts[side] += max(0, match.stop - len(finder.primer))
        return cuts[0], cuts[1], True

    def _orient(self, sequence: str) -> tuple[str, Ends, PrimerPair | None]:
        if not self._finders:
            return find_strand(sequence), NO_ENDS, None
        head, tail = cut_windows(sequence, self._window_bp)
        found = [finder.find(head, tail) for finder in self._finders]
        best = 0
        if len(found) > 1:
            best = min(range(len(found)), key=lambda i: min(map(_rank_ends, found[i])))
        sense, antisense = found[best]
        pair = self._finders[best].pair
        if sense.n_found == 2:
            return SENSE, sense, pair
        if antisense.n_found == 2:
            return ANTISENSE, antisense, pair
        strand = find_strand(sequence)
        if strand == UNKNOWN_STRAND:
            strand = choose_strand(sense, antisense)
        return strand, antisense if strand == ANTISENSE else sense, pair


def cut_windows(sequence: str, window_bp: int = WINDOW_BP) -> tuple[str, str]:
    """The first bases, and the last ones on the other strand."""
    return sequence[:window_bp], reverse_complement(sequence[-window_bp:])


def find_partial(primer: str, sequence: str) -> int:
    """Bases at the start of a read that are the last ones of a primer, cut off within it.

    The longest stretch of 4 bases or more with at most one difference in 8 bases; 0 without one.
    """
    for size in range(min(len(primer), len(sequence)) - 1, MIN_PARTIAL_BP - 1, -1):
        n_errors = sum(
            base not in IUPAC[letter]
            for letter, base in zip(primer[-size:], sequence[:size], strict=True)
        )
        if n_errors <= size // PARTIAL_BP_PER_ERROR:
            return size
    return 0


def _rank_ends(ends: Ends) -> tuple[int, int]:
    return -ends.n_found, ends.errors


def choose_strand(sense: Ends, antisense: Ends) -> str:
    """Strand of a read by single primers: more found, then fewer errors; ``?`` when equal."""
    keys = [_rank_ends(ends) for ends in (sense, antisense)]
    if keys[0] == keys[1]:
        return UNKNOWN_STRAND
    return SENSE if keys[0] < keys[1] else ANTISENSE
