"""How well primer pairs fit the first reads of a sample."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vagus.reads.conserved import ANTISENSE, SENSE, find_strand
from vagus.reads.primers import PrimerPair
from vagus.reads.sources import Read
from vagus.reads.trimming import WINDOW_BP, Match, PrimerFinder, cut_windows

MAX_INNER_OVERHANG_BP = 10
MIN_SHARE_BOTH = 0.2
MIN_SHARE_ANY = 0.5
N_REMEMBERED = 20_000
_NO_MATCH = Match(-1, 0)


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
    windows = [cut_windows(read.sequence, window_bp) for read in reads]
    strands = [find_strand(read.sequence) if has_strands else "" for read in reads]
    allowed = np.array([[s != ANTISENSE for s in strands], [s != SENSE for s in strands]])
    primers = sorted({primer for pair in pairs for primer in (pair.forward, pair.reverse)})
    found = {primer: _search(primer, max_error_rate, windows) for primer in primers}
    evidence = [_weigh_pair(pair, found, allowed, are_given) for pair in pairs]
    return sorted(evidence, key=lambda item: -round(item.matched_bp, 9))


class _Found(NamedTuple):
    """A primer at both ends of reads: errors (-1 without a match) and bases that go with it.

    Both int64, shape (2, n_reads): at the start, and at the end.
    """

    errors: NDArray[np.int64]
    stops: NDArray[np.int64]


@lru_cache(maxsize=N_REMEMBERED)
def _find(primer: str, max_error_rate: float, window: str) -> Match:
    """The match of a primer; windows are looked at again for each question of a sample."""
    return _make_finder(primer, max_error_rate).find(window) or _NO_MATCH


@cache
def _make_finder(primer: str, max_error_rate: float) -> PrimerFinder:
    return PrimerFinder(primer, max_error_rate)


def _search(primer: str, max_error_rate: float, windows: Sequence[tuple[str, str]]) -> _Found:
    matches = [_find(primer, max_error_rate, ends[side]) for side in (0, 1) for ends in windows]
    table = np.fromiter(chain.from_iterable(matches), np.int64, 2 * len(matches))
    table = table.reshape(2, len(windows), 2)
    return _Found(table[..., 0], table[..., 1])


def _weigh_pair(
    pair: PrimerPair, found: Mapping[str, _Found], allowed: NDArray[np.bool_], is_given: bool
) -> PairEvidence:
    """Evidence for one pair: of each read the strand on which more bases are matched counts.

    ``allowed``: strands that may count; bool, shape (2, n_reads).
    """
    forward, reverse = found[pair.forward], found[pair.reverse]
    # strand, primer, read: as a sense read the forward primer is at the start
    errors = np.stack([[forward.errors[0], reverse.errors[1]],
                       [forward.errors[1], reverse.errors[0]]])  # fmt: skip
    stops = np.stack([[forward.stops[0], reverse.stops[1]], [forward.stops[1], reverse.stops[0]]])
    sizes = np.array([len(pair.forward), len(pair.reverse)])[:, None]
    are_inner = np.array([pair.is_forward_inner, pair.is_reverse_inner])[:, None]
    is_found = errors >= 0
    is_whole = is_found.all(axis=1, keepdims=True) & is_given
    is_found &= is_whole | ~(are_inner & (stops - sizes > MAX_INNER_OVERHANG_BP))
    is_found &= allowed[:, None, :]
    matched = ((sizes - 2 * errors) * is_found).sum(axis=1)
    strand = (matched[1] > matched[0]).astype(np.int64)
    of_reads = np.arange(strand.size)
    chosen = is_found[strand, :, of_reads]
    return PairEvidence(
        pair,
        chosen.sum(axis=1).astype(np.int8),
        stops[strand, :, of_reads][chosen],
        float(matched[strand, of_reads].sum()) / strand.size,
    )


def detect_pair(evidence: Iterable[PairEvidence]) -> PrimerPair | None:
    """The best pair if it is there at all; None when the reads carry no known pair."""
    best = next(iter(evidence), None)
    return best.pair if best is not None and best.is_present else None
