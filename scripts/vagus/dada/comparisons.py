"""Alignments of unique sequences with cluster centres, made once and kept.

An alignment does not depend on the error rates, so the rounds of error learning and the
final pass share them.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.dada.settings import DadaSettings
from vagus.kernels.dada import alignment as alignment_kernels
from vagus.kernels.dada import gapless as gapless_kernels
from vagus.kernels.dada import gaps as gap_kernels
from vagus.kernels.dada import words as word_kernels
from vagus.reads.uniques import Uniques

log = logging.getLogger(__name__)

Ints = NDArray[np.int32]
DISTANCE_CACHE_SHARE = 0.3


@dataclass
class PairBlock:
    """Pairs of one centre with some members; see ``vagus.kernels.dada.alignment``.

    Attributes:
        members: int32 (n,), indices of the unique sequences.
        starts: int64 (n + 1,), n_substitutions: int32 (n,), codes: uint16 flat.
        gapless: bool (n,), pairs that were taken position by position.
    """

    members: Ints
    starts: NDArray[np.int64]
    n_substitutions: Ints
    codes: NDArray[np.uint16]
    gapless: NDArray[np.bool_]

    @classmethod
    def empty(cls) -> PairBlock:
        """No pair."""
        return cls(
            np.empty(0, np.int32),
            np.zeros(1, np.int64),
            np.empty(0, np.int32),
            np.empty(0, np.uint16),
            np.empty(0, np.bool_),
        )

    def join(self, other: PairBlock) -> PairBlock:
        """The pairs of both, these first."""
        return PairBlock(
            np.concatenate([self.members, other.members]),
            np.concatenate([self.starts, other.starts[1:] + self.starts[-1]]),
            np.concatenate([self.n_substitutions, other.n_substitutions]),
            np.concatenate([self.codes, other.codes]),
            np.concatenate([self.gapless, other.gapless]),
        )

    @property
    def n_bytes(self) -> int:
        """Memory of the arrays."""
        return (
            self.members.nbytes
            + self.starts.nbytes
            + self.n_substitutions.nbytes
            + self.codes.nbytes
            + self.gapless.nbytes
        )


class Comparisons:
    """Distances and alignments between the unique sequences of one sample."""

    def __init__(self, uniques: Uniques, settings: DadaSettings) -> None:
        self.bases = uniques.bases
        self.qualities = uniques.rounded_mean_quality()
        self.offsets = uniques.offsets
        self.lengths = uniques.lengths
        self.counts = uniques.counts
        self.n_repeated = uniques.n_repeated
        self.settings = settings
        self.words = word_kernels.count_words(self.bases, self.offsets)
        self.n_aligned = 0
        self.n_gapless = 0
        self._missing: dict[int, NDArray[np.uint16]] = {}
        self._blocks: dict[tuple[int, bool], PairBlock] = {}
        self._row_of = np.full(len(self.counts), -1, np.int32)
        self._bytes = 0
        self._carriers: tuple[Ints, NDArray[np.float64]] | None = None
        self._rewards = np.array([settings.match, settings.mismatch, settings.gap], np.int16)

    def missing_words(self, centre: int) -> NDArray[np.uint16]:
        """5-mers that each sequence and ``centre`` do not share, uint16 (n,)."""
        if centre in self._missing:
            return self._missing[centre]
        missing = np.empty(len(self.counts), np.uint16)
        word_kernels.count_missing_words(self.words, self.offsets, centre, missing)
        budget = self.settings.cache_bytes * DISTANCE_CACHE_SHARE
        if (len(self._missing) + 1) * missing.nbytes <= budget:
            self._missing[centre] = missing
        return missing

    def kmer_distance(self, centre: int) -> NDArray[np.float64]:
        """Share of the 5-mers of the shorter sequence that ``centre`` and each do not share."""
        words = np.minimum(self.lengths, self.lengths[centre]) - word_kernels.WORD_BP + 1
        distance: NDArray[np.float64] = self.missing_words(centre) / np.maximum(words, 1)
        return distance

    def find_carriers(self) -> tuple[Ints, NDArray[np.float64]]:
        """For each singleton the repeated sequence with the smallest D (the first of equals).

        Returns its index (-1 for repeated sequences) and D (0 for these).
        """
        if self._carriers is None:
            carriers, distances = word_kernels.find_nearest_repeated(
                self.words, self.offsets, self.n_repeated
            )
            self._carriers = carriers, distances
        carriers, distances = self._carriers
        return carriers.copy(), distances

    def compare(
        self, centre: int, members: Ints, *, gapless: bool = True
    ) -> tuple[PairBlock, NDArray[np.int64]]:
        """Pairs of ``centre`` with ``members``: a block, and the row of each member in it.

        With ``gapless``, pairs whose 5-mers show that they need no gap are taken position
        by position; else each pair is aligned.
        """
        key = (centre, gapless)
        block = self._blocks.get(key, PairBlock.empty())
        self._row_of[block.members] = np.arange(len(block.members), dtype=np.int32)
        absent = members[self._row_of[members] < 0]
        if len(absent):
            added = self._compare_new(centre, absent) if gapless else self._align(centre, absent)
            self._row_of[added.members] = np.arange(
                len(block.members), len(block.members) + len(absent), dtype=np.int32
            )
            block = block.join(added)
            if self._bytes + added.n_bytes <= self.settings.cache_bytes:
                self._blocks[key] = block
                self._bytes += added.n_bytes
        rows = self._row_of[members].astype(np.int64)
        self._row_of[block.members] = -1
        return block, rows

    def _compare_new(self, centre: int, members: Ints) -> PairBlock:
        """Without gaps where the 5-mers show that none is needed, else by alignment."""
        missing = self.missing_words(centre)[members].astype(np.int64)
        starts, n_substitutions, codes = gapless_kernels.find_gapless_pairs(
            self.sequence(centre), self.bases, self.qualities, self.offsets, members, missing
        )
        block = PairBlock(members, starts, n_substitutions, codes, n_substitutions >= 0)
        gapped = members[block.n_substitutions < 0]
        self.n_gapless += len(members) - len(gapped)
        return select_gapless(block).join(self._align(centre, gapped))

    def _align(self, centre: int, members: Ints) -> PairBlock:
        """Banded alignments, reads of similar length side by side."""
        self.n_aligned += len(members)
        if len(members) == 0:
            return PairBlock.empty()
        members = members[np.argsort(self.lengths[members], kind="stable")]
        starts, n_substitutions, codes = alignment_kernels.align_pairs(
            self.sequence(centre),
            self.bases,
            self.qualities,
            self.offsets,
            members,
            self.settings.band_bp,
            self._rewards,
        )
        return PairBlock(members, starts, n_substitutions, codes, np.zeros(len(members), np.bool_))

    def count_gaps(self, centre: int, members: Ints) -> NDArray[np.int32]:
        """Gaps of each class between ``centre`` and members that are sorted by length."""
        gaps: NDArray[np.int32] = gap_kernels.count_gaps(
            self.sequence(centre), self.bases, self.offsets, members,
            self.settings.band_bp, self._rewards,
        )  # fmt: skip
        return gaps

    def sequence(self, i: int) -> NDArray[np.uint8]:
        """Bases of one unique sequence."""
        return self.bases[self.offsets[i] : self.offsets[i + 1]].copy()


def select_gapless(block: PairBlock) -> PairBlock:
    """Without the rows that need a gap; these have no codes."""
    keep = block.gapless
    return PairBlock(
        block.members[keep],
        np.concatenate([block.starts[:1], block.starts[1:][keep]]),
        block.n_substitutions[keep],
        block.codes,
        block.gapless[keep],
    )
