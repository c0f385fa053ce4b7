"""The partition of a whole pool from the pairs of its shards, and what it needs beside them.

The components run one after the other (``vagus.dada.pool_replay``). When a sequence starts
a variant, or ties with one that does, that was not among the founders, it becomes one; in mode
``pruned`` a founder that starts no variant is no anchor any more. The sequences that this
concerns are compared again, and the replay begins anew, until nothing is left to repair. Each
founder is added once and loses its rank as an anchor at most once, so that this ends.

In memory are numbers only, some 200 bytes for each unique sequence of the pool (4 million of
them: 0.8 GB), and the sequences of one shard while something is repaired. All other jobs of a
pool contain one shard, or the repeated sequences of one bundle.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vagus.dada.births import Birth, PartitionResult
from vagus.dada.error_model import ErrorModel
from vagus.dada.pool_components import ALONE, ROOT, Pool, join_pairs
from vagus.dada.pool_founders import Founder
from vagus.dada.pool_pairs import PairFinder, Pairs, find_pairs
from vagus.dada.pool_replay import Event, MissingFoundersError, Replay, RootReplay
from vagus.dada.pruning import NearRule
from vagus.dada.settings import DadaSettings
from vagus.kernels.dada import partition as kernels
from vagus.numerics import functions
from vagus.pool.shard import take_rows
from vagus.reads.uniques import Uniques

log = logging.getLogger(__name__)

Members = NDArray[np.intp]


@dataclass(frozen=True)
class PoolResult:
    """What became of each sequence of the pool.

    Attributes:
        offsets: int64, sequences of shard ``s`` have the numbers from ``offsets[s]`` on.
        counts: int32 (n,), reads in the pool.
        cluster: int32 (n,), variant by order of birth; assigned, log_p, hamming: as in
            ``PartitionResult``.
        centres: int64, number of the sequence that each variant is.
    """

    offsets: NDArray[np.int64]
    counts: NDArray[np.int32]
    cluster: NDArray[np.int32]
    assigned: NDArray[np.bool_]
    log_p: NDArray[np.float64]
    hamming: NDArray[np.int32]
    centres: NDArray[np.int64]

    @classmethod
    def empty(cls) -> PoolResult:
        """That of a pool without reads."""
        none, numbers = np.empty(0, np.int32), np.empty(0, np.int64)
        return cls(numbers, none, none, np.empty(0, np.bool_), np.empty(0), none, numbers)


class PoolPartition:
    """One run over all components; ``missing`` are sequences that should be founders."""

    def __init__(self, pool: Pool, settings: DadaSettings) -> None:
        n = len(pool.counts)
        self.pool = pool
        self.settings = settings
        self.total_reads = pool.total_reads
        self.cluster = np.zeros(n, np.int32)
        self.log_p = np.zeros(n)
        self.hamming = pool.first_hamming.copy()
        self.births: list[Birth] = []
        is_alone = (pool.component_of == ALONE) & (pool.counts > 1)
        self.missing: list[int] = np.flatnonzero(is_alone).tolist()

    def run(self) -> None:
        """Partition all components, the root last; stops before it if founders are missing."""
        pool = self.pool
        members = pool.members_by_component()
        queues: list[list[Event]] = []
        joined = [ROOT]
        for number in range(1, pool.n_components):
            events = self.run_component(number, members[number])
            if events is None:
                joined.append(number)
            else:
                queues.append(events)
        log.info(
            "%d components beside the root; %d of them depend on it, with %d sequences",
            pool.n_components - 1, len(joined) - 1, sum(len(members[c]) for c in joined),
        )  # fmt: skip
        if not self.missing:
            self.run_root(joined, np.concatenate([members[c] for c in joined]), queues)

    def run_component(self, number: int, members: Members) -> list[Event] | None:
        """Births of a component; None if it depends on the root."""
        component, members = self.pool.cut([number], members)
        replay = Replay(component, self.settings, len(self.pool.counts), self.total_reads)
        try:
            result = replay.run()
        except MissingFoundersError as error:
            self.missing += members[error.members].tolist()
            return []
        if replay.is_doubtful:
            return None
        self.keep(members[1:], replay, result, 1)
        return replay.events

    def run_root(self, joined: Sequence[int], members: Members, queues: list[list[Event]]) -> None:
        """Partition the root and set the births of the pool in order."""
        component, members = self.pool.cut(joined, members)
        n = len(self.pool.counts)
        root = RootReplay(component, self.settings, n, self.total_reads, queues)
        try:
            result = root.run()
        except MissingFoundersError as error:
            self.missing += members[error.members].tolist()
            return
        self.births = root.describe_births()
        self.keep(members, root, result, 0)
        self.score_rest(members, root.first_reads_now)

    def keep(self, members: Members, replay: Replay, result: PartitionResult, start: int) -> None:
        """Note the clusters (as founders) of the members from ``start`` on."""
        centres = replay.component.founder[[birth.centre for birth in result.births]]
        self.cluster[members] = centres[result.cluster[start:]]
        self.log_p[members] = result.log_p[start:]
        self.hamming[members] = result.hamming[start:]

    def score_rest(self, root: Members, first_reads: int) -> None:
        """P-values of sequences outside the root that stayed in the first cluster."""
        is_rest = self.cluster == 0
        is_rest[root] = False
        rest = np.flatnonzero(is_rest)
        self.log_p[rest] = kernels.score_members(
            self.pool.counts[rest],
            np.zeros(len(rest), np.int32),
            self.pool.first_log_lambda[rest],
            np.array([first_reads], np.int64),
            np.zeros(len(rest), np.bool_),
        )

    def conclude(self) -> PoolResult:
        """Clusters by order of birth, and what is assigned."""
        order = np.array([birth.centre for birth in self.births], np.int64)
        place = np.full(len(self.pool.home), -1, np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        with np.errstate(divide="ignore"):
            assigned = self.log_p >= functions.log(self.settings.omega_c)
        return PoolResult(
            self.pool.offsets, self.pool.counts, place[self.cluster], assigned,
            self.log_p, self.hamming, self.pool.home[order],
        )  # fmt: skip


@dataclass
class PoolReplayer:
    """Runs the partition of a pool until its founders are those that it needs.

    Attributes:
        load: gives the sequences of a shard by its number; model: the error model.
        founders, pairs: of the pool and of each shard, replaced as they are repaired.
    """

    load: Callable[[int], Uniques]
    founders: list[Founder]
    pairs: list[Pairs]
    model: Callable[[], ErrorModel]
    settings: DadaSettings

    def run(self) -> tuple[list[Birth], list[Founder], PoolResult]:
        """Births in order (centres and parents are founders), the founders, and the rest."""
        if not self.founders:
            return [], [], PoolResult.empty()
        while True:
            partition = PoolPartition(join_pairs(self.pairs, self.founders), self.settings)
            partition.run()
            if partition.missing:
                self.add(sorted(set(partition.missing)), partition.pool.offsets)
                continue
            born = {birth.centre for birth in partition.births}
            unborn = [i for i, f in enumerate(self.founders) if f.is_anchor and i not in born]
            if self.settings.mode == "exact" or not unborn:
                log.info("%d variants", len(partition.births))
                return partition.births, self.founders, partition.conclude()
            self.demote(unborn, partition.pool.total_reads)

    def add(self, missing: list[int], offsets: NDArray[np.int64]) -> None:
        """Make founders of some sequences of the pool and compare what may be near to them."""
        log.info("%d more founders", len(missing))
        old = self.founders
        added = []
        for number in missing:
            shard = int(np.searchsorted(offsets, number, side="right")) - 1
            row = number - int(offsets[shard])
            uniques = self.load(shard)
            added.append(Founder(uniques.sequence(row), int(uniques.counts[row]), shard, row))
        self.founders = sorted([*old, *added], key=lambda founder: founder.rank)
        places = np.array([self.founders.index(founder) for founder in old], np.int32)
        total = sum(int(pairs.counts.sum(dtype=np.int64)) for pairs in self.pairs)
        for shard, pairs in enumerate(self.pairs):
            uniques = self.load(shard)
            rows = self.find_near(uniques, pairs, added, total)
            self.compare_again(shard, uniques, rows, places, total)

    def find_near(
        self, uniques: Uniques, pairs: Pairs, added: list[Founder], total: int
    ) -> Members:
        """Sequences of a shard whose pairs may change with new founders."""
        if self.settings.mode == "exact":
            return np.arange(uniques.n_uniques)
        finder = PairFinder(uniques, added, self.model(), self.settings, total)
        limit = NearRule.WIDE_SLOPE * pairs.nearest + NearRule.WIDE_MARGIN
        is_near = np.zeros(uniques.n_uniques, np.bool_)
        for number in range(len(added)):
            is_near |= finder.screen(number)[0] <= limit
        return np.flatnonzero(is_near)

    def demote(self, unborn: list[int], total: int) -> None:
        """Take founders that found nothing as anchors no more."""
        log.info("%d founders found no variant", len(unborn))
        is_unborn = np.zeros(len(self.founders), np.bool_)
        is_unborn[unborn] = True
        self.founders = [
            replace(founder, is_anchor=founder.is_anchor and not is_unborn[i])
            for i, founder in enumerate(self.founders)
        ]
        places = np.arange(len(self.founders), dtype=np.int32)
        for shard, pairs in enumerate(self.pairs):
            rows = np.unique(pairs.row[is_unborn[pairs.founder]]).astype(np.intp)
            if len(rows):
                self.compare_again(shard, self.load(shard), rows, places, total)

    def compare_again(
        self,
        shard: int,
        uniques: Uniques,
        rows: Members,
        places: NDArray[np.int32],
        total: int,
    ) -> None:
        """Replace the pairs of some rows of a shard."""
        chosen = take_rows(uniques, rows)
        fresh = find_pairs(chosen, self.founders, self.model(), self.settings, total)
        self.pairs[shard] = self.pairs[shard].update(fresh, rows, places)
