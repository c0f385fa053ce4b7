"""Division of a pileup into leaves: groups of reads with one sequence each.

A leaf is divided where a second sequence explains part of its reads better:

1. Seeds: alleles of single columns by their mixture statistic T, most significant first; then
   pairs of alleles that reads carry together more often than by chance.
2. The carriers of a seed get a consensus; all columns in which it differs from the leaf's say
   who the carriers are; again, until they stay the same.
3. The bud is believed by its T, its number of reads and their strands (``evidence``).
4. What failed is not tried again while the leaf stays as it is.
5. When no leaf divides further, all reads choose among all leaves of the pileup.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vagus.kernels.phase.columns import ABSENT
from vagus.kernels.phase.mixture import fit_mixture, test_columns
from vagus.numerics.functions import log
from vagus.phase.error_tables import ErrorTables
from vagus.phase.evidence import (
    count_log_alternatives,
    count_sites,
    is_strand_bound,
    weigh_strands,
)
from vagus.phase.pairs import find_pairs
from vagus.phase.pileup import Pileup
from vagus.phase.settings import PhaseSettings

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

Seed = tuple[tuple[int, int], ...]
"""Alleles (column, state) that a bud starts from."""

MIN_CALL_MARGIN = 3.0
MAX_CARRIER_ROUNDS = 4
MAX_SEEDS = 60


@dataclass
class Birth:
    """How a leaf came about: ``cluster``, ``column``, ``pair`` or ``prior``, T and sites."""

    kind: str = "cluster"
    statistic: float = 0.0


@dataclass
class Leaf:
    """Rows of a pileup that have one sequence, as states of its columns."""

    calls: Bytes
    rows: Ints
    birth: Birth = field(default_factory=Birth)
    failed: set[Seed] = field(default_factory=set)
    is_done: bool = False


@dataclass(frozen=True)
class Bud:
    """A second sequence in a leaf: its calls, the rows that prefer it, T."""

    calls: Bytes
    rows: Ints
    statistic: float


class Splitter:
    """Divides one pileup."""

    def __init__(self, pileup: Pileup, tables: ErrorTables, settings: PhaseSettings) -> None:
        self.pileup = pileup
        self.tables = tables
        self.settings = settings
        self.has_both_strands = _has_both(pileup)
        self._called: dict[bytes, Bytes] = {}

    def split(self) -> list[Leaf]:
        """The leaves; the first is what is left of the undivided pileup."""
        rows = self.pileup.rows
        leaves = [Leaf(self._call(rows), rows)]
        for _ in range(3):
            before = len(leaves)
            self._divide_all(leaves)
            if len(leaves) == 1:
                return leaves
            leaves = self._reassign(leaves)
            if len(leaves) <= before and all(leaf.is_done for leaf in leaves):
                break
        return leaves

    def _call(self, rows: Ints) -> Bytes:
        """Consensus of rows; leaves that keep their rows are not called again."""
        key = rows.tobytes()
        if key not in self._called:
            self._called[key] = self.pileup.call(rows, self.tables).calls
        return self._called[key]

    def _divide_all(self, leaves: list[Leaf]) -> None:
        """Divide leaves, new ones included, until each is done."""
        number = 0
        while number < len(leaves):
            leaf = leaves[number]
            child = None if leaf.is_done else self._divide(leaf)
            if child is None:
                leaf.is_done = True
                number += 1
            else:
                leaves.append(child)

    def _divide(self, leaf: Leaf) -> Leaf | None:
        """Take one child out of a leaf, if there is one to be believed."""
        if self.pileup.weights[leaf.rows].sum() < 2 * self.settings.min_reads:
            return None
        for kind, find in (("column", self._seed_columns), ("pair", self._seed_pairs)):
            for seed in find(leaf)[:MAX_SEEDS]:
                if seed in leaf.failed:
                    continue
                bud = self._grow(leaf, seed)
                if bud is not None and self._is_believed(leaf, bud):
                    return self._separate(leaf, bud, kind)
                leaf.failed.add(seed)
        return None

    def _separate(self, leaf: Leaf, bud: Bud, kind: str) -> Leaf:
        child = Leaf(bud.calls, bud.rows, Birth(kind, bud.statistic))
        leaf.rows = np.setdiff1d(leaf.rows, bud.rows, assume_unique=True)
        calls = self._call(leaf.rows)
        if not np.array_equal(calls, leaf.calls):
            leaf.failed.clear()
        leaf.calls = calls
        return child

    def _seed_columns(self, leaf: Leaf) -> list[Seed]:
        """Alleles with a statistic worth a trial, best first."""
        pileup = self.pileup
        least = np.array([self.settings.min_pair_reads, self.settings.margin])
        columns, alleles, statistics = test_columns(
            pileup.states, pileup.qualities, leaf.rows, pileup.strands, pileup.weights,
            leaf.calls, pileup.runs, pileup.next_bases, self.tables.at(pileup.backbone), least,
        )  # fmt: skip
        order = np.lexsort((alleles, columns, -statistics))
        return [((int(columns[i]), int(alleles[i])),) for i in order]

    def _seed_pairs(self, leaf: Leaf) -> list[Seed]:
        return find_pairs(self.pileup, leaf.rows, leaf.calls, self.settings)

    def _grow(self, leaf: Leaf, seed: Seed) -> Bud | None:
        """From a seed to the rows that prefer its sequence, or None if it comes to nothing."""
        columns = np.array([column for column, _ in seed])
        new = np.array([state for _, state in seed], np.uint8)
        carriers = leaf.rows[self._weigh(leaf, columns, new) > 0]
        previous = np.empty(0, np.int64)
        bud = None
        for _ in range(MAX_CARRIER_ROUNDS):
            if self.pileup.weights[carriers].sum() < self.settings.min_reads:
                return None
            if np.array_equal(carriers, previous):
                break
            previous = carriers
            calls = self._call_bud(leaf, carriers)
            columns = differing_columns(calls, leaf.calls)
            if not len(columns):
                return None
            ratios = self._weigh(leaf, columns, calls[columns])
            statistic, share = fit_mixture(ratios, self.pileup.weights[leaf.rows])
            if share <= 0.0:
                return None
            carriers = leaf.rows[ratios + log(share / (1 - share)) > 0]
            bud = Bud(calls, carriers, statistic)
        return bud

    def _call_bud(self, leaf: Leaf, carriers: Ints) -> Bytes:
        """Consensus of carriers; where it is not clear, that of the leaf."""
        consensus = self.pileup.call(carriers, self.tables)
        unclear = (consensus.margins < MIN_CALL_MARGIN) | (consensus.calls == ABSENT)
        return np.where(unclear, leaf.calls, consensus.calls)

    def _weigh(self, leaf: Leaf, columns: Ints, new: Bytes) -> Floats:
        return self.pileup.weigh(leaf.rows, columns, new, leaf.calls[columns], self.tables)

    def _is_believed(self, leaf: Leaf, bud: Bud) -> bool:
        weights, reverse = self.pileup.weights, self.pileup.reverse
        n_reads, n_all = weights[bud.rows].sum(), weights[leaf.rows].sum()
        if n_reads < self.settings.min_reads or n_reads == n_all:
            return False
        columns = differing_columns(bud.calls, leaf.calls)
        length = len(self.pileup.backbone)
        needed = count_log_alternatives(len(columns), length) + self.settings.margin
        if not len(columns) or bud.statistic <= needed:
            return False
        if not self.has_both_strands:
            return True
        n_reverse, all_reverse = reverse[bud.rows].sum(), reverse[leaf.rows].sum()
        odds = weigh_strands(n_reverse, n_reads, all_reverse - n_reverse, n_all - n_reads)
        return not is_strand_bound(odds, count_sites(columns), self.settings.max_strand_odds)

    def _reassign(self, leaves: list[Leaf]) -> list[Leaf]:
        """Let every row choose its leaf; leaves that lose their reads are given up."""
        pileup, rows = self.pileup, self.pileup.rows
        base = leaves[0].calls
        scores = np.empty((len(leaves), pileup.n_rows))
        for number, leaf in enumerate(leaves):
            columns = differing_columns(leaf.calls, base)
            scores[number] = log(max(1.0, pileup.weights[leaf.rows].sum()))
            scores[number] += pileup.weigh(
                rows, columns, leaf.calls[columns], base[columns], self.tables
            )
        choice = scores.argmax(axis=0)
        kept = []
        for number, leaf in enumerate(leaves):
            mine = np.flatnonzero(choice == number)
            if number and pileup.weights[mine].sum() < 2:
                continue
            calls = self._call(mine) if len(mine) else leaf.calls
            if not np.array_equal(mine, leaf.rows) or not np.array_equal(calls, leaf.calls):
                leaf = Leaf(calls, mine, leaf.birth)
            kept.append(leaf)
        return kept


def differing_columns(calls: Bytes, others: Bytes) -> Ints:
    """Columns in which two sequences that both reach there differ."""
    return np.flatnonzero((calls != others) & (calls != ABSENT) & (others != ABSENT))


def _has_both(pileup: Pileup) -> bool:
    total = pileup.weights.sum()
    return bool(0 < pileup.reverse.sum() < total)
