"""Variants compete for reads: shares by expectation maximisation, then each must be needed.

A variant stays if, with it, the reads are likelier than without it by more than what the best
of all sequences with as many differences from its nearest neighbour gains by chance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.kernels.phase import shares as kernels
from vagus.numerics.functions import log
from vagus.numerics.products import multiply
from vagus.phase.evidence import (
    MAX_STRAND_SITES,
    count_log_alternatives,
    count_sites,
    is_strand_bound,
    weigh_strands,
)
from vagus.phase.families import Block
from vagus.phase.settings import PhaseSettings

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_ROUNDS = 60
DROP_ROUNDS = 3
TOUCHED = 1e-4
NOWHERE = -1e30


@dataclass(frozen=True)
class Evidence:
    """What a variant rests on: T of leaving it out, differences from its nearest neighbour."""

    statistic: float
    neighbour: int
    columns: Ints

    @property
    def n_differences(self) -> int:
        """Differing columns; at least one."""
        return max(1, len(self.columns))


@dataclass(frozen=True)
class _Touched:
    """Reads of one block that a variant, at ``place`` of ``variants``, has a share of."""

    variants: Ints
    place: int
    fits: Floats
    weights: Floats
    shares: Floats
    total: Floats

    def share_without(self) -> Floats:
        """Shares of the others, scaled to one; zero where there are none."""
        moved = self.shares.copy()
        moved[:, self.place] = 0.0
        total = moved.sum(axis=1, keepdims=True)
        scaled: Floats = np.where(total > 0, moved / np.maximum(total, 1e-300), 0.0)
        return scaled


@dataclass(frozen=True)
class Family:
    """Variants whose reads depend on one another, and the numbers of their blocks.

    Families are independent: each is settled by itself.
    """

    variants: Ints
    blocks: list[int]


class Competition:
    """The variants of a sample and how their reads are divided among them."""

    def __init__(
        self,
        blocks: list[Block],
        lengths: list[int],
        settings: PhaseSettings,
        *,
        has_strands: bool,
        n_priors: int = 0,
    ) -> None:
        self.blocks = blocks
        self.lengths = lengths
        self.settings = settings
        self.has_strands = has_strands
        self.n_variants = len(lengths)
        self.first_prior = self.n_variants - n_priors
        self.n_priors = n_priors
        self.is_alive = np.ones(self.n_variants, bool)
        self.expected = self._count_homes()
        self.touching = self._list_touching()
        self.families = self._list_families()

    def _count_homes(self) -> Floats:
        """Start: every read at its home; a prior has the reads that prefer it to their home."""
        expected = np.zeros(self.n_variants)
        for block in self.blocks:
            expected[block.home] += block.weights.sum()
            for x, variant in enumerate(block.variants):
                if variant >= self.first_prior and x:
                    expected[variant] += block.weights[block.fits[:, x] > 0].sum()
        return expected

    def _list_touching(self) -> list[list[tuple[int, int]]]:
        """For each variant the (block, place) in which it is."""
        touching: list[list[tuple[int, int]]] = [[] for _ in range(self.n_variants)]
        for number, block in enumerate(self.blocks):
            for place, variant in enumerate(block.variants):
                touching[variant].append((number, place))
        return touching

    def _log_shares(self, variants: Ints | None = None) -> Floats:
        """Logarithms of the reads of all variants, or of these; the others are nowhere."""
        shares = np.full(self.n_variants, NOWHERE)
        positive = np.arange(self.n_variants) if variants is None else variants
        positive = positive[self.is_alive[positive] & (self.expected[positive] > 0)]
        shares[positive] = log(self.expected[positive])
        return shares

    def _list_families(self) -> list[Family]:
        """Variants that are tied by any block, and the blocks that they are in."""
        label = np.arange(self.n_variants)
        for block in self.blocks:
            linked = np.unique(label[block.variants])
            label[np.isin(label, linked)] = linked[0]
        families = []
        homes = np.array([block.home for block in self.blocks], np.int64)
        for name in np.unique(label):
            numbers = np.flatnonzero(label[homes] == name).tolist()
            families.append(Family(np.flatnonzero(label == name), numbers))
        return families

    def fit(self, rounds: int = MAX_ROUNDS) -> None:
        """Expectation maximisation of the variants' reads, family by family."""
        for family in self.families:
            self._fit_family(family, rounds)

    def _fit_family(self, family: Family, rounds: int) -> None:
        variants = family.variants
        for _ in range(rounds):
            log_shares = self._log_shares(variants)
            expected = np.zeros(self.n_variants)
            for number in family.blocks:
                block = self.blocks[number]
                shares, _ = divide(block.fits + log_shares[block.variants])
                np.add.at(expected, block.variants, multiply(block.weights, shares))
            change = np.abs(expected[variants] - self.expected[variants]).max(initial=0.0)
            self.expected[variants] = expected[variants]
            if change < 0.01:
                break

    def prune(self) -> None:
        """Drop variants that are not needed, the least needed first, until all are."""
        for family in self.families:
            self._fit_family(family, MAX_ROUNDS)
            self._prune_family(family)

    def _prune_family(self, family: Family) -> None:
        alive = [v for v in family.variants.tolist() if self.is_alive[v]]
        scores = {v: self._judge(v) for v in alive}
        while scores:
            worst = min(scores, key=lambda v: (scores[v], self.expected[v], -v))
            if scores[worst] > 0:
                return
            self.is_alive[worst] = False
            del scores[worst]
            self._fit_family(family, 10)
            for variant in self._list_relatives(worst):
                if variant in scores:
                    scores[variant] = self._judge(variant)

    def _list_relatives(self, variant: int) -> list[int]:
        relatives: set[int] = set()
        for number, _ in self.touching[variant]:
            relatives.update(self.blocks[number].variants.tolist())
        return sorted(relatives)

    def _judge(self, variant: int) -> float:
        """Nats by which a variant is better than needed; -inf for too few reads."""
        is_prior = variant >= self.first_prior
        least = self.settings.min_prior_reads if is_prior else self.settings.min_reads
        if self.expected[variant] < least - 0.5:
            return -np.inf
        evidence = self.weigh_evidence(variant)
        if self._is_strand_bound(variant):
            return -1e6
        alternatives = math.log(max(1, self.n_priors))
        if not is_prior:
            alternatives = count_log_alternatives(evidence.n_differences, self.lengths[variant])
        return float(evidence.statistic - alternatives - self.settings.margin)

    def weigh_evidence(self, variant: int) -> Evidence:
        """Log-likelihood lost without the variant, the others' shares fitted anew."""
        touched = self._list_touched(variant)
        base = self.expected.copy()
        for part in touched:
            np.subtract.at(base, part.variants, multiply(part.weights, part.shares))
        base = np.maximum(base, 0.0)
        base[variant] = 0.0
        without = base.copy()
        for part in touched:
            np.add.at(without, part.variants, multiply(part.weights, part.share_without()))
        statistic = 0.0
        for _ in range(DROP_ROUNDS):
            log_without = np.where(without > 0, log(np.maximum(without, 1e-300)), NOWHERE)
            log_without[~self.is_alive] = NOWHERE
            log_without[variant] = NOWHERE
            statistic, without = 0.0, base.copy()
            for part in touched:
                moved, after = divide(part.fits + log_without[part.variants])
                statistic += float(multiply(part.weights, np.minimum(part.total - after, 1e6)))
                np.add.at(without, part.variants, multiply(part.weights, moved))
        neighbour, columns = self._find_nearest(variant)
        return Evidence(statistic, neighbour, columns)

    def _list_touched(self, variant: int) -> list[_Touched]:
        """The reads of which a variant has a share worth counting, block by block."""
        log_shares = self._log_shares()
        touched = []
        for number, place in self.touching[variant]:
            block = self.blocks[number]
            shares, total = divide(block.fits + log_shares[block.variants])
            rows = shares[:, place] > TOUCHED
            if rows.any():
                touched.append(
                    _Touched(
                        block.variants, place, block.fits[rows], block.weights[rows],
                        shares[rows], total[rows],
                    )
                )  # fmt: skip
        return touched

    def _find_nearest(self, variant: int, than: float = 0.0) -> tuple[int, Ints]:
        """The living variant with fewest differing columns and more reads than ``than``.

        Returns its number and the columns; -1 without one.
        """
        block = self.blocks[variant]
        best, best_columns = -1, np.empty(0, np.int64)
        for other, columns in zip(block.variants[1:], block.columns[1:], strict=True):
            if not self.is_alive[other] or self.expected[other] < than:
                continue
            if best < 0 or len(columns) < len(best_columns):
                best, best_columns = int(other), columns
        return best, best_columns

    def _is_strand_bound(self, variant: int) -> bool:
        """Whether its strands are those of an error of the nearest more abundant variant."""
        if not self.has_strands:
            return False
        neighbour, columns = self._find_nearest(variant, self.expected[variant])
        if neighbour < 0 or count_sites(columns) > MAX_STRAND_SITES:
            return False
        odds = weigh_strands(*self.count_strands(variant), *self.count_strands(neighbour))
        return is_strand_bound(odds, count_sites(columns), self.settings.max_strand_odds)

    def count_strands(self, variant: int) -> tuple[float, float]:
        """Antisense reads and all reads that are a variant's."""
        log_shares = self._log_shares()
        reverse = total = 0.0
        for number, place in self.touching[variant]:
            block = self.blocks[number]
            shares, _ = divide(block.fits + log_shares[block.variants])
            mine = shares[:, place]
            reverse += float(multiply(mine, block.reverse))
            total += float(multiply(mine, block.weights))
        return reverse, total

    def assign(self, block: Block) -> Ints:
        """The variant of each read of a block; -1 where none is left."""
        log_shares = self._log_shares()
        logs = block.fits + log_shares[block.variants]
        best = logs.argmax(axis=1)
        found = logs[np.arange(len(logs)), best] > NOWHERE / 2
        return np.where(found, block.variants[best], -1)


def divide(logs: Floats) -> tuple[Floats, Floats]:
    """Shares of each row that sum to one (zero where all are nowhere), and their log-sum."""
    shares, total = np.empty(logs.shape), np.empty(len(logs))
    kernels.divide_shares(np.ascontiguousarray(logs), NOWHERE / 2, shares, total)
    return shares, total
