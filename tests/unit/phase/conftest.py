"""Simulated reads with known origin: errors follow the qualities that the reads report."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vagus.reads.uniques import Uniques

LETTERS = np.array(list("ACGT"))


def make_sequence(seed: int, length: int = 600) -> str:
    """Random sequence."""
    return "".join(LETTERS[np.random.default_rng(seed).integers(0, 4, length)])


def substitute(sequence: str, *positions: int) -> str:
    """The sequence with other bases (A->C->G->T->A) at some positions."""
    letters = list(sequence)
    for position in positions:
        letters[position] = "CGTA"["ACGT".index(letters[position])]
    return "".join(letters)


class ReadMaker:
    """Collects simulated reads of one sample."""

    def __init__(self, seed: int) -> None:
        self.generator = np.random.default_rng(seed)
        self.sequences: list[str] = []
        self.qualities: list[np.ndarray] = []
        self.are_reverse: list[bool] = []
        self.origins: list[int] = []

    def add(
        self,
        sequence: str,
        n: int,
        low_share: float = 0.03,
        reverse: bool | None = None,
        spoil: Callable[[str, bool], str] | None = None,
    ) -> None:
        """Reads of a sequence. A share of bases has Q8 (wrong one time in six), the rest Q40.

        Two thirds of errors are substitutions, the others deletions. ``reverse`` fixes the
        strand; ``spoil`` may change a read before errors, knowing its strand.
        """
        draw = self.generator
        origin = len(set(self.origins))
        for _ in range(n):
            strand = bool(draw.random() < 0.5) if reverse is None else reverse
            template = spoil(sequence, strand) if spoil else sequence
            low = draw.random(len(template)) < low_share
            letters, quality = [], []
            for letter, is_low in zip(template, low, strict=True):
                if is_low and draw.random() < 0.16:
                    if draw.random() < 1 / 3:
                        if quality:
                            quality[-1] = 8
                        continue
                    letter = "ACGT"[("ACGT".index(letter) + draw.integers(1, 4)) % 4]
                letters.append(letter)
                quality.append(8 if is_low else 40)
            self.sequences.append("".join(letters))
            self.qualities.append(np.array(quality, np.uint8))
            self.are_reverse.append(strand)
            self.origins.append(origin)

    def finish(self, with_strands: bool = True, order: np.ndarray | None = None) -> Uniques:
        """The reads as unique sequences."""
        chosen = np.arange(len(self.sequences)) if order is None else order
        return Uniques.from_reads(
            [self.sequences[i] for i in chosen],
            [self.qualities[i] for i in chosen],
            sample="made up",
            platform="ont",
            quality_scheme="ont",
            are_reverse=[self.are_reverse[i] for i in chosen] if with_strands else None,
        )


@pytest.fixture
def maker() -> Callable[[int], ReadMaker]:
    """Makes a collector of reads from a seed."""
    return ReadMaker
