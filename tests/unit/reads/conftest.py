"""Made-up 16S-like amplicons and files of reads."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from vagus.reads.conserved import MOTIFS
from vagus.sequences import reverse_complement

FORWARD = "AGAGTTTGATCATGGCTCAG"  # one of the primers that AGRGTTYGATYMTGGCTCAG stands for
REVERSE = "AGTACCTTGTTACGACTT"  # RGYTACCTTGTTACGACTT without its third base: one deletion
EXACT_REVERSE = "AGTTACCTTGTTACGACTT"


def make_insert(seed: int, length: int = 1450) -> str:
    """Random sequence with the ten conserved motifs planted at even distances."""
    source = random.Random(seed)
    letters = source.choices("ACGT", k=length)
    step = length // (len(MOTIFS) + 1)
    for number, motif in enumerate(MOTIFS.values(), 1):
        letters[number * step : number * step + len(motif)] = motif
    return "".join(letters)


def make_amplicon(insert: str, *, sense: bool = True) -> str:
    """The insert between both primers, on either strand."""
    amplicon = FORWARD + insert + reverse_complement(EXACT_REVERSE)
    return amplicon if sense else reverse_complement(amplicon)


def format_fastq(records: Iterable[tuple[str, str, str]]) -> str:
    """FASTQ text of (name, sequence, quality string) records."""
    return "".join(f"@{name}\n{seq}\n+\n{qual}\n" for name, seq, qual in records)


@pytest.fixture
def write_reads(tmp_path: Path) -> Callable[..., str]:
    """Write sequences as FASTQ with one quality letter (or strings of them); gives the path."""

    def write(
        sequences: Iterable[str], quality: str | list[str] = "~", name: str = "reads.fastq"
    ) -> str:
        sequences = list(sequences)
        qualities = [quality * len(s) for s in sequences] if isinstance(quality, str) else quality
        records = [
            (f"r{i}", s, q) for i, (s, q) in enumerate(zip(sequences, qualities, strict=True))
        ]
        path = tmp_path / name
        path.write_text(format_fastq(records), encoding="ascii")
        return str(path)

    return write
