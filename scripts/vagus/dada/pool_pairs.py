"""Comparisons of a shard's sequences with the founders of the whole pool, kept for the replay.

A pair is kept if its lambda is greater than 0 in double precision (or if the sequence is the
founder itself); the partition would never keep another one, except for the first cluster, to
which all sequences belong at first (``first_log_lambda``, ``first_hamming``).

In mode ``exact`` all pairs are made that pass the model's 5-mer screen, and each sequence is
aligned with the most abundant one of the pool. In mode ``pruned``, with D the 5-mers that are
not shared, and founders in descending reads:

- a repeated sequence is compared with a founder if D <= 1.25 x (smallest D to any anchor
  before) + 20, as in ``vagus.dada.pruning``;
- a singleton if D <= 1.25 x (smallest D to any anchor) + 20; one that nothing explains then
  if D <= 1.75 x (smallest D) + 50;
- hopeless pairs (see there) are left out.

What a sequence is compared with depends on that sequence and the founders only, not on how the
pool is cut. The margins are those of the pruned mode for samples.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from vagus.archives import load_arrays, save_arrays
from vagus.dada.comparisons import Comparisons
from vagus.dada.error_model import ErrorModel
from vagus.dada.partition import measure_pairs
from vagus.dada.pool_founders import Founder
from vagus.dada.pruning import NearRule, count_fatal
from vagus.dada.settings import DadaSettings
from vagus.errors import describe_damage
from vagus.kernels.dada import partition as kernels
from vagus.numerics.functions import LEAST_LOG
from vagus.pool.plan import join_sequences
from vagus.reads.uniques import Uniques, encode_bases

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class JoinedUniques(Uniques):
    """Founders before the sequences of a shard; not sorted by reads."""

    mean_qualities: NDArray[np.uint8] | None = None

    def rounded_mean_quality(self) -> NDArray[np.uint8]:
        """As given."""
        if self.mean_qualities is None:
            raise ValueError("the qualities are not given")
        return self.mean_qualities


def join_founders(founders: Sequence[Founder], uniques: Uniques) -> JoinedUniques:
    """Founders, with qualities of 0 that are never asked for, then the sequences."""
    own, offsets = join_sequences([encode_bases(founder.sequence) for founder in founders])
    qualities = np.concatenate([np.zeros(len(own), np.uint8), uniques.rounded_mean_quality()])
    return JoinedUniques(
        bases=np.concatenate([own, uniques.bases]),
        offsets=np.concatenate([offsets[:-1], uniques.offsets + len(own)]),
        counts=np.concatenate([np.array([f.reads for f in founders], np.int32), uniques.counts]),
        quality_sums=np.empty(0, np.uint32),
        mean_qualities=qualities,
    )


@dataclass(frozen=True)
class Pairs:
    """Pairs of one shard, sorted by row and founder.

    Attributes:
        row: int32, sequence of the shard; founder: int32, place among the founders (never
            the first founder); log_lambda: float64; hamming: int32.
        counts: int32 (n,), reads of each sequence of the shard.
        first_log_lambda, first_hamming: (n,), with the first founder; -inf and 0 where the
            pair is too far to be aligned.
        nearest: int32 (n,), smallest D to any anchor.
    """

    row: Ints
    founder: Ints
    log_lambda: Floats
    hamming: Ints
    counts: Ints
    first_log_lambda: Floats
    first_hamming: Ints
    nearest: Ints

    def save(self, path: str | PathLike[str]) -> None:
        """Write as ``.npz``."""
        save_arrays(path, {field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Pairs:
        """Read what ``save`` wrote; raises VagusError for a damaged file."""
        forms = {field.name: ("iu", 1) for field in fields(cls)}
        forms |= dict.fromkeys(("log_lambda", "first_log_lambda"), ("f", 1))
        kind = "list of the comparisons of a shard"
        pairs = cls(**load_arrays(path, kind, forms))
        by_pair = (pairs.row, pairs.founder, pairs.log_lambda, pairs.hamming)
        by_row = (pairs.counts, pairs.first_log_lambda, pairs.first_hamming, pairs.nearest)
        if any(len({len(column) for column in group}) > 1 for group in (by_pair, by_row)) or (
            len(pairs.row) and not 0 <= pairs.row.min() <= pairs.row.max() < len(pairs.counts)
        ):
            raise describe_damage(kind, path)
        return pairs

    def update(self, other: Pairs, rows: NDArray[np.intp], founders: Ints) -> Pairs:
        """These with all that concerns ``rows`` taken from ``other``.

        ``founders`` says at which place each founder of these pairs is among the new ones.
        """
        is_replaced = np.zeros(len(self.counts), np.bool_)
        is_replaced[rows] = True
        keep = ~is_replaced[self.row]
        row = np.concatenate([self.row[keep], rows[other.row].astype(np.int32)])
        founder = np.concatenate([founders[self.founder[keep]], other.founder])
        order = np.lexsort((founder, row))
        changed = {}
        for name in ("first_log_lambda", "first_hamming", "nearest"):
            changed[name] = getattr(self, name).copy()
            changed[name][rows] = getattr(other, name)
        return replace(
            self,
            row=row[order],
            founder=founder[order],
            log_lambda=np.concatenate([self.log_lambda[keep], other.log_lambda])[order],
            hamming=np.concatenate([self.hamming[keep], other.hamming])[order],
            **changed,
        )


class PoolComparisons(Comparisons):
    """Comparisons that know of one founder at a time how many 5-mers it does not share."""

    known = -1

    def missing_words(self, centre: int) -> NDArray[np.uint16]:
        """As in a sample; made anew unless ``centre`` is the founder that is known."""
        if centre != self.known:
            self.missing = super().missing_words(centre)
            self.known = centre
        return self.missing

    def remember(self, centre: int, members: Ints, missing: NDArray[np.uint16]) -> None:
        """Know a founder again, for some members only."""
        self.known = centre
        self.missing[members] = missing


class PairFinder:
    """Compares some sequences with all founders; the sequences depend in nothing on each other."""

    UNEXPLAINED = NearRule.UNEXPLAINED

    def __init__(
        self,
        uniques: Uniques,
        founders: Sequence[Founder],
        model: ErrorModel,
        settings: DadaSettings,
        total_reads: int,
    ) -> None:
        self.founders = founders
        self.settings = settings
        self.log_total = math.log(max(1, total_reads))
        self.counts = uniques.counts
        self.comparisons = PoolComparisons(
            join_founders(founders, uniques), replace(settings, cache_bytes=0)
        )
        self.log_self = kernels.sum_log_self(
            self.comparisons.bases, self.comparisons.qualities,
            self.comparisons.offsets, model.log_rates(),
        )  # fmt: skip
        self.log_ratios = model.log_ratios()
        fatal = count_fatal(self.comparisons, self.log_self, self.log_ratios)[len(founders) :]
        self.far = NearRule.FAR_START + fatal / NearRule.FAR_SLOPE
        n = len(self.counts)
        self.best = np.full(n, -np.inf)
        self.first_log_lambda = np.full(n, -np.inf)
        self.first_hamming = np.zeros(n, np.int32)
        self.nearest = np.zeros(n, np.int32)
        self.found: list[tuple[Ints, Ints, Floats, Ints]] = []

    def compare(self, number: int, rows: NDArray[np.intp]) -> None:
        """Compare a founder with some rows and keep what the replay may need."""
        members = (rows + len(self.founders)).astype(np.int32)
        if len(members) == 0:
            return
        log_lambdas, hamming = measure_pairs(
            self.comparisons, number, members, self.log_self, self.log_ratios
        )
        self.best[rows] = np.maximum(self.best[rows], log_lambdas)
        if number == 0:
            self.first_log_lambda[rows] = log_lambdas
            self.first_hamming[rows] = hamming
            return
        kept = log_lambdas > LEAST_LOG
        if not kept.all():
            kept |= self.is_founder(number, rows)
        place = np.full(int(kept.sum()), number, np.int32)
        self.found.append((rows[kept].astype(np.int32), place, log_lambdas[kept], hamming[kept]))

    def is_founder(self, number: int, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        """Which rows are the founder itself: of equal length and without a missing 5-mer."""
        founder = self.comparisons.sequence(number)
        offsets, bases = self.comparisons.offsets, self.comparisons.bases
        same = self.comparisons.lengths[rows + len(self.founders)] == len(founder)
        for at in np.flatnonzero(same & (self.counts[rows] == self.founders[number].reads)):
            start = offsets[rows[at] + len(self.founders)]
            same[at] = np.array_equal(bases[start : start + len(founder)], founder)
        is_same: NDArray[np.bool_] = same & (self.counts[rows] == self.founders[number].reads)
        return is_same

    def screen(self, number: int) -> tuple[NDArray[np.uint16], NDArray[np.bool_]]:
        """5-mers that each row and the founder do not share, and whether it may be compared."""
        missing = self.comparisons.missing_words(number)
        shorter = np.minimum(self.comparisons.lengths, self.comparisons.lengths[number])
        n_words = np.maximum(shorter - 4, 1)
        own = missing[len(self.founders) :]
        passes = own / n_words[len(self.founders) :] <= self.settings.kmer_distance_cutoff
        return own, passes

    def find(self) -> Pairs:
        """All pairs of the mode."""
        if self.settings.mode == "exact":
            for number in range(len(self.founders)):
                passes = self.screen(number)[1]
                self.compare(number, np.flatnonzero(passes | (number == 0)))
        else:
            self.find_near()
        return self.collect()

    def find_near(self) -> None:
        """Candidates by the wide margin, in one pass over the founders; then the comparisons."""
        n = len(self.counts)
        nearest = np.full(n, np.inf)
        candidates: list[tuple[NDArray[np.intp], NDArray[np.uint16]]] = []
        is_single = self.counts == 1
        for number, founder in enumerate(self.founders):
            missing, passes = self.screen(number)
            wide = NearRule.WIDE_SLOPE * nearest + NearRule.WIDE_MARGIN
            near = missing <= NearRule.SLOPE * nearest + NearRule.MARGIN
            if founder.is_anchor:
                nearest = np.minimum(nearest, missing)
            passes &= missing < self.far
            rows = np.flatnonzero((missing <= wide) & (passes | (number == 0) & ~is_single))
            self.compare(number, rows[near[rows] & ~is_single[rows]])
            rows = rows[is_single[rows]]
            candidates.append((rows, missing[rows]))
        self.nearest = nearest.astype(np.int32)
        limit = NearRule.SLOPE * nearest + NearRule.MARGIN
        for number, (rows, missing) in enumerate(candidates):
            self.compare_known(number, rows, missing, missing <= limit[rows])
        wide = NearRule.WIDE_SLOPE * nearest + NearRule.WIDE_MARGIN
        wide[self.best + self.log_total >= self.UNEXPLAINED] = -1
        for number, (rows, missing) in enumerate(candidates):
            chosen = (missing > limit[rows]) & (missing <= wide[rows])
            self.compare_known(number, rows, missing, chosen)

    def compare_known(
        self,
        number: int,
        rows: NDArray[np.intp],
        missing: NDArray[np.uint16],
        chosen: NDArray[np.bool_],
    ) -> None:
        """Compare a founder with the chosen ones of rows whose 5-mers were counted before."""
        members = (rows[chosen] + len(self.founders)).astype(np.int32)
        self.comparisons.remember(number, members, missing[chosen])
        self.compare(number, rows[chosen])

    def collect(self) -> Pairs:
        """What was kept, sorted."""
        none = np.empty(0, np.int32)
        found = [(none, none, np.empty(0), none), *self.found]
        row = np.concatenate([part[0] for part in found])
        founder = np.concatenate([part[1] for part in found])
        order = np.lexsort((founder, row))
        return Pairs(
            row[order],
            founder[order],
            np.concatenate([part[2] for part in found])[order],
            np.concatenate([part[3] for part in found])[order],
            self.counts,
            self.first_log_lambda,
            self.first_hamming,
            self.nearest,
        )


def find_pairs(
    uniques: Uniques,
    founders: Sequence[Founder],
    model: ErrorModel,
    settings: DadaSettings,
    total_reads: int,
) -> Pairs:
    """Pairs of all sequences of ``uniques`` with the founders of the pool.

    ``total_reads`` are those of the pool.
    """
    return PairFinder(uniques, founders, model, settings, total_reads).find()
