"""The divisive partition of a sample's unique sequences: compare, bud, shuffle, update.

Model and algorithm: Rosen et al. 2012 (BMC Bioinformatics 13:283); Callahan et al. 2016
(Nat. Methods 13:581, with supplement); for full-length reads Callahan et al. 2019 (Nucleic
Acids Res. 47:e103). lambda(centre, read) is the chance to read a sequence when the centre
is true: the product over the bases of the read of rate(true base -> base | quality); bases
that are opposite to a gap count as read without error. The abundance p-value of a sequence
with n reads in a cluster of N reads is P(X >= n | X >= 1) for X ~ Poisson(lambda N).

Order of ties. Which sequence starts the next cluster: smallest p (in double precision: all
that are too small for it are 0 and equal), most reads, smallest index (sequences of equal
abundance are in alphabetical order). To which cluster a sequence belongs: greatest
lambda x reads, oldest cluster.

Priors are sequences for which there is other evidence that they exist. Their p-value is
P(X >= n), without the condition, so that one read can be significant. When no sequence is
left that starts a cluster by its abundance alone, the most significant prior starts the next
one if its p-value is smaller than omega_p, without Bonferroni's correction; then sequences of
either kind go on (as the manual pages of R dada2 describe its argument ``priors``).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vagus.dada.births import Birth, PartitionResult, correct, name_kind
from vagus.dada.comparisons import Comparisons, PairBlock
from vagus.dada.error_model import N_QUALITIES, Counts, ErrorModel
from vagus.dada.pruning import ComparisonRule, choose_rule, count_fatal
from vagus.dada.settings import DadaSettings
from vagus.kernels.dada import partition as kernels
from vagus.kernels.dada import priors as prior_kernels
from vagus.numerics.functions import exp, log

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
# ln of a number that is 0 in double precision, ln lambda where that is all that is known of it,
# and the substitutions of such a pair
IMPOSSIBLE, UNKNOWN_HAMMING = -1e6, -1


class Chains:
    """Comparisons that were kept, chained per sequence; grows by doubling."""

    def __init__(self, n_sequences: int) -> None:
        capacity = max(4 * n_sequences, 1024)
        self.head = np.full(n_sequences, -1, np.int32)
        self.after = np.empty(capacity, np.int32)
        self.owner = np.empty(capacity, np.int32)
        self.hamming = np.empty(capacity, np.int32)
        self.log_lambdas = np.empty(capacity)
        self.lambdas = np.empty(capacity)
        self.used = 0

    def append(self, members: Ints, owner: int, hamming: Ints, log_lambdas: Floats) -> None:
        """Put one comparison with cluster ``owner`` on the chain of each member."""
        start, stop = self.used, self.used + len(members)
        if stop > len(self.after):
            for name in ("after", "owner", "hamming", "log_lambdas", "lambdas"):
                old = getattr(self, name)
                new = np.empty(max(2 * len(old), stop), old.dtype)
                new[:start] = old[:start]
                setattr(self, name, new)
        self.after[start:stop] = self.head[members]
        self.owner[start:stop] = owner
        self.hamming[start:stop] = hamming
        self.log_lambdas[start:stop] = log_lambdas
        self.lambdas[start:stop] = exp(log_lambdas)
        self.head[members] = np.arange(start, stop, dtype=np.int32)
        self.used = stop


class Pairs(Protocol):
    """Gives what a partition asks of two sequences."""

    def measure(self, centre: int, members: Ints) -> tuple[Floats, Ints]:
        """ln lambda and differences of the pairs of a sequence with some members, each (n,)."""


class SamplePairs:
    """Pairs of a sample's sequences, compared when they are asked for."""

    def __init__(self, comparisons: Comparisons, model: ErrorModel) -> None:
        self.comparisons = comparisons
        self.log_ratios = model.log_ratios()
        self.log_self = kernels.sum_log_self(
            comparisons.bases, comparisons.qualities, comparisons.offsets, model.log_rates()
        )

    def measure(self, centre: int, members: Ints) -> tuple[Floats, Ints]:
        """ln lambda and substitutions."""
        return measure_pairs(self.comparisons, centre, members, self.log_self, self.log_ratios)


class Partition:
    """State of one partition; ``run`` takes it to its end.

    Attributes:
        counts: reads of each sequence.
        pairs, rule: how sequences are compared, and which.
        priors: indices of the sequences that are priors.
        n_tests, total_reads: of all sequences that the partition is a part of.
    """

    def __init__(
        self, counts: Ints, pairs: Pairs, rule: ComparisonRule, settings: DadaSettings,
        priors: NDArray[np.intp] | None = None,
    ) -> None:  # fmt: skip
        self.counts = counts
        self.pairs = pairs
        self.rule = rule
        self.settings = settings
        self.priors = np.empty(0, np.int64) if priors is None else priors
        self.n_tests = len(counts)
        self.total_reads = int(counts.sum(dtype=np.int64))
        self.chains = Chains(len(counts))
        self.births: list[Birth] = []
        self.reset_state(len(counts))

    def reset_state(self, n: int) -> None:
        """All sequences in the first cluster, nothing known of any."""
        self.cluster = np.zeros(n, np.int32)
        self.link = np.full(n, -1, np.int32)
        self.best = np.full(n, -1, np.int32)
        self.floor = np.zeros(n)
        self.p_values = np.full(n, -1.0)
        self.is_centre = np.zeros(n, np.bool_)
        self.locked = np.zeros(n, np.bool_)
        self.centres = np.zeros(n, np.int32)
        self.cluster_reads = np.zeros(n, np.int64)
        self.changed = np.zeros(n, np.bool_)
        self.unchecked = np.zeros(n, np.bool_)

    def run(self) -> PartitionResult:
        """Split until no sequence is significantly too abundant for its cluster."""
        self.begin()
        while True:
            self.shuffle()
            self.update()
            birth = self.find_birth()
            if birth is None:
                late = self.rule.settle(
                    self.centres[: len(self.births)], self.locked, self.log_mu()
                )
                if not late:
                    return self.conclude()
                for cluster, members in late:
                    self.compare(members, cluster=cluster)
                continue
            self.found(birth)
            self.compare(self.rule.choose(birth.centre, self.locked))

    def begin(self) -> None:
        """One cluster, with the centre of which all sequences are compared."""
        self.found(Birth(centre=0))
        self.cluster_reads[0] = self.total_reads
        compared = self.rule.start()
        self.compare(np.flatnonzero(compared).astype(np.int32), keep_all=True)
        hopeless = np.flatnonzero(~compared).astype(np.int32)
        unknown = np.full(len(hopeless), UNKNOWN_HAMMING, np.int32)
        self.chains.append(hopeless, 0, unknown, np.full(len(hopeless), IMPOSSIBLE))
        self.link[:] = self.chains.head

    def found(self, birth: Birth) -> None:
        """Open a cluster around a sequence and take it out of the cluster where it was."""
        cluster = len(self.births)
        reads = self.counts[birth.centre]
        if birth.parent >= 0:
            self.cluster_reads[birth.parent] -= reads
            self.changed[birth.parent] = True
        self.births.append(birth)
        self.centres[cluster] = birth.centre
        self.cluster[birth.centre] = cluster
        self.cluster_reads[cluster] = reads
        self.is_centre[birth.centre] = True
        self.changed[cluster] = self.unchecked[cluster] = True

    def compare(self, members: Ints, *, cluster: int = -1, keep_all: bool = False) -> None:
        """Compare members with a cluster's centre (the newest) and keep what can matter."""
        if cluster < 0:
            cluster = len(self.births) - 1
        centre = self.births[cluster].centre
        log_lambdas, hamming = self.pairs.measure(centre, members)
        kept = np.zeros(len(members), np.bool_)
        kernels.keep_comparisons(
            members, log_lambdas, centre, self.counts[centre], self.total_reads, self.floor, kept
        )
        if keep_all:
            kept[:] = True
        self.chains.append(members[kept], cluster, hamming[kept], log_lambdas[kept])
        if self.cluster[centre] == cluster and kept.any():
            own = np.flatnonzero(members == centre)
            if len(own):
                self.link[centre] = self.chains.head[centre]

    def shuffle(self) -> None:
        """Move sequences to their best clusters until nothing moves; centres stay."""
        for _ in range(self.settings.max_shuffles):
            if not self.move():
                return

    def move(self) -> int:
        """One round of it; returns the number of sequences that moved."""
        chains = self.chains
        kernels.find_best_clusters(
            chains.head, chains.after, chains.owner, chains.lambdas,
            self.cluster_reads, self.best,
        )  # fmt: skip
        return kernels.move_sequences(
            self.best, self.rule.carrier, chains.owner, self.counts, self.is_centre,
            self.cluster, self.link, self.cluster_reads, self.changed,
        )  # fmt: skip

    def update(self) -> None:
        """P-values in the clusters that changed; lock what a new centre alone explains."""
        chains = self.chains
        kernels.update_p_values(
            self.counts,
            self.cluster,
            self.link,
            chains.log_lambdas,
            self.cluster_reads,
            self.changed,
            self.is_centre,
            self.p_values,
        )
        prior_kernels.update_prior_p_values(
            self.priors,
            self.counts,
            self.cluster,
            self.link,
            chains.log_lambdas,
            self.cluster_reads,
            self.changed,
            self.is_centre,
            self.p_values,
        )
        kernels.lock_sequences(
            self.counts,
            self.cluster,
            self.link,
            chains.lambdas,
            self.centres,
            self.unchecked,
            self.is_centre,
            self.locked,
        )
        self.changed[:] = False
        self.unchecked[:] = False

    def find_birth(self) -> Birth | None:
        """The next cluster's founder: by its abundance, else as a prior."""
        candidates = self.chains.hamming, self.link, self.log_mu(), self.settings.min_hamming
        i = kernels.find_bud(self.p_values, self.counts, *candidates, self.is_centre)
        if i >= 0 and self.p_values[i] * self.n_tests < self.settings.level:
            return self.describe_birth(int(i))
        i = prior_kernels.find_prior_bud(
            self.priors, self.p_values, self.counts, *candidates, self.is_centre
        )
        if i >= 0 and self.p_values[i] < self.settings.omega_p:
            return self.describe_birth(int(i), is_prior=True)
        return None

    def describe_birth(self, i: int, *, is_prior: bool = False) -> Birth:
        """The birth record of a sequence that is about to found a cluster."""
        log_lambda = self.chains.log_lambdas[self.link[i]]
        reads = int(self.cluster_reads[self.cluster[i]])
        is_conditional = not (self.priors == i).any()
        log_p = kernels.score_abundance(int(self.counts[i]), log_lambda, reads, is_conditional)
        log10_p = correct(log_p, 1 if is_prior else self.n_tests)
        with np.errstate(over="ignore"):
            fold = float(exp(log(self.counts[i]) - log(reads) - log_lambda))
        return Birth(
            centre=i,
            kind="prior" if is_prior else name_kind(log10_p),
            log10_p=log10_p,
            fold=fold,
            parent=int(self.cluster[i]),
            hamming=int(self.chains.hamming[self.link[i]]),
        )

    def log_mu(self) -> Floats:
        """ln of the copies of each sequence that its cluster explains."""
        reads = np.maximum(self.cluster_reads[self.cluster], 1)
        expected: Floats = self.chains.log_lambdas[self.link] + log(reads)
        return expected

    def conclude(self) -> PartitionResult:
        """P-values without the condition on presence decide what is assigned."""
        log_p = kernels.score_members(
            self.counts,
            self.cluster,
            self.chains.log_lambdas[self.link],
            self.cluster_reads,
            self.is_centre,
        )
        result = PartitionResult(
            births=tuple(self.births),
            cluster=self.cluster,
            assigned=np.ones(len(log_p), np.bool_),
            log_p=log_p,
            hamming=self.chains.hamming[self.link],
        )
        return result.assign(self.settings.omega_c)


def measure_pairs(
    comparisons: Comparisons, centre: int, members: Ints, log_self: Floats, log_ratios: Floats
) -> tuple[Floats, Ints]:
    """ln lambda and substitutions of the pairs (centre, member), each (n,).

    ``log_self`` is the ln of the chance to read each sequence without an error.
    """
    block, rows = comparisons.compare(centre, members)
    ratios = kernels.sum_log_ratios(
        block.starts, block.n_substitutions, block.codes, rows, log_ratios
    )
    return log_self[members] + ratios, block.n_substitutions[rows]


def open_partition(
    comparisons: Comparisons,
    plain: SamplePairs,
    settings: DadaSettings,
    is_prior: Bools | None = None,
    pairs: Pairs | None = None,
) -> Partition:
    """A partition of a sample, at its start; ``pairs`` are those that count, else ``plain``."""
    n = len(comparisons.counts)
    priors = np.flatnonzero(np.zeros(n, np.bool_) if is_prior is None else is_prior)
    fatal = count_fatal(comparisons, plain.log_self, plain.log_ratios)
    rule = choose_rule(settings.mode, comparisons, fatal, priors)
    return Partition(comparisons.counts, pairs or plain, rule, settings, priors)


def partition_sample(
    comparisons: Comparisons,
    model: ErrorModel,
    settings: DadaSettings,
    is_prior: Bools | None = None,
) -> PartitionResult:
    """Partition one sample that has at least one read.

    ``is_prior``, bool (n,), marks the sequences that are among the priors.
    """
    plain = SamplePairs(comparisons, model)
    return open_partition(comparisons, plain, settings, is_prior).run()


def count_transitions(
    comparisons: Comparisons, cluster: Ints, centres: list[int], used: NDArray[np.bool_]
) -> Counts:
    """Reads per transition and quality over all aligned bases, int64 (16, 94).

    Pairs that were taken without gaps by their 5-mers are aligned for this, unless they
    are of equal length with one mismatch at most, where a gap cannot score higher.
    """
    totals = np.zeros(16 * kernels.QUALITY_SPAN, np.int64)
    kernels.count_self(
        comparisons.bases,
        comparisons.qualities,
        comparisons.offsets,
        comparisons.counts,
        used,
        totals,
    )
    for number, centre in enumerate(centres):
        members = np.flatnonzero((cluster == number) & used).astype(np.int32)
        block, rows = comparisons.compare(centre, members)
        doubtful = block.gapless[rows] & (
            (block.n_substitutions[rows] > 1)
            | (comparisons.lengths[members] != comparisons.lengths[centre])
        )
        count_pairs(comparisons, block, rows[~doubtful], members[~doubtful], totals)
        block, rows = comparisons.compare(centre, members[doubtful], gapless=False)
        count_pairs(comparisons, block, rows, members[doubtful], totals)
    observed: Counts = totals.reshape(16, kernels.QUALITY_SPAN)[:, :N_QUALITIES]
    return observed.copy()


def count_pairs(
    comparisons: Comparisons,
    block: PairBlock,
    rows: NDArray[np.int64],
    members: Ints,
    totals: Counts,
) -> None:
    """Correct ``totals`` by what the alignments of some members say."""
    weights = comparisons.counts[members].astype(np.int64)
    kernels.count_codes(block.starts, block.n_substitutions, block.codes, rows, weights, totals)
