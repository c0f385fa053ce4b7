"""The simulated study of the pooling benchmark: its files, samples and truth."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path


@dataclass(frozen=True)
class Bench:
    """Where things are, the size of a sample and of the community, and jobs side by side."""

    folder: Path
    n_reads: int
    n_variants: int
    n_jobs: int = 1

    def uniques(self, number: int) -> Path:
        """Unique sequences of a sample."""
        return self.folder / "samples" / f"s{number:03}.npz"

    def truth(self, number: int) -> Path:
        """True reads of each variant of a sample."""
        return self.folder / "truth" / f"s{number:03}.json"

    def model(self) -> Path:
        """The error model."""
        return self.folder / "model.tsv"


def make_variants(bench: Bench):
    """Sequences of the community, as letters."""
    import numpy as np

    from dada_chimeras import make_relatives
    from vagus.reference.starter import STARTER_FASTA, read_starter

    rng = np.random.default_rng([7, bench.n_variants])
    known = [record.sequence for record in read_starter(STARTER_FASTA)]
    known = [text for text in known if len(text) > 1200 and not set(text) - set("ACGT")]
    chosen = rng.choice(len(known), min(len(known), bench.n_variants // 2), replace=False)
    return make_relatives(rng, [known[i] for i in chosen], bench.n_variants)


def simulate_sample(bench: Bench, number: int, variants: list[str]) -> None:
    """Write a sample and its truth, unless they are there."""
    import numpy as np

    from dada_scaling import read_once
    from vagus.reads.uniques import Uniques, encode_bases

    if bench.uniques(number).is_file() and bench.truth(number).is_file():
        return
    rng = np.random.default_rng([11, number, bench.n_reads, bench.n_variants])
    common = np.random.default_rng([13, bench.n_variants]).normal(0, 1.5, len(variants))
    shares = np.exp(common + rng.normal(0, 1.2, len(variants)))
    shares *= rng.random(len(variants)) < 0.5
    drawn = np.sort(rng.choice(len(variants), bench.n_reads, p=shares / shares.sum()))
    codes = [encode_bases(text) for text in variants]
    letters = np.frombuffer(b"ACGT", np.uint8)
    reads = (read_once(rng, codes[i]) for i in drawn)
    pairs = ((letters[read].tobytes().decode(), quality) for read, quality in reads)
    sequences, qualities = zip(*pairs, strict=True)
    name = bench.uniques(number).stem
    counts = np.bincount(drawn, minlength=len(variants))
    truth = {variants[i]: int(n) for i, n in enumerate(counts) if n}
    bench.truth(number).write_text(json.dumps(truth), encoding="utf-8")
    Uniques.from_reads(sequences, qualities, sample=name).save(bench.uniques(number))


def simulate_samples(bench: Bench, n: int, variants: list[str]) -> None:
    """Write the first samples and their truth, where they are not there."""
    with ProcessPoolExecutor(bench.n_jobs) as jobs:
        list(jobs.map(partial(simulate_sample, bench, variants=variants), range(n)))
