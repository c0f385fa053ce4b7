"""CPU and wall time of ``vagus check`` on studies of many samples.

    python benchmarks/check_speed.py [--samples 500 5000]

Every sample has 200 reads of 1,440 bp with an error in 500 bases, of 40 genes, of which the first
read is its own; and a subject with two visits, a group and an age, so that the whole design is
judged. The times are those of the command alone.
"""

from __future__ import annotations

import argparse
import gzip
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import numpy as np

from vagus.sequences import reverse_complement
from workflow.studies import FORWARD, REVERSE_SENSE, pick_genes

CONFIG = "cohort: {group: group, subject: who, time: when, covariates: [age]}\n"


N_READS, N_BODIES, N_GENES, ERROR_RATE = 200, 20, 40, 0.002


def make_reads(genes: list[str], n_reads: int, seed: int) -> bytes:
    """Gzipped reads of random genes and strands, with substitutions."""
    rng = np.random.default_rng(seed)
    records = []
    for number in range(n_reads):
        read = list(FORWARD + genes[rng.integers(len(genes))] + REVERSE_SENSE)
        for place in np.flatnonzero(rng.random(len(read)) < ERROR_RATE):
            read[place] = "ACGT"[rng.integers(4)]
        strand = "".join(read) if rng.random() < 0.5 else reverse_complement("".join(read))
        quality = "".join(map(chr, rng.choice([126, 120, 80], len(read), p=[0.9, 0.08, 0.02])))
        records.append(f"@s{seed}/{number}\n{strand}\n+\n{quality}\n")
    return gzip.compress("".join(records).encode(), 1, mtime=0)


def write_study(folder: Path, n_samples: int) -> None:
    """Reads, sheet and config."""
    genes = pick_genes(N_GENES)
    bodies = [make_reads(genes, N_READS - 1, n) for n in range(N_BODIES)]
    rows = ["sample\treads\twho\twhen\tgroup\tage"]
    for n in range(n_samples):
        own = make_reads(genes, 1, N_BODIES + n)
        (folder / f"{n}.fastq.gz").write_bytes(own + bodies[n % N_BODIES])
        person = n // 2
        rows.append(f"s{n}\t{n}.fastq.gz\tp{person}\tweek {4 * (n % 2)}\t{'ab'[person % 2]}\t"
                    f"{20 + person % 60}")  # fmt: skip
    (folder / "samples.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")


def measure(n_samples: int) -> tuple[float, float]:
    """CPU and wall seconds of one check."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_study(folder, n_samples)
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        command = [sys.executable, "-m", "vagus.cli.main", "check"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        wall_s = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            raise SystemExit(done.stderr)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall_s


def main() -> None:
    """Measure and print a row for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, nargs="+", default=[500, 5000])
    print(f"samples\tcpu_s\twall_s\tcores ({os.cpu_count()})")
    for n_samples in parser.parse_args().samples:
        cpu_s, wall_s = measure(n_samples)
        print(f"{n_samples}\t{cpu_s:.1f}\t{wall_s:.1f}", flush=True)


if __name__ == "__main__":
    main()
