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


FIRST = 28  # position in the gene of E. coli of the first base after 27F
SITES = {"338": 342, "515": 524, "683": 685, "787": 785, "910": 917, "968": 968, "1048": 1061,
         "1098": 1101, "1330": 1338, "1391": 1394}  # fmt: skip


def make_insert(seed: int, length: int = 1450) -> str:
    """Random sequence with the ten conserved motifs where they are in the gene of E. coli.

    Between 27F and 1492R are 1464 bases; in other lengths the distances are in proportion.
    """
    source = random.Random(seed)
    letters = source.choices("ACGT", k=length)
    for name, motif in MOTIFS.items():
        start = (SITES[name] - FIRST) * length // 1464
        letters[start : start + len(motif)] = motif
    return "".join(letters[:length])


def make_amplicon(insert: str, *, sense: bool = True) -> str:
    """The insert between both primers, on either strand."""
    amplicon = FORWARD + insert + reverse_complement(EXACT_REVERSE)
    return amplicon if sense else reverse_complement(amplicon)


def format_fastq(records: Iterable[tuple[str, str, str]]) -> str:
    """FASTQ text of (name, sequence, quality string) records."""
    return "".join(f"@{name}\n{seq}\n+\n{qual}\n" for name, seq, qual in records)


@pytest.fixture
def write_reads(tmp_path: Path) -> Callable[..., str]:
    """Write sequences as FASTQ with quality letters in turn, or a string a read; gives the path."""

    def write(
        sequences: Iterable[str], quality: str | list[str] = "~}|", name: str = "reads.fastq"
    ) -> str:
        sequences = list(sequences)
        qualities = (
            [(quality * len(s))[: len(s)] for s in sequences]
            if isinstance(quality, str)
            else quality
        )
        records = [
            (f"r{i}", s, q) for i, (s, q) in enumerate(zip(sequences, qualities, strict=True))
        ]
        path = tmp_path / name
        path.write_text(format_fastq(records), encoding="ascii")
        return str(path)

    return write
