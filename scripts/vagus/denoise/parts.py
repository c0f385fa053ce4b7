"""Which two sequences of a set give another one, left part and right part."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vagus.kernels import denoise_parts
from vagus.reads.uniques import encode_bases

Indices = NDArray[np.int64]

MAX_OVERHANG_BP = 16
BAND_BP = 16
REWARDS = np.array([5, -4, -8], np.int16)
WORD_BP = denoise_parts.WORD_BP


class PartFinder:
    """Compares variants of a study; alignments are made once per pair.

    Each variant has four words: at its start and before its middle, after its middle and
    at its end, all clear of the overhang that may stay unmatched. ``holders[w]`` are the
    variants that contain word ``w`` anywhere.
    """

    def __init__(self, sequences: list[str]) -> None:
        self.sequences = sequences
        self.offsets = np.zeros(len(sequences) + 1, np.int64)
        np.cumsum([len(sequence) for sequence in sequences], out=self.offsets[1:])
        self.bases = np.concatenate([np.empty(0, np.uint8), *map(encode_bases, sequences)])
        self._reach: dict[tuple[int, int], tuple[int, int]] = {}
        words = denoise_parts.pick_words(self.bases, self.offsets, MAX_OVERHANG_BP)
        distinct, inverse = np.unique(words, return_inverse=True)
        self.words = inverse.reshape(words.shape)
        found, holder = denoise_parts.find_holders(self.bases, self.offsets, distinct)
        order = np.lexsort((holder, found))
        bounds = np.searchsorted(found[order], np.arange(len(distinct) + 1))
        self._holders = [holder[order][bounds[w] : bounds[w + 1]] for w in range(len(distinct))]

    def find_bimera(self, variant: int, parents: Indices) -> tuple[int, int, int] | None:
        """Left parent, right parent and length of the left part, or None if it is no bimera.

        Of equally long parts the first parent wins, so ``parents`` are best given in
        descending abundance.
        """
        if len(parents) < 2:
            return None
        start, first_half, second_half, end = (
            np.isin(parents, self._holders[word]) for word in self.words[variant]
        )
        if not ((start & first_half).any() or (end & second_half).any()):
            return None
        length = len(self.sequences[variant])
        near = parents[start | end]
        parts = self._join(variant, parents, near)
        if parts is None and self._longest(variant, near) >= length - self._blind_bp():
            parts = self._join(variant, parents, parents)
        return parts

    @staticmethod
    def _blind_bp() -> int:
        """Parts shorter than this need not hold a word."""
        return MAX_OVERHANG_BP + WORD_BP

    def _longest(self, variant: int, parents: Indices) -> int:
        """Longest left or right part that one of the parents gives."""
        return int(self.reach(variant, parents).max(initial=0))

    def _join(
        self, variant: int, parents: Indices, candidates: Indices
    ) -> tuple[int, int, int] | None:
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
            query = self.bases[self.offsets[variant] : self.offsets[variant + 1]].copy()
            found = denoise_parts.measure_parts(
                query, self.bases, self.offsets, order, BAND_BP, REWARDS, MAX_OVERHANG_BP
            )
            for p, pair in zip(order.tolist(), found.tolist(), strict=True):
                self._reach[variant, p] = (pair[0], pair[1])
        rows = [self._reach[variant, p] for p in parents.tolist()]
        return np.array(rows, np.int64).reshape(-1, 2)
