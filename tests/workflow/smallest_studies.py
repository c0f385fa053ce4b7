"""Studies of no, one and two reads, by what becomes of their reads."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vagus.sequences import read_fasta
from workflow.studies import FORWARD, REVERSE_SENSE, STARTER, pick_genes, write_study

GOOD, POOR = "~~~~~~~~~P", "(((((((((("  # Q93 with every tenth base Q47; Q7: one base in five wrong


@dataclass(frozen=True)
class State:
    """Reads of one sample: their genes, quality, and how many bytes of the file are lost.

    ``n_input`` and ``n_asvs`` are what must come out, by engine: ``dada`` starts from the most
    abundant sequence whatever its reads, ``phase`` needs four reads.
    """

    genes: tuple[int, ...]
    n_input: int
    n_asvs: dict[str, int]
    quality: str = GOOD
    lost_share: float = 0.0


NONE, ONE = {"dada": 0, "phase": 0}, {"dada": 1, "phase": 0}
STATES = {
    "empty": State((), 0, NONE),
    "damaged": State((0, 1), 0, NONE, lost_share=0.9),
    "poor": State((0, 1, 0), 3, NONE, quality=POOR),
    "one": State((0,), 1, ONE),
    "pair": State((0, 0), 2, ONE),
    "unlike": State((0, 1), 2, ONE),
    "two": State((0, 1) * 20, 40, {"dada": 2, "phase": 2}),
}

# every optional part of the workflow that a config can switch on
ALL_PARTS = """
reads: {keep_filtered: true}
gut_brain: {enabled: true}
diversity: {levels: [asv, species, genus, family, order, class, phylum]}
controls: {remove_contaminants: true, concentration: dna, batch: [visit], replicate: person}
"""
COHORT = """
cohort: {group: group, subject: person, time: visit, covariates: [age], permutations: 99}
"""


def write_reads(path: Path, state: State) -> None:
    """Write the reads of a state as gzipped FASTQ."""
    genes = pick_genes(2)
    reads = [FORWARD + genes[gene] + REVERSE_SENSE for gene in state.genes]
    records = [
        f"@r{number}\n{read}\n+\n{(state.quality * 200)[: len(read)]}\n"
        for number, read in enumerate(reads)
    ]
    data = gzip.compress("".join(records).encode(), mtime=0)
    path.write_bytes(data[: len(data) - int(state.lost_share * len(data))])


def write_references(folder: Path) -> None:
    """Two small references of real genes, which share some: one.fasta and other.fasta."""
    records = [
        f">{header}\n{sequence}\n"
        for (header, sequence), _ in zip(read_fasta(STARTER), range(60), strict=False)
    ]
    (folder / "one.fasta").write_text("".join(records[:50]), encoding="utf-8")
    (folder / "other.fasta").write_text("".join(records[10:]), encoding="utf-8")


def write_smallest(folder: Path, states: Sequence[str], config: str) -> Path:
    """Write a study with one sample a state; two samples are two visits of one person."""
    rows = ["sample\treads\tgroup\tperson\tvisit\tage\tdna"]
    for number in range(len(states)):
        rows.append(
            f"s{number}\ts{number}.fastq.gz\t{'ab'[number % 2]}\tp{number // 2}"
            f"\t{number % 2 + 1}\t{30 + number}\t{1 + number}"
        )
    write_study(folder, "\n".join(rows) + "\n", config)
    write_references(folder)
    for number, state in enumerate(states):
        write_reads(folder / f"s{number}.fastq.gz", STATES[state])
    return folder


def make_config(engine: str, pooling: str, n_samples: int) -> str:
    """A config with every optional part."""
    return (
        f"denoise: {{engine: {engine}, pooling: {pooling}, rescue: true}}\n"
        "taxonomy: {reference: one.fasta, more_references: [other.fasta], copy_numbers: shipped, "
        f"group_strains: true}}\n{ALL_PARTS}{COHORT if n_samples > 1 else ''}"
    )
