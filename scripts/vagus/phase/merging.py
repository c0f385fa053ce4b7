"""Candidates of all clusters as one list: equal and contained ones are one.

Containment is strict: one sequence is, letter for letter, a part of the other. Of the two the
one with more reads stays. A tolerance at the ends would erase variants that differ there.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vagus.phase.candidates import Candidate
from vagus.phase.pileup import align_to
from vagus.phase.read_set import ReadSet
from vagus.phase.settings import PhaseSettings

Ints = NDArray[np.int64]


def merge_candidates(
    reads: ReadSet, candidates: list[Candidate], settings: PhaseSettings
) -> list[Candidate]:
    """Candidates with different sequences, none contained in another; most reads first."""
    merged = _sort(_merge_equal(candidates))
    kept: list[Candidate] = []
    texts: list[bytes] = []
    for candidate in merged:
        text = candidate.sequence.tobytes()
        host = next((i for i, t in enumerate(texts) if _contains(t, text)), None)
        if host is None:
            kept.append(candidate)
            texts.append(text)
            continue
        pileup, _ = align_to(reads, candidate.members, kept[host].sequence, settings)
        kept[host] = _join(kept[host], pileup.members, float(pileup.weights.sum()))
    return _sort(kept)


def _contains(one: bytes, other: bytes) -> bool:
    """Whether one of two different texts is a part of the other."""
    return len(one) != len(other) and (one in other or other in one)


def _merge_equal(candidates: list[Candidate]) -> list[Candidate]:
    by_sequence: dict[bytes, Candidate] = {}
    for candidate in _sort(candidates):
        text = candidate.sequence.tobytes()
        if text in by_sequence:
            first = by_sequence[text]
            candidate = _join(first, candidate.members, candidate.n_reads)
        by_sequence[text] = candidate
    return list(by_sequence.values())


def _join(candidate: Candidate, members: Ints, n_reads: float) -> Candidate:
    """The candidate with more reads."""
    joined = np.concatenate([candidate.members, members])
    return replace(candidate, members=joined, n_reads=candidate.n_reads + n_reads)


def _sort(candidates: list[Candidate]) -> list[Candidate]:
    """Most reads first, then by sequence, then by the first read."""
    return sorted(
        candidates, key=lambda c: (-c.n_reads, c.sequence.tobytes(), int(np.min(c.members)))
    )
