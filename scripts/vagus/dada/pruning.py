"""Which sequences a new centre is compared with.

D is the number of 5-mers that two sequences do not share. Gaps cost nothing in lambda but
destroy 5-mers, so D does not bound the substitutions of a pair; the margins below are
checked against the exact mode, not proven.

A pair is hopeless if its lambda is 0 in double precision: such a comparison is never kept
and changes nothing. 16S genes with D of 160, 240, 320, 400, 500 and more have 37, 59, 104,
150, 205 substitutions at least (189,000 pairs of the starter reference); the line
0.45 (D - 160) stays below three quarters of that. A pair is taken for hopeless if so many
substitutions, at those bases of the read where errors are likeliest, make lambda 0.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vagus.dada.comparisons import Comparisons
from vagus.kernels.dada import bounds as bound_kernels

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
UNDERFLOW = -746.0


class ComparisonRule(Protocol):
    """Decides which comparisons are made, and which are deferred.

    ``carrier[i]`` is the sequence with which ``i`` goes from cluster to cluster as long as
    no comparison of its own decides; -1 otherwise.
    """

    carrier: Ints

    def start(self) -> Bools:
        """Sequences to compare with the first centre; for the others lambda is 0."""

    def choose(self, centre: int, locked: Bools) -> Ints:
        """Sequences to compare with a new centre (the centre is among them)."""

    def settle(self, centres: Ints, locked: Bools, log_mu: Floats) -> list[tuple[int, Ints]]:
        """Comparisons (cluster, members) that were deferred and must be made now.

        ``log_mu`` is ln of the copies of each sequence that its cluster explains.
        """


class ExactRule:
    """All sequences that are not locked and that pass the model's own 5-mer screen."""

    def __init__(self, comparisons: Comparisons) -> None:
        self.comparisons = comparisons
        self.cutoff = comparisons.settings.kmer_distance_cutoff
        self.carrier = np.full(len(comparisons.counts), -1, np.int32)

    def start(self) -> Bools:
        """All."""
        return np.ones(len(self.carrier), np.bool_)

    def passes(self, centre: int, locked: Bools) -> Bools:
        """Whether each sequence may be compared with ``centre`` at all."""
        return (self.comparisons.kmer_distance(centre) <= self.cutoff) & ~locked

    def choose(self, centre: int, locked: Bools) -> Ints:
        """All that pass."""
        return np.flatnonzero(self.passes(centre, locked)).astype(np.int32)

    def settle(self, centres: Ints, locked: Bools, log_mu: Floats) -> list[tuple[int, Ints]]:
        """Nothing was deferred."""
        return []


class NearRule(ExactRule):
    """Near comparisons at once, far ones only where they decide.

    A repeated sequence is compared with a centre if D <= 1.25 x (its smallest D to any
    centre so far) + 20.

    A singleton cannot found a variant; until its own centre appears, all that it does is to
    add one read to a cluster. So it goes with its carrier, the repeated sequence with the
    smallest D, and is compared only with centres within 1.25 x (that D) + 20, after which
    it is on its own. When nothing buds any more, the singletons that still have a carrier
    or that no centre explains (chimeras, mostly) are compared with all centres within 1.75 x
    (smallest D to any centre) + 50, and the partition goes on.

    Hopeless pairs are left out. With the first centre all repeated sequences and priors are
    compared nevertheless, since its lambda, however small, is in their birth records.
    """

    SLOPE, MARGIN = 1.25, 20.0
    WIDE_SLOPE, WIDE_MARGIN = 1.75, 50.0
    UNEXPLAINED = math.log(1e-20)
    FAR_START, FAR_SLOPE = 160.0, 0.45

    def __init__(self, comparisons: Comparisons, fatal: Ints, priors: NDArray[np.intp]) -> None:
        super().__init__(comparisons)
        n = len(comparisons.counts)
        self.far = self.FAR_START + fatal / self.FAR_SLOPE
        self.is_single = comparisons.counts == 1
        self.is_settled = np.zeros(n, np.bool_)
        self.nearest = np.full(n, np.inf)
        self.reach = np.full(n, np.inf)
        if comparisons.n_repeated > 1:
            self.carrier, distance = comparisons.find_carriers()
            self.reach = self.SLOPE * distance + self.MARGIN
        self.carrier[priors] = -1
        self.must_start = ~self.is_single
        self.must_start[priors] = True
        self.note(0)

    def start(self) -> Bools:
        """What can found a cluster, and what is not hopeless."""
        started: Bools = self.must_start | np.less(self.comparisons.missing_words(0), self.far)
        return started

    def passes(self, centre: int, locked: Bools) -> Bools:
        """Those that pass the 5-mer screen and are not hopeless, and the centre."""
        passing: Bools = super().passes(centre, locked)
        return passing & np.less(self.comparisons.missing_words(centre), self.far)

    def note(self, centre: int) -> None:
        """Lower the distances to the nearest centre."""
        np.minimum(self.nearest, self.comparisons.missing_words(centre), out=self.nearest)

    def choose(self, centre: int, locked: Bools) -> Ints:
        """Near-records of sequences on their own, and the near of those with a carrier."""
        missing = self.comparisons.missing_words(centre)
        limit = np.where(self.carrier >= 0, self.reach, self.SLOPE * self.nearest + self.MARGIN)
        limit[self.is_settled] = (self.WIDE_SLOPE * self.nearest + self.WIDE_MARGIN)[
            self.is_settled
        ]
        self.note(centre)
        members = np.flatnonzero(self.passes(centre, locked) & (missing <= limit))
        self.carrier[members] = -1
        return members.astype(np.int32)

    def settle(self, centres: Ints, locked: Bools, log_mu: Floats) -> list[tuple[int, Ints]]:
        """Compare singletons without an explanation with all centres that may be their best."""
        unexplained = (self.carrier >= 0) | (log_mu < self.UNEXPLAINED)
        chosen = unexplained & self.is_single & ~self.is_settled & ~locked
        self.carrier[:] = -1
        self.is_settled |= chosen
        limit = self.WIDE_SLOPE * self.nearest + self.WIDE_MARGIN
        late = []
        for cluster, centre in enumerate(centres.tolist()):
            near = self.comparisons.missing_words(centre) <= limit
            members = np.flatnonzero(chosen & near & self.passes(centre, locked))
            if cluster and len(members):
                late.append((cluster, members.astype(np.int32)))
        return late


def choose_rule(
    mode: str, comparisons: Comparisons, fatal: Ints, priors: NDArray[np.intp]
) -> ComparisonRule:
    """The rule of a mode, ``exact`` or ``pruned``.

    ``fatal`` is for each sequence the least number of substitutions that make lambda 0 in
    double precision, int32 (n,); ``priors`` are indices of sequences.
    """
    return NearRule(comparisons, fatal, priors) if mode == "pruned" else ExactRule(comparisons)


def count_fatal(comparisons: Comparisons, log_self: Floats, log_ratios: Floats) -> Ints:
    """Substitutions with which lambda of each sequence is 0 in double precision, (n,)."""
    ratios = log_ratios.reshape(4, 4, -1).copy()
    ratios[np.arange(4), np.arange(4)] = -np.inf
    fatal: Ints = bound_kernels.count_fatal_substitutions(
        comparisons.bases, comparisons.qualities, comparisons.offsets, log_self,
        ratios.max(axis=0).ravel(), UNDERFLOW,
    )  # fmt: skip
    return fatal
