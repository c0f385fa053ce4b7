"""Small studies on disk, made by hand, for tests that run the command or the workflow."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from vagus.sequences import read_fasta, reverse_complement

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "resources" / "starter_reference.fasta.gz"
FORWARD = "AGAGTTTGATCCTGGCTCAG"  # one spelling of 27F
REVERSE_SENSE = reverse_complement("GGTTACCTTGTTACGACTT")


def pick_genes(n: int) -> list[str]:
    """Sequences of ``n`` references, each of its genus, cut to 1,400 bp, letters ACGT only."""
    genes, genera = [], set()
    for header, sequence in read_fasta(STARTER):
        genus = header.split(";")[5]
        if len(sequence) >= 1420 and set(sequence) <= set("ACGT") and genus not in genera:
            genera.add(genus)
            genes.append(sequence[10:1410])
            if len(genes) == n:
                break
    return genes


def write_fastq(
    path: Path, genes: list[str], n_reads: int, seed: int = 1, primers: bool = True
) -> Path:
    """Write reads in both orientations, without errors, at Q93 and every tenth base at Q47.

    The file is gzipped when its name says so.
    """
    rng = np.random.default_rng(seed)
    records = []
    for number in range(n_reads):
        gene = genes[min(int(rng.geometric(0.35)) - 1, len(genes) - 1)]
        read = FORWARD + gene + REVERSE_SENSE if primers else gene
        read = reverse_complement(read) if rng.random() < 0.5 else read
        quality = ("~~~~~~~~~P" * (len(read) // 10 + 1))[: len(read)]
        records.append(f"@r{number}\n{read}\n+\n{quality}\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    data = "".join(records).encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


def write_study(folder: Path, sheet: str, config: str = "") -> Path:
    """Write sheet and config; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "samples.tsv").write_text(sheet, encoding="utf-8")
    (folder / "config.yaml").write_text(config, encoding="utf-8")
    return folder


def run_vagus(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the ``vagus`` command of the checkout in a folder, with variables beside the present."""
    return subprocess.run(
        [sys.executable, "-m", "vagus.cli.main", *words],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, **environment},
    )  # fmt: skip
