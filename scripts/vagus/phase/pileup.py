"""Reads aligned to one backbone, column by column, and the consensus that they give."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.kernels.phase.alignment import align_reads
from vagus.kernels.phase.columns import (
    ABSENT,
    NONE,
    call_consensus,
    describe_columns,
    fill_pileup,
    weigh_difference,
)
from vagus.phase.error_tables import ErrorTables
from vagus.phase.read_set import QUALITY_BINS, ReadSet
from vagus.phase.settings import PhaseSettings

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SCORE_PER_EDIT = 2.6
MAX_SCORE = 420


@dataclass(frozen=True)
class Consensus:
    """Calls of a group of reads: state, its lead over the next in nats, counts of states."""

    calls: Bytes
    margins: Floats
    counts: Floats


@dataclass(frozen=True)
class Pileup:
    """Reads over a backbone of m bases; see ``vagus.kernels.phase.columns`` for the columns.

    Attributes:
        backbone: uint8, shape (m,).
        members: int64, shape (n,); numbers of the reads, one a row.
        mappings: int16, shape (n, m); read position aligned to each base of the backbone.
        edits: int64, shape (n,); differences from the backbone.
        states, qualities: uint8, shape (2 m, n).
        weights, reverse: float64, shape (n,); reads behind each row, antisense ones of them.
        strands: uint8, shape (n,).
        runs, next_bases: uint8, shape (2 m,).
    """

    backbone: Bytes
    members: Ints
    mappings: NDArray[np.int16]
    edits: Ints
    states: Bytes
    qualities: Bytes
    weights: Floats
    reverse: Floats
    strands: Bytes
    runs: Bytes
    next_bases: Bytes

    @property
    def n_rows(self) -> int:
        """Number of reads."""
        return len(self.members)

    @property
    def rows(self) -> Ints:
        """All rows."""
        return np.arange(self.n_rows)

    @property
    def own_calls(self) -> Bytes:
        """The backbone itself as states of the columns."""
        calls = np.full(2 * len(self.backbone), NONE, np.uint8)
        calls[1::2] = self.backbone
        return calls

    def take(self, rows: Ints) -> Pileup:
        """The pileup of some rows."""
        return Pileup(
            self.backbone, self.members[rows], self.mappings[rows], self.edits[rows],
            np.ascontiguousarray(self.states[:, rows]),
            np.ascontiguousarray(self.qualities[:, rows]),
            self.weights[rows], self.reverse[rows], self.strands[rows],
            self.runs, self.next_bases,
        )  # fmt: skip

    def call(self, rows: Ints, tables: ErrorTables) -> Consensus:
        """Consensus of some rows."""
        return Consensus(
            *call_consensus(
                self.states, self.qualities, rows, self.strands, self.weights,
                self.runs, self.next_bases, tables.at(self.backbone),
            )
        )  # fmt: skip

    def weigh(
        self, rows: Ints, columns: Ints, new: Bytes, old: Bytes, tables: ErrorTables
    ) -> Floats:
        """For each row: log P(read | new) - log P(read | old) over the columns given."""
        ratios: Floats = weigh_difference(
            self.states, self.qualities, rows, self.strands, columns, new, old,
            self.runs, self.next_bases, tables.at(self.backbone),
        )  # fmt: skip
        return ratios

    def spell(self, reads: ReadSet, calls: Bytes, rows: Ints) -> Bytes:
        """The sequence that ``calls`` stand for; inserted strings are those seen most."""
        parts: list[Bytes] = [self._spell_overhang(reads, rows, at_start=True)]
        columns = np.flatnonzero((calls != NONE) & (calls != ABSENT))
        start = 0
        for place in np.flatnonzero(columns % 2 == 0).tolist():
            parts.append(calls[columns[start:place]])
            parts.append(self._spell_insertion(reads, int(columns[place]) // 2, rows))
            start = place + 1
        parts.append(calls[columns[start:]])
        parts.append(self._spell_overhang(reads, rows, at_start=False))
        return np.concatenate(parts)

    def _spell_insertion(self, reads: ReadSet, j: int, rows: Ints) -> Bytes:
        """The string most reads have between base j - 1 (or the last before) and base j."""
        seen: Counter[bytes] = Counter()
        for row in rows[self.states[2 * j, rows] < NONE]:
            before = j - 1
            while self.mappings[row, before] < 0:
                before -= 1
            after = j
            while after < len(self.backbone) and self.mappings[row, after] < 0:
                after += 1
            read = reads.get(self.members[row])
            stop = self.mappings[row, after] if after < len(self.backbone) else len(read)
            string = read[self.mappings[row, before] + 1 : stop]
            seen[string.tobytes()] += int(self.weights[row])
        return _choose(seen)

    def _spell_overhang(self, reads: ReadSet, rows: Ints, *, at_start: bool) -> Bytes:
        """Bases beyond an end of the backbone that at least half of the reads have."""
        edge = self.mappings[rows, 0 if at_start else -1].astype(np.int64)
        lengths = edge if at_start else reads.lengths[self.members[rows]] - 1 - edge
        lengths = np.where(edge >= 0, lengths, 0)
        order = np.argsort(-lengths, kind="stable")
        reached = np.cumsum(self.weights[rows][order])
        half = int(np.searchsorted(reached, reached[-1] / 2)) if len(rows) else 0
        n = int(lengths[order[half]]) if len(rows) else 0
        if n <= 0:
            return np.empty(0, np.uint8)
        seen: Counter[bytes] = Counter()
        for row, length, place in zip(rows, lengths, edge, strict=True):
            if length >= n:
                read = reads.get(self.members[row])
                part = read[place - n : place] if at_start else read[place + 1 : place + 1 + n]
                seen[part.tobytes()] += int(self.weights[row])
        return _choose(seen)


def _choose(seen: Counter[bytes]) -> Bytes:
    """The most frequent string; ties: the lesser."""
    if not seen:
        return np.empty(0, np.uint8)
    best = min(seen.items(), key=lambda item: (-item[1], item[0]))[0]
    return np.frombuffer(best, np.uint8)


def align_to(
    reads: ReadSet, members: Ints, backbone: Bytes, settings: PhaseSettings
) -> tuple[Pileup, Ints]:
    """Pileup of the reads that fit a backbone, and the numbers of those that do not.

    A read fits if its differences are at most its expected errors, three standard deviations
    more, and ``max_excess_rate`` per base.
    """
    errors = reads.expected_errors[members]
    allowed = errors + 3 * np.sqrt(errors + 1) + settings.max_excess_rate * len(backbone)
    scores = np.minimum(MAX_SCORE, np.ceil(SCORE_PER_EDIT * allowed)).astype(np.int64)
    mappings, edits = align_reads(
        reads.bases, reads.offsets, members, backbone, settings.overhang_bp, scores
    )
    fits = (edits >= 0) & (edits <= allowed)
    return build_pileup(reads, members[fits], backbone, mappings[fits], edits[fits]), members[~fits]


def build_pileup(
    reads: ReadSet, members: Ints, backbone: Bytes, mappings: NDArray[np.int16], edits: Ints
) -> Pileup:
    """Pileup of reads that are aligned already."""
    states, qualities = fill_pileup(
        reads.bases, reads.qualities, reads.offsets, members, mappings, backbone, QUALITY_BINS
    )
    runs, next_bases = describe_columns(backbone)
    return Pileup(
        backbone, members, mappings, edits, states, qualities,
        reads.counts[members], reads.reverse_counts[members], reads.strands[members],
        runs, next_bases,
    )  # fmt: skip


def describe_relative(
    sequence: Bytes, backbone: Bytes, settings: PhaseSettings
) -> tuple[Bytes, int]:
    """A sequence as states of a backbone's columns, and its differences from it.

    ``ABSENT`` where it does not reach; differences -1 where it is too far to align.
    """
    limit = np.array([int(SCORE_PER_EDIT * settings.max_family_edits)])
    mappings, edits = align_reads(
        sequence, np.array([0, len(sequence)]), np.array([0]), backbone,
        settings.overhang_bp, limit,
    )  # fmt: skip
    if edits[0] < 0:
        return np.full(2 * len(backbone), ABSENT, np.uint8), -1
    states, _ = fill_pileup(
        sequence, np.full(len(sequence), 60, np.uint8), np.array([0, len(sequence)]),
        np.array([0]), mappings, backbone, QUALITY_BINS,
    )  # fmt: skip
    return states[:, 0].copy(), int(edits[0])
