"""Candidate sequences of one coarse cluster: split, align the leaves to themselves, again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.phase.error_tables import ErrorTables
from vagus.phase.pileup import Pileup, align_to
from vagus.phase.read_set import ReadSet
from vagus.phase.settings import PhaseSettings
from vagus.phase.splitting import Birth, Splitter

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_DEPTH = 8
MAX_POLISH_ROUNDS = 3
N_CENTRE_CHOICES = 25
LENGTH_TOLERANCE_BP = 10


@dataclass(frozen=True)
class Candidate:
    """A sequence that may be a variant, and the numbers of the reads that align to it.

    Alignments are made again when they are needed: they take more memory than the reads
    themselves, and next to no time where a read differs in nothing but its errors.
    """

    sequence: Bytes
    members: Ints
    n_reads: float
    birth: Birth

    @classmethod
    def of_pileup(cls, pileup: Pileup, birth: Birth) -> Candidate:
        """The backbone of a pileup, with its reads."""
        return cls(pileup.backbone, pileup.members, float(pileup.weights.sum()), birth)

    def lay_out(self, reads: ReadSet, settings: PhaseSettings) -> Pileup:
        """Its reads aligned to it."""
        return align_to(reads, self.members, self.sequence, settings)[0]


@dataclass(frozen=True)
class _Pending:
    """Reads yet to be aligned to a sequence and split."""

    sequence: Bytes
    members: Ints
    birth: Birth
    depth: int


def resolve_cluster(
    reads: ReadSet, members: Ints, tables: ErrorTables, settings: PhaseSettings
) -> tuple[list[Candidate], Ints]:
    """Candidates of a coarse cluster, and the reads that align to none."""
    backbone = find_backbone(reads, members, tables, settings)
    found: list[Candidate] = []
    apart = [np.empty(0, np.int64)]
    queue = [_Pending(backbone, members, Birth(), 0)]
    while queue:
        pending = queue.pop(0)
        pileup, misfits = align_to(reads, pending.members, pending.sequence, settings)
        apart.append(misfits)
        if not pileup.n_rows:
            continue
        if pending.depth > MAX_DEPTH:
            found.append(Candidate.of_pileup(pileup, pending.birth))
            continue
        leaves = Splitter(pileup, tables, settings).split()
        if leaves[0].birth.kind == "cluster":
            leaves[0].birth = pending.birth
        for leaf in leaves:
            if not len(leaf.rows):
                continue
            sequence = pileup.spell(reads, leaf.calls, leaf.rows)
            mine = pileup.members[leaf.rows]
            if np.array_equal(sequence, pileup.backbone):
                n_reads = float(pileup.weights[leaf.rows].sum())
                found.append(Candidate(sequence, mine, n_reads, leaf.birth))
            else:
                queue.append(_Pending(sequence, mine, leaf.birth, pending.depth + 1))
    return found, np.concatenate(apart)


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
