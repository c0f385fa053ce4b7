"""The partition of one component of a pool, from pairs that shards compared before.

Everything that the partition asks of two sequences is lambda and their substitutions. Shards
compute these for all founders; here the partition of ``vagus.dada.partition`` runs on
the numbers, without a sequence or a quality in memory.

Why components may run one after the other. A comparison with a cluster other than the first
is kept only if lambda > 0 in double precision. Let founders be linked if one sequence has
kept pairs with both. Sequences of different components then have no cluster in common but
the first one, whose centre is the pool's most abundant sequence and to which all sequences
belong at first. Let the root be the component of that centre, with all sequences whose lambda
there is greater than 0. For a sequence of another component lambda x reads is 0 for the first
cluster, whatever its reads R:

- it prefers every other cluster of which it has a kept pair;
- while it is in the first cluster, its p-value is 0, whatever R; it starts a cluster before all
  with p > 0, and among those with p = 0 in the order of reads, then of ln lambda (+ ln R, equal
  for all in the first cluster), then of the sequence;
- it is never locked there, and in the end it is not assigned.

So the births of a component are the same, in the same order, whatever happens in the others;
only the root depends on the rest, through R. The other components run first and record how each
of their births changes R (``Event``); the root runs last, and at each step either its own
candidate or the next event is first in the order of the whole pool.

Three cases would break the argument. They are seen when they occur, and such a component is
run within the root, where R is known: (1) with p = 0 and equal reads, a candidate in the first
cluster competes with one in another cluster, and R decides; (2) two candidates in the first
cluster differ by less than rounding; (3) the shuffle of a birth has not come to rest after
``max_shuffles`` rounds, so that the next birth anywhere would go on with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vagus.dada.births import Birth, PartitionResult, correct, name_kind
from vagus.dada.partition import Partition
from vagus.dada.settings import DadaSettings
from vagus.kernels.dada import partition as kernels
from vagus.numerics.functions import exp, log

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Members = NDArray[np.intp]

ROUNDING = 1e-9


class MissingFoundersError(Exception):
    """Sequences that found a variant, or tie with one that does, were not compared as founders.

    ``members`` are their indices in the component.
    """

    def __init__(self, members: list[int]) -> None:
        super().__init__(members)
        self.members = members


@dataclass(frozen=True)
class Component:
    """Sequences that share founders, and their pairs. Row 0 is the pool's first founder.

    Attributes:
        counts: int32 (n,); sorted so that of two founders the first in order comes first.
        first_log_lambda, first_hamming: (n,), pair with the first founder.
        founder: int32 (n,), place among the pool's founders, -1 for other sequences.
        starts: int64 (n + 1,); members, log_lambda, hamming: pairs of founder ``i`` with
            members are at ``starts[i]`` to ``starts[i + 1]``, sorted by member.
    """

    counts: Ints
    first_log_lambda: Floats
    first_hamming: Ints
    founder: Ints
    starts: NDArray[np.int64]
    members: Ints
    log_lambda: Floats
    hamming: Ints

    def pairs_of(self, i: int) -> slice:
        """Where the pairs of one founder are."""
        return slice(int(self.starts[i]), int(self.starts[i + 1]))


@dataclass
class Event:
    """A birth outside the root.

    Attributes:
        founder: place among the pool's founders.
        p_value, reads: of the founder; log_lambda, hamming: with its centre.
        parent: founder of the cluster that it left, 0 for the first; parent_reads: reads
            of that cluster then, known here unless it is the first.
        losses: reads that the first cluster lost, at the birth and in each round of the
            shuffle after it.
    """

    founder: int
    p_value: float
    reads: int
    log_lambda: float
    hamming: int
    parent: int
    parent_reads: int
    losses: list[int] = field(default_factory=list)

    def is_before(self, other: Event, first_reads: int) -> bool:
        """Whether this birth is first, given the reads of the first cluster."""
        return self.rank(first_reads) < other.rank(first_reads)

    def rank(self, first_reads: int) -> tuple[float, int, float, int]:
        """Smallest p, most reads, least expected, first founder."""
        reads = first_reads if self.parent == 0 else self.parent_reads
        log_mu = float(self.log_lambda + log(max(reads, 1)))
        return self.p_value, -self.reads, log_mu, self.founder


class StoredPairs:
    """Pairs of a component, looked up; and the rule by which they are asked for.

    A new centre is compared with all sequences of which it has a pair and that are not locked.
    """

    def __init__(self, component: Component) -> None:
        self.component = component
        self.carrier = np.full(len(component.counts), -1, np.int32)
        self.is_first = True

    def start(self) -> Bools:
        """All."""
        return np.ones(len(self.carrier), np.bool_)

    def choose(self, centre: int, locked: Bools) -> Ints:
        """All that have a pair with the new centre."""
        members = self.component.members[self.component.pairs_of(centre)]
        chosen: Ints = members[~locked[members]]
        return chosen

    def settle(self, centres: Ints, locked: Bools, log_mu: Floats) -> list[tuple[int, Ints]]:
        """No comparison was deferred."""
        return []

    def measure(self, centre: int, members: Ints) -> tuple[Floats, Ints]:
        """Pairs with the pool's first founder are asked for first, then those of others."""
        table = self.component
        if self.is_first:
            self.is_first = False
            return table.first_log_lambda[members], table.first_hamming[members]
        pairs = table.pairs_of(centre)
        at = np.searchsorted(table.members[pairs], members) + pairs.start
        hamming: Ints = table.hamming[at]
        return table.log_lambda[at], hamming


class Replay:
    """Partition of a component that has no sequence near the pool's first centre.

    Attributes:
        state: the partition of the component's sequences.
        events: its births, as the rest of the pool must know them.
        is_doubtful: whether one of them depends on the rest.
    """

    def __init__(
        self, component: Component, settings: DadaSettings, n_tests: int, total_reads: int
    ) -> None:
        stored = StoredPairs(component)
        self.component = component
        self.settings = settings
        self.state = Partition(component.counts, stored, stored, settings)
        self.state.n_tests = n_tests
        self.state.total_reads = total_reads
        self.events: list[Event] = []
        self.is_doubtful = False

    @property
    def first_reads_now(self) -> int:
        """Reads of the first cluster at this time."""
        return int(self.state.cluster_reads[0])

    def run(self) -> PartitionResult:
        """As in a sample, with its own steps where something is recorded."""
        state = self.state
        state.begin()
        while True:
            self.shuffle()
            state.update()
            birth = self.find_birth()
            if birth is None:
                return state.conclude()
            self.found(birth)
            state.compare(state.rule.choose(birth.centre, state.locked))

    def found(self, birth: Birth) -> None:
        """Open a cluster and begin to count what the first cluster loses by it."""
        before = self.first_reads_now
        self.state.found(birth)
        self.events[-1].losses.append(before - self.first_reads_now)

    def shuffle(self) -> None:
        """As in a sample; records what the first cluster loses in each round."""
        losses: list[int] = []
        for _ in range(self.settings.max_shuffles):
            before = self.first_reads_now
            if not self.state.move():
                break
            losses.append(before - self.first_reads_now)
        else:
            self.is_doubtful = True
        if self.events:
            self.events[-1].losses += losses

    def find_birth(self) -> Birth | None:
        """As in a sample; records it."""
        birth = self.state.find_birth()
        if birth is not None:
            rivals = self.find_rivals(birth.centre)
            self.check_founder(birth.centre, rivals)
            self.is_doubtful |= self.depends_on_first(birth, rivals)
            self.events.append(self.describe_event(birth))
        return birth

    def describe_event(self, birth: Birth) -> Event:
        """What the rest of the pool must know of a birth."""
        state, i = self.state, birth.centre
        link = state.link[i]
        return Event(
            founder=int(self.component.founder[i]),
            p_value=float(state.p_values[i]),
            reads=int(state.counts[i]),
            log_lambda=float(state.chains.log_lambdas[link]),
            hamming=int(state.chains.hamming[link]),
            parent=int(self.component.founder[state.centres[birth.parent]]),
            parent_reads=int(state.cluster_reads[birth.parent]),
        )

    def find_rivals(self, i: int) -> Members:
        """Other candidates with the same p-value and as many reads."""
        state = self.state
        same = (state.p_values == state.p_values[i]) & (state.counts == state.counts[i])
        rivals = np.flatnonzero(same & ~state.is_centre & (state.counts > 1))
        others: Members = rivals[rivals != i]
        return others

    def check_founder(self, i: int, rivals: Members) -> None:
        """Raise MissingFoundersError unless it is a founder and ties with founders only."""
        log_mu = self.log_mu_of(np.append(rivals, i))
        tied = rivals[log_mu[:-1] == log_mu[-1]]
        missing = [m for m in (i, *tied.tolist()) if self.component.founder[m] < 0]
        if missing:
            raise MissingFoundersError(missing)

    def log_mu_of(self, members: Members) -> Floats:
        """ln of the copies of some sequences that their clusters explain."""
        reads = np.maximum(self.state.cluster_reads[self.state.cluster[members]], 1)
        expected: Floats = self.state.chains.log_lambdas[self.state.link[members]] + log(reads)
        return expected

    def depends_on_first(self, birth: Birth, rivals: Members) -> bool:
        """Whether the reads of the first cluster could let another candidate be before."""
        i = birth.centre
        if self.state.p_values[i] > 0 or not len(rivals):
            return False
        span = log(self.state.total_reads) + ROUNDING
        own = self.state.chains.log_lambdas[self.state.link[i]]
        others = self.state.chains.log_lambdas[self.state.link[rivals]]
        is_first = self.state.cluster[rivals] == 0
        if birth.parent == 0:
            ahead = self.log_mu_of(rivals[~is_first]) - own
            gap = np.abs(others[is_first] - own)
            return bool(
                ((ahead >= -ROUNDING) & (ahead <= span)).any()
                or ((gap > 0) & (gap < ROUNDING)).any()
            )
        ahead = self.log_mu_of(np.array([i])) - others[is_first]
        return bool(((ahead >= -ROUNDING) & (ahead <= span)).any())


class RootReplay(Replay):
    """Partition of the pool's root, into which the births elsewhere are woven.

    ``queues`` are the events of the other components, in the order of each. After ``run``,
    ``events`` contains the births of the whole pool in order, each with the reads of the first
    cluster at that time in ``first_reads``.
    """

    def __init__(
        self,
        component: Component,
        settings: DadaSettings,
        n_tests: int,
        total_reads: int,
        queues: Sequence[list[Event]],
    ) -> None:
        super().__init__(component, settings, n_tests, total_reads)
        self.queues = queues
        self.heads = [0] * len(queues)
        self.first_reads: list[int] = []
        self.outside: list[int] = []
        self.ranks = np.array([self.rank_head(q) for q in range(len(queues))]).reshape(-1, 4)

    def rank_head(self, queue: int) -> tuple[float, ...]:
        """Rank of the next event of a queue, without the reads of the first cluster."""
        if self.heads[queue] == len(self.queues[queue]):
            return np.inf, 0.0, 0.0, 0.0
        return tuple(map(float, self.queues[queue][self.heads[queue]].rank(1)))

    def find_next_event(self) -> tuple[int, Event] | None:
        """The queue whose next event is first, and that event."""
        if not len(self.ranks):
            return None
        least = np.flatnonzero(self.ranks[:, 0] == self.ranks[:, 0].min())
        least = least[self.ranks[least, 1] == self.ranks[least, 1].min()]
        if np.isinf(self.ranks[least[0], 0]):
            return None
        reads = self.first_reads_now
        heads = ((int(q), self.queues[q][self.heads[q]]) for q in least)
        return min(heads, key=lambda head: head[1].rank(reads))

    def find_birth(self) -> Birth | None:
        """The next birth of the root; events that are before it take place."""
        while True:
            birth = self.state.find_birth()
            following = self.find_next_event()
            reads = self.first_reads_now
            own = None
            if birth is not None:
                self.check_founder(birth.centre, self.find_rivals(birth.centre))
                own = self.describe_event(birth)
            if following is None or (own is not None and own.is_before(following[1], reads)):
                if own is not None:
                    self.events.append(own)
                    self.first_reads.append(reads)
                return birth
            self.take_event(*following)

    def take_event(self, queue: int, event: Event) -> None:
        """Let a birth elsewhere change the first cluster, and the root come to rest."""
        self.first_reads.append(self.first_reads_now)
        self.events.append(event)
        self.heads[queue] += 1
        self.ranks[queue] = self.rank_head(queue)
        self.lose(event.losses[0])
        self.outside = event.losses[1:]
        self.shuffle()
        self.outside = []
        self.state.update()

    def lose(self, reads: int) -> None:
        """Take reads out of the first cluster."""
        self.state.cluster_reads[0] -= reads
        self.state.changed[0] |= reads != 0

    def found(self, birth: Birth) -> None:
        """As in a sample."""
        self.state.found(birth)

    def shuffle(self) -> None:
        """As in a sample, with the rounds of a birth elsewhere beside the own ones."""
        for number in range(self.settings.max_shuffles):
            has_moved = self.state.move() > 0
            if number < len(self.outside):
                self.lose(self.outside[number])
            elif not has_moved:
                return

    def describe_births(self) -> list[Birth]:
        """Births of the pool in order; centres and parents are founders of the pool."""
        births = [Birth(centre=0)]
        for event, first_reads in zip(self.events, self.first_reads, strict=True):
            births.append(describe_birth(event, first_reads, self.state.n_tests))
        return births


def describe_birth(event: Event, first_reads: int, n_tests: int) -> Birth:
    """Birth record of an event; ``first_reads`` are those of the first cluster then.

    ``n_tests``: sequences of the pool.
    """
    reads = first_reads if event.parent == 0 else event.parent_reads
    log10_p = correct(kernels.score_abundance(event.reads, event.log_lambda, reads, True), n_tests)
    with np.errstate(over="ignore"):
        fold = float(exp(log(event.reads) - log(reads) - event.log_lambda))
    return Birth(
        centre=event.founder,
        kind=name_kind(log10_p),
        log10_p=log10_p,
        fold=fold,
        parent=event.parent,
        hamming=event.hamming,
    )
