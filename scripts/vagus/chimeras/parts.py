"""Which two sequences of a set give another one, left part and right part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vagus.kernels.dada import parts as part_kernels
from vagus.reads.uniques import encode_bases

Indices = NDArray[np.int64]

MAX_OVERHANG_BP = 16
BAND_BP = 16
REWARDS = np.array([5, -4, -8], np.int16)
# parts up to this length need not contain a word
BLIND_BP = MAX_OVERHANG_BP + part_kernels.WORD_BP - 1


class PartFinder:
    """Compares variants of a study; alignments are made once per pair.

    Each variant has four words: at its start and before its middle, after its middle and
    at its end, all clear of the overhang that may stay unmatched. Where they occur in other
    variants limits how far the parts can reach; only pairs that can matter are aligned.
    """

    def __init__(self, sequences: list[str]) -> None:
        self.sequences = sequences
        self.offsets = np.zeros(len(sequences) + 1, np.int64)
        np.cumsum([len(sequence) for sequence in sequences], out=self.offsets[1:])
        self.bases = np.concatenate([np.empty(0, np.uint8), *map(encode_bases, sequences)])
        self.n_aligned = 0
        self._reach: dict[tuple[int, int], tuple[int, int]] = {}
        words = part_kernels.pick_words(self.bases, self.offsets, MAX_OVERHANG_BP)
        distinct, inverse = np.unique(words, return_inverse=True)
        self.words = inverse.reshape(words.shape)
        found, holders, positions = part_kernels.find_holders(self.bases, self.offsets, distinct)
        order = np.argsort(found, kind="stable")
        self._bounds = np.searchsorted(found[order], np.arange(len(distinct) + 1))
        self._holders, self._positions = holders[order], positions[order]
        self._rank = np.full(len(sequences), -1, np.int32)

    def find_bimera(self, variant: int, parents: Indices) -> tuple[int, int, int] | None:
        """Left parent, right parent and length of the left part, or None if it is not a bimera.

        Of equally long parts the first parent wins, so ``parents`` are best given in
        descending abundance.
        """
        if len(parents) < 2:
            return None
        limits = self._limit_parts(variant, parents)
        if limits is None:
            return None
        length = len(self.sequences[variant])
        left, right = limits[:, 0], limits[:, 1]
        can_matter = (left >= length - right.max()) | (right >= length - left.max())
        is_near = limits.max(axis=1) > BLIND_BP
        parts = self._join(variant, parents[can_matter & is_near])
        if parts is None and limits.max() >= length - BLIND_BP - 1:
            parts = self._join(variant, parents[can_matter])
        return parts

    def _limit_parts(self, variant: int, parents: Indices) -> NDArray[np.int32] | None:
        """Upper limits of the parts of each parent, or None if no two can give the variant."""
        self._rank[parents] = np.arange(len(parents), dtype=np.int32)
        limits = np.empty((len(parents), 2), np.int32)
        holds_half = part_kernels.bound_parts(
            self._query(variant), self.bases, self.offsets, self.words[variant], self._bounds,
            self._holders, self._positions, self._rank, MAX_OVERHANG_BP, limits,
        )  # fmt: skip
        self._rank[parents] = -1
        if not holds_half or limits.max(axis=0).sum() < len(self.sequences[variant]):
            return None
        return limits

    def _query(self, variant: int) -> NDArray[np.uint8]:
        """Bases of one variant."""
        return self.bases[self.offsets[variant] : self.offsets[variant + 1]]

    def _join(self, variant: int, candidates: Indices) -> tuple[int, int, int] | None:
        """Longest left part and longest right part, if together they are long enough."""
        length = len(self.sequences[variant])
        reach = self.reach(variant, candidates)
        reach[reach.sum(axis=1) >= length] = 0
        if len(reach) == 0:
            return None
        left, right = int(reach[:, 0].argmax()), int(reach[:, 1].argmax())
        if reach[left, 0] + reach[right, 1] < length:
            return None
        return int(candidates[left]), int(candidates[right]), int(reach[left, 0])

    def reach(self, variant: int, parents: Indices) -> Indices:
        """Bases that each parent explains from the left and from the right; (n, 2)."""
        absent = [p for p in parents.tolist() if (variant, p) not in self._reach]
        if absent:
            order = np.array(sorted(absent, key=lambda p: len(self.sequences[p])), np.int32)
            self.n_aligned += len(order)
            query = self._query(variant).copy()
            found = part_kernels.measure_parts(
                query, self.bases, self.offsets, order, BAND_BP, REWARDS, MAX_OVERHANG_BP
            )
            for p, pair in zip(order.tolist(), found.tolist(), strict=True):
                self._reach[variant, p] = (pair[0], pair[1])
        rows = [self._reach[variant, p] for p in parents.tolist()]
        return np.array(rows, np.int64).reshape(-1, 2)
