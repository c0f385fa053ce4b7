"""Arrangements of labels over units, for permutation tests.

Units are samples or subjects. They are shuffled within blocks: one block of all units when
subjects are compared with each other, one block a subject when subjects are compared with
themselves. When there are no more distinct arrangements than the permutations asked for, all
of them are visited and the p-value is exact; else it is estimated from random ones, with the
observed arrangement counted in (Phipson & Smyth 2010), so that it is never 0.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

_SMALL_P = 0.05
_BATCH = 256
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Arrangements:
    """How labels may be shuffled.

    Attributes:
        labels: int64, shape (n_units,), observed label of each unit, 0-based.
        blocks: int64, shape (n_units,), block of each unit.
        permutations: the greatest number of arrangements to visit.
        seed: seed of the random ones.
        labels_are_names: whether the statistic stays the same when levels swap their names,
            as differences between levels do; not so for numbers.
    """

    labels: NDArray[np.int64]
    blocks: NDArray[np.int64]
    permutations: int
    seed: tuple[int, ...]
    labels_are_names: bool = True

    @property
    def n_distinct(self) -> int:
        """Number of distinct arrangements: over blocks, the product of multinomials."""
        return math.prod(count_orders(self.labels[members]) for members in self._members())

    @property
    def is_exact(self) -> bool:
        """Whether all distinct arrangements are visited."""
        return self.n_distinct <= self.permutations

    @property
    def smallest_p(self) -> float:
        """The p-value when no other arrangement is as extreme as the observed one."""
        names = self._count_renamings() if self.labels_are_names else 1
        exact = names / self.n_distinct
        return exact if self.is_exact else max(exact, 1 / (self.permutations + 1))

    @property
    def n_visited(self) -> int:
        """Arrangements that the p-value rests on, the observed one not counted if random."""
        return self.n_distinct if self.is_exact else self.permutations

    def iterate(self) -> Iterator[NDArray[np.int64]]:
        """Batches of arrangements, each of shape (n_batch, n_units)."""
        return self._enumerate() if self.is_exact else self._draw()

    def describe(self) -> str:
        """How many arrangements there were, and a warning when p cannot be small."""
        kind = "all distinct" if self.is_exact else "random"
        text = f"{kind} permutations: {self.n_visited}"
        if self.smallest_p > _SMALL_P:
            text += f"; too few units for a small p-value: it cannot be below {self.smallest_p:.2g}"
        return text

    def _members(self) -> list[NDArray[np.intp]]:
        return [np.flatnonzero(self.blocks == block) for block in np.unique(self.blocks)]

    def _count_renamings(self) -> int:
        """Ways to swap level names that lead to arrangements of the same set."""
        profiles = Counter(
            tuple(int((self.labels[members] == label).sum()) for members in self._members())
            for label in np.unique(self.labels)
        )
        return math.prod(math.factorial(n) for n in profiles.values())

    def _enumerate(self) -> Iterator[NDArray[np.int64]]:
        members = self._members()
        orders = [list(iterate_orders(self.labels[block])) for block in members]
        batch: list[NDArray[np.int64]] = []
        for chosen in product(*orders):
            arrangement = np.empty_like(self.labels)
            for block, order in zip(members, chosen, strict=True):
                arrangement[block] = order
            batch.append(arrangement)
            if len(batch) == _BATCH:
                yield np.array(batch)
                batch = []
        if batch:
            yield np.array(batch)

    def _draw(self) -> Iterator[NDArray[np.int64]]:
        generator = np.random.default_rng(list(self.seed))
        members = self._members()
        for start in range(0, self.permutations, _BATCH):
            n_batch = min(_BATCH, self.permutations - start)
            batch = np.empty((n_batch, self.labels.size), dtype=np.int64)
            for block in members:
                rows = np.broadcast_to(self.labels[block], (n_batch, block.size))
                batch[:, block] = generator.permuted(rows, axis=1)
            yield batch


def derive_seed(seed: int, *names: str) -> tuple[int, ...]:
    """Seed of one test: the study's seed and what is tested."""
    return seed, crc32("\t".join(names).encode("utf-8"))


def permutation_p(
    shuffled: Arrangements, statistic: Callable[[NDArray[np.int64]], NDArray[np.float64]]
) -> float:
    """Share of arrangements whose statistic is at least the observed one.

    ``statistic`` takes arrangements of shape (n, n_units) and returns shape (n,); larger is
    more extreme. Values that differ by rounding alone count as equal.
    """
    observed = float(statistic(shuffled.labels[None, :])[0])
    threshold = observed - _TOLERANCE * max(abs(observed), 1e-12)
    n_extreme = sum(int((statistic(batch) >= threshold).sum()) for batch in shuffled.iterate())
    if shuffled.is_exact:
        return n_extreme / shuffled.n_distinct
    return (n_extreme + 1) / (shuffled.permutations + 1)


def count_orders(labels: NDArray[np.int64]) -> int:
    """Distinct orders of a list with repeats: n! / product of repeats!."""
    repeats = Counter(labels.tolist()).values()
    return math.factorial(labels.size) // math.prod(math.factorial(n) for n in repeats)


def iterate_orders(labels: NDArray[np.int64]) -> Iterator[list[int]]:
    """Distinct orders of a list with repeats, in lexicographic order (Knuth, algorithm L)."""
    order = sorted(labels.tolist())
    while True:
        yield list(order)
        left = len(order) - 2
        while left >= 0 and order[left] >= order[left + 1]:
            left -= 1
        if left < 0:
            return
        right = len(order) - 1
        while order[left] >= order[right]:
            right -= 1
        order[left], order[right] = order[right], order[left]
        order[left + 1 :] = order[:left:-1]
