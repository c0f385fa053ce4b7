"""Coarse clusters: reads that may come from one sequence or near relatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vagus.kernels.phase.sketch import WORD_BP, cluster_greedily, rank_targets, sketch_sequences
from vagus.phase.read_set import LOG_RIGHT, ReadSet
from vagus.phase.settings import PhaseSettings

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Sketches:
    """Sketches of sequences: words flat, and how many of them should be free of errors."""

    words: NDArray[np.int32]
    offsets: Ints
    n_right: NDArray[np.float64]

    @classmethod
    def of_reads(cls, reads: ReadSet) -> Sketches:
        """Sketch of every read."""
        return cls(*sketch_sequences(reads.bases, reads.qualities, reads.offsets, LOG_RIGHT))

    @classmethod
    def of_sequences(cls, sequences: list[NDArray[np.uint8]]) -> Sketches:
        """Sketches of sequences without errors."""
        offsets = np.zeros(len(sequences) + 1, np.int64)
        np.cumsum([len(sequence) for sequence in sequences], out=offsets[1:])
        bases = np.concatenate(sequences) if sequences else np.empty(0, np.uint8)
        return cls(*sketch_sequences(bases, np.zeros_like(bases), offsets, np.zeros(256)))

    @classmethod
    def join(cls, parts: Sequence[Sketches]) -> Sketches:
        """Sketches of one part after the other."""
        ends = np.cumsum(np.concatenate([[0], *(np.diff(part.offsets) for part in parts)]))
        words = np.concatenate([part.words for part in parts])
        return cls(words, ends.astype(np.int64), np.concatenate([part.n_right for part in parts]))

    def take(self, chosen: Ints) -> Sketches:
        """Sketches of some of the sequences."""
        lengths = np.diff(self.offsets)[chosen]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        places = np.arange(offsets[-1]) + np.repeat(self.offsets[chosen] - offsets[:-1], lengths)
        return Sketches(self.words[places], offsets, self.n_right[chosen])

    def rank(self, targets: Sketches, n_best: int) -> tuple[Ints, Ints]:
        """For each sequence the ``n_best`` targets that share most words, and how many."""
        n_best = max(1, min(n_best, len(targets.offsets) - 1))
        ranked: tuple[Ints, Ints] = rank_targets(
            self.words, self.offsets, targets.words, targets.offsets, n_best
        )
        return ranked


def find_clusters(
    reads: ReadSet, sketches: Sketches, chosen: Ints, settings: PhaseSettings
) -> list[Ints]:
    """Clusters of the reads ``chosen``: members by trust, the cluster's centre first.

    Reads that are too poor to found a cluster and fit none are in no cluster.
    """
    rank = np.empty(len(reads), np.int64)
    rank[reads.order] = np.arange(len(reads))
    chosen = chosen[np.argsort(rank[chosen])]
    can_found = reads.error_rates <= settings.max_read_error_rate
    labels, _ = cluster_greedily(
        sketches.words, sketches.offsets, sketches.n_right, chosen, can_found,
        settings.min_identity**WORD_BP,
    )  # fmt: skip
    labels = labels[chosen]
    by_label = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[by_label], np.arange(labels.max(initial=-1) + 2))
    return [chosen[by_label[start:stop]] for start, stop in pairwise(bounds.tolist())]
