"""Time of the search for chimeras and of merging, on simulated tables of growing size.

Variants are relatives of the starter reference's sequences; each sample draws some of them
with log-normal abundances and makes chimeras of its abundant ones. CPU seconds and peak
memory are those of a process that judges the variants and writes the ASV table. ``--quick``
leaves out the largest table.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
sys.path.insert(0, str(SCRIPTS))

if TYPE_CHECKING:
    import numpy as np

SIZES = ((2_000, 20), (5_000, 50), (10_000, 100), (20_000, 200))
CHIMERA_SHARE = 0.15
PER_SAMPLE = 600


def make_relatives(rng, bases, n: int) -> list[str]:
    """``n`` different sequences: the given ones and, by substitution, relatives of them."""
    import numpy as np

    sequences = list(dict.fromkeys(bases))
    letters = np.frombuffer(b"ACGT", np.uint8)
    seen = set(sequences)
    while len(sequences) < n:
        own = np.frombuffer(sequences[rng.integers(len(sequences))].encode(), np.uint8).copy()
        places = rng.integers(0, len(own), int(rng.choice([1, 2, 5, 15, 40, 100])))
        own[places] = letters[rng.integers(0, 4, len(places))]
        text = own.tobytes().decode()
        if text not in seen:
            seen.add(text)
            sequences.append(text)
    return sequences[:n]


def make_table(n_variants: int, n_samples: int, seed: int = 1):
    """Sequences, for each sample its reads by variant, and which variants are chimeras."""
    import numpy as np

    from vagus.reference.starter import STARTER_FASTA, read_starter

    rng = np.random.default_rng([seed, n_variants, n_samples])
    bases = [record.sequence for record in read_starter(STARTER_FASTA)]
    bases = [text for text in bases if len(text) > 1200 and not set(text) - set("ACGT")]
    n_true = int(n_variants * (1 - CHIMERA_SHARE))
    sequences = make_relatives(rng, bases, n_true)
    index = {text: i for i, text in enumerate(sequences)}
    samples = []
    for _ in range(n_samples):
        chosen = rng.choice(n_true, min(PER_SAMPLE, n_true), replace=False)
        reads = np.maximum(2, rng.lognormal(3, 1.6, len(chosen))).astype(int)
        sample = dict(zip(chosen.tolist(), reads.tolist(), strict=True))
        top = chosen[np.argsort(-reads)][:60]
        for _ in range((n_variants - n_true) // n_samples):
            left, right = (sequences[i] for i in rng.choice(top, 2, replace=False))
            cut = int(rng.integers(100, min(len(left), len(right)) - 100))
            chimera = left[:cut] + right[cut:]
            sample[index.setdefault(chimera, len(index))] = int(rng.integers(2, 6))
        samples.append(sample)
    return list(index), samples, np.arange(len(index)) >= n_true


def measure(n_variants: int, n_samples: int) -> dict[str, float]:
    """Judge one simulated table and write its ASVs; figures of this process."""
    import resource

    import numpy as np

    from vagus.chimeras.settings import ChimeraSettings
    from vagus.chimeras.verdicts import judge_variants

    settings = ChimeraSettings()
    judge_variants(*make_table(300, 3)[:2], settings)  # loads the compiled kernels
    sequences, samples, is_chimera = make_table(n_variants, n_samples)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    verdicts = judge_variants(sequences, samples, settings)
    judged = time.process_time()
    called = np.array([verdict.is_chimera(settings) for verdict in verdicts])
    write_study(sequences, samples, called)
    return {
        "variants": len(sequences),
        "samples": n_samples,
        "occurrences": sum(map(len, samples)),
        "chimeras_made": int(is_chimera.sum()),
        "of_them_called": int((called & is_chimera).sum()),
        "others_called": int((called & ~is_chimera).sum()),
        "judge_cpu_s": round(judged - start, 2),
        "write_cpu_s": round(time.process_time() - judged, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "peak_mb_before": round(before / 1024),
    }


def write_study(sequences: list[str], samples: list[dict[int, int]], called: np.ndarray) -> None:
    """Write the tables of the ASVs that are left, and forget them."""
    from vagus.denoise.biom_table import write_biom
    from vagus.denoise.study_table import Study
    from vagus.sequences import identify_asv

    study = Study(
        samples=[f"s{i:04}" for i in range(len(samples))],
        counts=samples,
        names=[identify_asv(text) for text in sequences],
        sequences=sequences,
        is_removed=called,
    )
    with tempfile.TemporaryDirectory() as name:
        table = study.sparse_table()
        table.write(Path(name) / "asv_table.tsv")
        write_biom(table, Path(name) / "asv_table.biom")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the largest table")
    parser.add_argument("--table", type=Path, help="figures to write (.tsv)")
    parser.add_argument("--one", nargs=2, type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.one:
        print(json.dumps(measure(*arguments.one)))
        return 0
    import pandas as pd

    rows = []
    for size in SIZES[:-1] if arguments.quick else SIZES:
        command = [sys.executable, __file__, "--one", *map(str, size)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        rows.append(json.loads(done.stdout))
        print(rows[-1], flush=True)
    table = pd.DataFrame(rows)
    print(table.to_string(index=False))
    if arguments.table:
        table.to_csv(arguments.table, sep="\t", index=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
