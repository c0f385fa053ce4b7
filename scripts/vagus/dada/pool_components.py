"""Components of a pool: which sequences share founders, cut out of the pairs of all shards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vagus.dada.pool_founders import Founder
from vagus.dada.pool_pairs import Pairs
from vagus.dada.pool_replay import Component
from vagus.kernels.dada import pool as pool_kernels
from vagus.numerics.functions import LEAST_LOG

Ints = NDArray[np.int32]
Members = NDArray[np.intp]
ROOT = 0
ALONE = -1


@dataclass
class Pool:
    """Pairs of the whole pool; sequences of shard ``s`` have the numbers from ``offsets[s]`` on.

    Attributes:
        counts, first_log_lambda, first_hamming: (n,), see ``Pairs``.
        row, founder, log_lambda, hamming: pairs, sorted by component and founder.
        home: int64, number of the sequence that each founder is.
        founder_of: int32 (n,), place among the founders, -1 for other sequences.
        component_of: int32 (n,), number of the component, ``ALONE`` for sequences without a
            pair and far from the first founder.
        bounds: int64, component ``c`` has the pairs from ``bounds[c]`` to ``bounds[c + 1]``.
    """

    offsets: NDArray[np.int64]
    counts: Ints
    first_log_lambda: NDArray[np.float64]
    first_hamming: Ints
    row: Ints
    founder: Ints
    log_lambda: NDArray[np.float64]
    hamming: Ints
    home: NDArray[np.int64]
    founder_of: Ints
    component_of: Ints
    bounds: NDArray[np.int64]

    @property
    def n_components(self) -> int:
        """Components, the root first."""
        return len(self.bounds) - 1

    @property
    def total_reads(self) -> int:
        """Reads of the pool."""
        return int(self.counts.sum(dtype=np.int64))

    @cached_property
    def places(self) -> Ints:
        """Room for the places of sequences in a component."""
        return np.empty(len(self.counts), np.int32)

    def members_by_component(self) -> list[Members]:
        """Sequences of each component in ascending order."""
        order = np.argsort(self.component_of, kind="stable")
        ends = np.searchsorted(self.component_of[order], np.arange(self.n_components + 1))
        return [order[a:b] for a, b in pairwise(ends)]

    def cut(self, components: Sequence[int], members: Members) -> tuple[Component, Members]:
        """Some components as one, and the number of each of its sequences.

        ``members`` are their sequences; the first founder is put before them.
        """
        last = np.iinfo(np.int32).max
        place = self.founder_of[members]
        order = np.lexsort((members, np.where(place >= 0, place, last), -self.counts[members]))
        members = members[order]
        members = np.concatenate([self.home[:1], members[members != self.home[0]]]).astype(np.intp)
        local = self.places
        local[members] = np.arange(len(members), dtype=np.int32)
        spans = [np.arange(self.bounds[c], self.bounds[c + 1]) for c in components]
        pairs = np.concatenate(spans)
        row, centre = local[self.row[pairs]], local[self.home[self.founder[pairs]]]
        order = np.lexsort((row, centre))
        pairs = pairs[order]
        component = Component(
            counts=self.counts[members],
            first_log_lambda=self.first_log_lambda[members],
            first_hamming=self.first_hamming[members],
            founder=self.founder_of[members],
            starts=np.searchsorted(centre[order], np.arange(len(members) + 1)).astype(np.int64),
            members=row[order],
            log_lambda=self.log_lambda[pairs],
            hamming=self.hamming[pairs],
        )
        return component, members


def link_pairs(shards: Sequence[Pairs], n_founders: int) -> Ints:
    """Component of each founder; numbers without gaps, that of the first founder is 0."""
    parents = np.arange(n_founders, dtype=np.int32)
    for pairs in shards:
        near_first = pairs.first_log_lambda > LEAST_LOG
        pool_kernels.link_founders(pairs.row, pairs.founder, near_first, parents)
    pool_kernels.flatten_sets(parents)
    numbers: Ints = np.unique(parents, return_inverse=True)[1].astype(np.int32)
    return numbers


def join_pairs(shards: Sequence[Pairs], founders: Sequence[Founder]) -> Pool:
    """All shards' pairs as one pool, without those of the first founder as a sequence."""
    sizes = [len(pairs.counts) for pairs in shards]
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
    home = np.array([offsets[f.shard] + f.row for f in founders], np.int64)
    shards = [drop_row(p, int(home[0] - start)) for p, start in zip(shards, offsets, strict=False)]
    component = link_pairs(shards, len(founders))
    founder = np.concatenate([pairs.founder for pairs in shards])
    row = np.concatenate([p.row + start for p, start in zip(shards, offsets, strict=False)])
    order = np.lexsort((founder, component[founder]))
    first = np.concatenate([pairs.first_log_lambda for pairs in shards])
    component_of = np.full(len(first), ALONE, np.int32)
    component_of[row] = component[founder]
    component_of[first > LEAST_LOG] = ROOT
    component_of[home[0]] = ROOT
    founder_of = np.full(len(first), -1, np.int32)
    founder_of[home] = np.arange(len(founders), dtype=np.int32)
    n_components = int(component.max()) + 1
    return Pool(
        offsets=offsets,
        counts=np.concatenate([pairs.counts for pairs in shards]),
        first_log_lambda=first,
        first_hamming=np.concatenate([pairs.first_hamming for pairs in shards]),
        row=row[order].astype(np.int32),
        founder=founder[order],
        log_lambda=np.concatenate([pairs.log_lambda for pairs in shards])[order],
        hamming=np.concatenate([pairs.hamming for pairs in shards])[order],
        home=home,
        founder_of=founder_of,
        component_of=component_of,
        bounds=np.searchsorted(component[founder][order], np.arange(n_components + 1)),
    )


def drop_row(pairs: Pairs, row: int) -> Pairs:
    """Without the pairs of one row; a row outside the shard drops nothing."""
    keep = pairs.row != row
    if keep.all():
        return pairs
    names = ("row", "founder", "log_lambda", "hamming")
    return replace(pairs, **{name: getattr(pairs, name)[keep] for name in names})
