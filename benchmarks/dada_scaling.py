"""How the dada engine grows: CPU and memory over reads, diversity and samples.

Samples are simulated on the fly and deleted: relatives of the starter reference's sequences
with log-normal abundances, read with HiFi-like qualities (about 80 % of the reads free of
errors, most errors indels). Each point runs ``learn_errors.py`` and ``denoise_sample.py`` as
the workflow does; CPU seconds include the start of Python, memory is the largest peak of
these programs. Tables are printed, and saved with a plot of these and of the series that an
earlier run left in the output folder. ``--quick`` takes smaller points.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE.parent / "scripts"
sys.path[:0] = [str(SCRIPTS), str(HERE)]

POINTS = {
    "reads": [(n, 200, 1) for n in (5_000, 10_000, 20_000, 50_000, 100_000, 200_000)],
    "variants": [(20_000, n, 1) for n in (50, 100, 200, 500, 1_000, 2_000)],
    "samples": [(5_000, 100, n) for n in (1, 5, 20, 50, 200)],
}
QUICK_POINTS = {
    "reads": [(n, 100, 1) for n in (5_000, 10_000, 20_000)],
    "variants": [(5_000, n, 1) for n in (50, 200, 800)],
    "samples": [(2_000, 50, n) for n in (1, 3, 9)],
}
# bases of a read that may be wrong; bases of middling quality, almost none of which is wrong
N_WEAK, N_MIDDLING = 15, 100


def read_once(rng, bases):
    """One read of a variant (codes) and its qualities: weak bases may be wrong.

    Every quality occurs, as in HiFi reads: without the middling ones the fit of the rates would
    be free to take any value between the low qualities and the highest.
    """
    import numpy as np

    quality = np.full(len(bases), 93, np.uint8)
    quality[rng.integers(0, len(bases), N_MIDDLING)] = rng.integers(41, 93, N_MIDDLING)
    weak = rng.integers(0, len(bases), N_WEAK)
    quality[weak] = rng.integers(10, 41, N_WEAK)
    wrong = weak[rng.random(N_WEAK) < 10.0 ** (quality[weak] / -10.0)]
    if len(wrong) == 0:
        return bases, quality
    copies = np.ones(len(bases), np.int64)
    read = bases.copy()
    for p in wrong.tolist():
        kind = rng.integers(3)
        if kind == 0:
            read[p] = (read[p] + rng.integers(1, 4)) % 4
        else:
            copies[p] = 0 if kind == 1 else 2
    return np.repeat(read, copies), np.repeat(quality, copies)


def simulate_samples(folder: Path, n_reads: int, n_variants: int, n_samples: int) -> list[Path]:
    """Write the unique sequences of samples of one community; returns the files."""
    import numpy as np

    from dada_chimeras import make_relatives
    from vagus.reads.uniques import Uniques, encode_bases
    from vagus.reference.starter import STARTER_FASTA, read_starter

    rng = np.random.default_rng([n_reads, n_variants, n_samples])
    known = [record.sequence for record in read_starter(STARTER_FASTA)]
    known = [text for text in known if len(text) > 1200 and not set(text) - set("ACGT")]
    chosen = rng.choice(len(known), max(1, n_variants * 2 // 3), replace=False)
    variants = make_relatives(rng, [known[i] for i in chosen], n_variants)
    codes = [encode_bases(text) for text in variants]
    letters = np.frombuffer(b"ACGT", np.uint8)
    paths = []
    for number in range(n_samples):
        shares = rng.lognormal(0, 1.5, n_variants)
        drawn = rng.choice(n_variants, n_reads, p=shares / shares.sum())
        reads = (read_once(rng, codes[i]) for i in drawn)
        pairs = ((letters[read].tobytes().decode(), quality) for read, quality in reads)
        sequences, qualities = zip(*pairs, strict=True)
        paths.append(folder / f"s{number:03}.npz")
        Uniques.from_reads(sequences, qualities, sample=paths[-1].stem).save(paths[-1])
    return paths


def measure(n_reads: int, n_variants: int, n_samples: int) -> dict[str, float]:
    """Simulate, learn, denoise each sample; figures of the programs."""
    import pandas as pd

    from _measured import run_measured

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = simulate_samples(folder, n_reads, n_variants, n_samples)
        model = ["--engine", "dada", "--model", str(folder / "model.tsv")]
        about = ["--description", str(folder / "model.json")]
        known = ["--partitions", str(folder / "partitions.npz")]
        program = [sys.executable, str(SCRIPTS / "learn_errors.py")]
        runs = [run_measured([*program, *map(str, paths), *model, *about, *known])]
        found = 0
        for path in paths:
            program = [sys.executable, str(SCRIPTS / "denoise_sample.py"), "--uniques", str(path)]
            out = ["--variants", str(folder / "v.tsv"), "--losses", str(folder / "l.json")]
            made = [f"--model=dada={model[-1]}", f"--partitions=dada={known[-1]}"]
            runs.append(run_measured([*program, *made, *out]))
            found += len(pd.read_csv(folder / "v.tsv", sep="\t"))
    return {
        "reads": n_reads,
        "variants": n_variants,
        "samples": n_samples,
        "found": found,
        "learn_cpu_s": round(runs[0].cpu_s, 2),
        "denoise_cpu_s": round(sum(run.cpu_s for run in runs[1:]), 2),
        "learn_mb": round(runs[0].peak_mb),
        "denoise_mb": round(max(run.peak_mb for run in runs[1:])),
    }


def plot(tables: dict, path: Path) -> None:
    """CPU (above) and memory (below) against reads, variants and samples."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    shape = {"squeeze": False, "figsize": (1 + 3.4 * len(tables), 6), "layout": "constrained"}
    figure, axes = plt.subplots(2, len(tables), **shape)
    for column, (name, table) in enumerate(tables.items()):
        for row, unit in enumerate(("cpu_s", "mb")):
            axis = axes[row, column]
            for step in ("learn", "denoise"):
                axis.plot(table[name], table[f"{step}_{unit}"], "o-", label=step)
            axis.set(xscale="log", yscale="log" if row == 0 else "linear", xlabel=name)
            axis.set_ylabel("CPU seconds" if row == 0 else "peak MB")
            if row:
                axis.set_ylim(bottom=0)
    axes[0, 0].legend(frameon=False)
    figure.savefig(path)
    plt.close(figure)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller points, in some minutes")
    parser.add_argument("--only", choices=tuple(POINTS), help="one of the three series")
    parser.add_argument("--output", type=Path, default=Path("bench"), help="folder to write")
    arguments = parser.parse_args(argv)
    import pandas as pd

    from _measured import run_measured

    run_measured([sys.executable, str(SCRIPTS / "warm_kernels.py"), "dada"])
    series = QUICK_POINTS if arguments.quick else POINTS
    tables = {}
    arguments.output.mkdir(parents=True, exist_ok=True)
    for name, points in series.items():
        kept = arguments.output / f"dada_over_{name}.tsv"
        if arguments.only in (None, name):
            tables[name] = pd.DataFrame([measure(*point) for point in points])
            print(f"over {name}\n{tables[name].to_string(index=False)}\n", flush=True)
            tables[name].to_csv(kept, sep="\t", index=False)
        elif kept.is_file():
            tables[name] = pd.read_csv(kept, sep="\t")
    plot(tables, arguments.output / "dada_scaling.png")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
