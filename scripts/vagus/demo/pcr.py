"""PCR by cycles: substitutions of a polymerase, shared by the reads that descend from a copy.

Each read descends from one starting molecule of its variant. In each cycle a molecule is copied
with probability ``efficiency``, so that a molecule that is drawn after the cycle is a new copy with
probability efficiency / (1 + efficiency), else the old strand. Reads of one starting molecule with
the same choices so far are the same molecule so far: they share its errors, and those of an early
cycle become a large family (a jackpot). Sources: Sun 1995 (J. Comput. Biol. 2:63); Weiss and von
Haeseler 1997 (Nucleic Acids Res. 25:3082).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]
LETTERS = "ACGT"


@dataclass(frozen=True)
class PcrModel:
    """Conditions of the reaction.

    Attributes:
        cycles: of them.
        error_rate: substitutions per base and copy; 1e-6 is a proofreading polymerase, 1e-5 a
            poor one.
        efficiency: share of molecules that a cycle copies, above 0 to 1.
        reads_per_molecule: mean reads of one starting molecule: many where little DNA went in.
    """

    cycles: int = 25
    error_rate: float = 1e-6
    efficiency: float = 0.9
    reads_per_molecule: float = 1.0


@dataclass(frozen=True)
class Substitutions:
    """Changed bases of reads: read, place in the sense insert (0 first), base that is there."""

    read: Ints
    place: Ints
    base: Bytes

    def take(self, start: int, stop: int) -> Substitutions:
        """Those of the reads from ``start`` to ``stop``, counted from ``start``."""
        own = slice(*np.searchsorted(self.read, [start, stop]))
        return Substitutions(self.read[own] - start, self.place[own], self.base[own])


def amplify(
    molecule: Ints, sequences: list[str], model: PcrModel, generator: np.random.Generator
) -> Substitutions:
    """Substitutions of reads whose sequence before PCR is ``sequences[molecule]``.

    They are sorted by read. Of two at one place of a read the later one counts.
    """
    lengths = np.array([len(sequence) for sequence in sequences], np.int64)
    family = _choose_starts(molecule, model, generator)
    copied = model.efficiency / (1.0 + model.efficiency)
    parts: list[tuple[Ints, Ints, Ints]] = []
    for _ in range(model.cycles):
        is_copy = generator.random(len(molecule)) < copied
        first, family = _split(family, is_copy)
        rates = np.where(is_copy[first], model.error_rate * lengths[molecule[first]], 0.0)
        n_errors = generator.poisson(rates)
        for number in np.flatnonzero(n_errors).tolist():
            reads = np.flatnonzero(family == number)
            for _ in range(n_errors[number]):
                place = int(generator.integers(lengths[molecule[reads[0]]]))
                step = int(generator.choice([1, 2, 2, 2, 2, 3]))
                parts.append((reads, np.full(len(reads), place), np.full(len(reads), step)))
    return _write_substitutions(parts, molecule, sequences)


def _choose_starts(molecule: Ints, model: PcrModel, generator: np.random.Generator) -> Ints:
    """Starting molecule of each read, as numbers from 0."""
    reads = np.bincount(molecule)
    starts = np.maximum(1, np.rint(reads / model.reads_per_molecule)).astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(starts)])[:-1]
    chosen = np.floor(generator.random(len(molecule)) * starts[molecule]).astype(np.int64)
    return _split(offsets[molecule] + chosen, np.zeros(len(molecule), np.bool_))[1]


def _split(family: Ints, is_copy: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Families after a cycle: the first read of each, and the family of each read."""
    _, first, after = np.unique(2 * family + is_copy, return_index=True, return_inverse=True)
    return first, after.astype(np.int64)


def _write_substitutions(
    parts: list[tuple[Ints, Ints, Ints]], molecule: Ints, sequences: list[str]
) -> Substitutions:
    """Bases from the order of the errors; a second one at a place starts from the first."""
    known: dict[tuple[int, int], int] = {}
    for reads, places, steps in parts:
        for read, place, step in zip(reads.tolist(), places.tolist(), steps.tolist(), strict=True):
            before = known.get((read, place))
            if before is None:
                before = LETTERS.index(sequences[molecule[read]][place])
            known[read, place] = (before + step) % 4
    rows = sorted((read, place, base) for (read, place), base in known.items())
    columns = np.array(rows, np.int64).reshape(-1, 3)
    return Substitutions(columns[:, 0], columns[:, 1], columns[:, 2].astype(np.uint8))


def list_mutants(molecule: Ints, sequences: list[str], found: Substitutions) -> dict[str, int]:
    """Sequences that PCR made, with the reads of each."""
    edits: dict[int, list[tuple[int, int]]] = {}
    for read, place, base in zip(
        found.read.tolist(), found.place.tolist(), found.base.tolist(), strict=True
    ):
        edits.setdefault(read, []).append((place, base))
    known = set(sequences)
    mutants: dict[str, int] = {}
    for read, own in edits.items():
        text = sequences[molecule[read]]
        for place, base in own:
            text = text[:place] + LETTERS[base] + text[place + 1 :]
        mutants[text] = mutants.get(text, 0) + 1
    return {text: n for text, n in mutants.items() if text not in known}
