"""Sequence contexts in which reads of one strand err far more often than their qualities say.

Nearly all contexts err as the qualities say; about one in a thousand does not, and by orders of
magnitude. So rates are not drawn to a common mean: a context is *hot* or not, and of a hot one
the rate is counted. An event (a base seen as another, or deleted) is hot on one strand if

1. it was seen there at least ``MIN_EVENTS`` times and more than ``MIN_FOLD`` times as often as
   the qualities promise;
2. chance is no explanation: n ln(n / e) - n + e, Chernoff's bound on the Poisson tail of n
   events where e are expected, exceeds ``MIN_LOG_EXCESS``;
3. a variant is none either: two rates, one a strand, explain the events of the two strands
   better than one rate by more than ``MIN_LOG_ODDS``. A variant is read on both strands.

So a protocol that reads one strand only has no hot contexts, and is less protected.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.kernels.phase.columns import NONE
from vagus.kernels.phase.counts import count_contexts
from vagus.numerics.functions import log
from vagus.phase.error_tables import FLANK_BP, ErrorTables, encode_flanks
from vagus.phase.pileup import Pileup

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MIN_EVENTS = 4.0
MIN_FOLD = 3.0
MIN_LOG_EXCESS = 9.0
MIN_LOG_ODDS = math.log(20.0)
PRIOR_CHANCES = 10.0
MAX_BOTH_SHARE = 0.08
"""Columns in which both strands show another state more often than this contain a variant."""


@dataclass(frozen=True)
class HotContext:
    """One event that is systematic in one context on one strand.

    Attributes:
        strand: 0 sense, 1 antisense.
        flank, middle: the context (``error_tables``), its middle base the true one.
        state: base seen instead, or ``NONE`` for a deletion.
        observed, chances, expected: events, reads, events that the qualities promise.
    """

    strand: int
    flank: int
    middle: int
    state: int
    observed: float
    chances: float
    expected: float

    @property
    def rate(self) -> float:
        """Events a read, drawn to the expected by ``PRIOR_CHANCES`` reads."""
        promised = self.expected / self.chances
        return (self.observed + PRIOR_CHANCES * promised) / (self.chances + PRIOR_CHANCES)

    @property
    def excess(self) -> float:
        """What the context adds to the rate that the qualities promise; at least zero."""
        return max(0.0, self.rate - self.expected / self.chances)


@dataclass(frozen=True)
class ContextCounts:
    """Events by context: keys (flank * 4 + middle), observed and expected (n, 2 strands, 5)."""

    keys: Ints
    observed: Floats
    expected: Floats

    @classmethod
    def of_pileup(cls, pileup: Pileup, tables: ErrorTables) -> ContextCounts:
        """Counts at every base of a leaf's backbone but the outer ones and variant columns."""
        observed, expected = count_contexts(
            pileup.states, pileup.qualities, pileup.rows, pileup.strands, pileup.weights,
            pileup.own_calls, pileup.runs, tables.rates,
        )  # fmt: skip
        keys = encode_flanks(pileup.backbone) * 4
        inner = slice(FLANK_BP, FLANK_BP + len(keys))
        keys += pileup.backbone[inner]
        observed, expected = observed[inner], expected[inner]
        kept = ~_find_variants(observed, keys % 4)
        return cls(keys[kept], observed[kept], expected[kept])

    @classmethod
    def join(cls, parts: Iterable[ContextCounts]) -> ContextCounts:
        """The sums of equal contexts, in the order of their keys."""
        listed = list(parts)
        if not listed:
            return cls(np.empty(0, np.int64), np.empty((0, 2, 5)), np.empty((0, 2, 5)))
        keys, place = np.unique(np.concatenate([part.keys for part in listed]), return_inverse=True)
        sums = []
        for name in ("observed", "expected"):
            total = np.zeros((len(keys), 2, 5))
            np.add.at(total, place, np.concatenate([getattr(part, name) for part in listed]))
            sums.append(total)
        return cls(keys, sums[0], sums[1])

    def find_hot(self) -> tuple[HotContext, ...]:
        """The hot ones by strand, context and event."""
        reads = self.observed.sum(axis=2, keepdims=True)
        found = []
        for strand in (0, 1):
            n, e = self.observed[:, strand], self.expected[:, strand]
            other = self.observed[:, 1 - strand]
            is_hot = (n >= MIN_EVENTS) & (n > MIN_FOLD * e) & (_log_excess(n, e) > MIN_LOG_EXCESS)
            odds = _log_odds(n, reads[:, strand], other, reads[:, 1 - strand])
            is_hot &= odds > MIN_LOG_ODDS
            is_hot[np.arange(len(n)), self.keys % 4] = False
            for i, state in zip(*np.nonzero(is_hot), strict=True):
                key = int(self.keys[i])
                found.append(HotContext(
                    strand, key // 4, key % 4, int(state), float(n[i, state]),
                    float(reads[i, strand, 0]), float(e[i, state]),
                ))  # fmt: skip
        return tuple(found)


def _find_variants(observed: Floats, middle: Ints) -> NDArray[np.bool_]:
    """Columns in which some other state has a large share on both strands."""
    shares = observed / np.maximum(1.0, observed.sum(axis=2, keepdims=True))
    both = shares.min(axis=1)
    both[np.arange(len(middle)), middle] = 0.0
    found: NDArray[np.bool_] = both.max(axis=1, initial=0.0) > MAX_BOTH_SHARE
    return found


def _log_excess(n: Floats, e: Floats) -> Floats:
    """Chernoff's bound in nats; 0 where no more than expected."""
    ratio = np.maximum(n, 1e-300) / np.maximum(e, 1e-9)
    return np.where(n > e, n * log(ratio) - n + e, 0.0)


def _log_odds(n: Floats, reads: Floats, other: Floats, other_reads: Floats) -> Floats:
    """Nats by which a rate for each strand beats one for both; 0 if the other's is greater."""
    total, all_reads = n + other, np.maximum(1e-9, reads + other_reads)
    common = np.maximum(total, 1e-300) / all_reads
    mine = np.maximum(n, 1e-300) / np.maximum(1e-9, reads)
    others = np.maximum(other, 1e-300) / np.maximum(1e-9, other_reads)
    odds = n * log(mine / common) + np.where(other > 0, other * log(others / common), 0.0)
    return np.where((mine > others) & (other_reads > 0), odds, 0.0)


def tabulate_excess(contexts: Iterable[HotContext]) -> tuple[Ints, Floats]:
    """Flanks and excess as ``ErrorTables`` has them."""
    listed = list(contexts)
    flanks = np.unique(np.array([context.flank for context in listed], np.int64))
    excess = np.zeros((len(flanks) + 1, 2, 4, NONE + 1))
    for context in listed:
        place = 1 + int(np.searchsorted(flanks, context.flank))
        excess[place, context.strand, context.middle, context.state] = context.excess
    bases = np.arange(4)
    excess[:, :, bases, bases] = -excess.sum(axis=3)
    return flanks, excess
