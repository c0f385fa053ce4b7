"""Candidate sequences of one coarse cluster: split, align the leaves to themselves, again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.phase.error_tables import ErrorTables
from vagus.phase.pileup import Pileup, align_to
from vagus.phase.read_set import ReadSet
from vagus.phase.settings import PhaseSettings
from vagus.phase.splitting import Birth, Leaf, Splitter

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_DEPTH = 8
MAX_POLISH_ROUNDS = 3
N_CENTRE_CHOICES = 25
LENGTH_TOLERANCE_BP = 10


@dataclass(frozen=True)
class Candidate:
    """A sequence that may be a variant, with its reads aligned to it.

    ``pileup.backbone`` is the sequence.
    """

    pileup: Pileup
    birth: Birth

    @property
    def sequence(self) -> Bytes:
        """Codes of the sequence."""
        return self.pileup.backbone

    @property
    def n_reads(self) -> float:
        """Reads aligned to it."""
        return float(self.pileup.weights.sum())


def resolve_cluster(
    reads: ReadSet, members: Ints, tables: ErrorTables, settings: PhaseSettings
) -> tuple[list[Candidate], Ints]:
    """Candidates of a coarse cluster, and the reads that align to none."""
    backbone = find_backbone(reads, members, tables, settings)
    pileup, misfits = align_to(reads, members, backbone, settings)
    found: list[Candidate] = []
    apart = [misfits]
    queue = [(pileup, Birth(), 0)]
    while queue:
        pileup, birth, depth = queue.pop(0)
        if not pileup.n_rows:
            continue
        leaves = Splitter(pileup, tables, settings).split()
        if leaves[0].birth.kind == "cluster":
            leaves[0].birth = birth
        for leaf in leaves:
            again, lost = _settle_leaf(reads, pileup, leaf, settings)
            apart.append(lost)
            is_settled = np.array_equal(again.backbone, pileup.backbone) or depth >= MAX_DEPTH
            if is_settled:
                found.append(Candidate(again, leaf.birth))
            else:
                queue.append((again, leaf.birth, depth + 1))
    return [c for c in found if c.pileup.n_rows], np.concatenate(apart)


def _settle_leaf(
    reads: ReadSet, pileup: Pileup, leaf: Leaf, settings: PhaseSettings
) -> tuple[Pileup, Ints]:
    """The leaf's reads over the leaf's own sequence, and those that do not fit it."""
    sequence = pileup.spell(reads, leaf.calls, leaf.rows)
    if np.array_equal(sequence, pileup.backbone):
        if len(leaf.rows) == pileup.n_rows:
            return pileup, np.empty(0, np.int64)
        return pileup.take(leaf.rows), np.empty(0, np.int64)
    return align_to(reads, pileup.members[leaf.rows], sequence, settings)


def find_backbone(
    reads: ReadSet, members: Ints, tables: ErrorTables, settings: PhaseSettings
) -> Bytes:
    """Polished consensus of the best reads of a cluster.

    It starts from the first of the best reads whose length is near the median of the best.
    """
    best = members[: settings.polish_reads]
    lengths = reads.lengths[best]
    near = np.abs(lengths[:N_CENTRE_CHOICES] - np.median(lengths)) <= LENGTH_TOLERANCE_BP
    backbone = reads.get(int(best[int(np.argmax(near))]))
    for _ in range(MAX_POLISH_ROUNDS):
        pileup, _ = align_to(reads, best, backbone, settings)
        if not pileup.n_rows:
            return backbone
        calls = pileup.call(pileup.rows, tables).calls
        polished = pileup.spell(reads, calls, pileup.rows)
        if np.array_equal(polished, backbone):
            break
        backbone = polished
    return backbone
