"""Independent, pseudo and pooled denoising as the number of samples grows.

Samples of one simulated gut-like study share variants: relatives of the starter reference's
sequences, each subject with its own half of them at log-normal abundances, read with HiFi-like
qualities (``dada_scaling.read_once``; about 80 % of the reads free of errors). The first n
samples are the study of n samples. The error model is learned once, from the first samples.
Every mode runs the programs of the workflow, ``--jobs`` of a kind side by side; CPU seconds
include the start of Python, memory is the largest peak of any program. Variants are compared
with the truth of each sample by depth; samples are made on the fly and deleted at the end.

What is finished is kept in the output folder, and a run that was stopped goes on there. From
the growth with the reads of the pool the cost of 192 samples with 16.7 million reads is
projected. For the workflow of PacBio, HiFi-16S-workflow, its README gives 13 h on 32 CPUs and
87 GB for a gut study of that size (17,293 ASVs), with taxonomy and all else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "scripts"), str(HERE)]

from _pooling_modes import RUNS, Cost  # noqa: E402
from _pooling_study import Bench, make_variants, simulate_samples  # noqa: E402
from _pooling_truth import check_one_pool, compare  # noqa: E402

PROJECTED_READS = 16_700_000
LEARN_SAMPLES = 5


def measure(bench: Bench, n: int, mode: str) -> dict[str, object]:
    """One mode at one number of samples, or what is kept of it."""
    kept = bench.folder / f"{mode}_{n}.json"
    if kept.is_file():
        return json.loads(kept.read_text(encoding="utf-8"))
    out = bench.folder / (mode if mode == "independent" else f"{mode}_{n}")
    out.mkdir(parents=True, exist_ok=True)
    cost = RUNS[mode](bench, n, out)
    row = {
        "mode": mode,
        "samples": n,
        "reads": n * bench.n_reads,
        "cpu_s": round(cost.cpu_s, 1),
        "wall_s": round(cost.wall_s, 1),
        "peak_mb": round(cost.peak_mb),
        **compare(bench, n, out),
        "programs": {
            name: f"{cpu:.1f} s, {mb:.0f} MB" for name, (cpu, mb) in cost.by_program.items()
        },
    }
    kept.write_text(json.dumps(row), encoding="utf-8")
    if mode != "independent":
        remove_folder(out)
    return row


def remove_folder(folder: Path) -> None:
    """Delete a folder of this benchmark."""
    import shutil

    shutil.rmtree(folder)


def extend(reads, values) -> tuple[float, float]:
    """Exponent of a power law through the two largest points, and its value for the gut study."""
    import numpy as np

    x, y = np.log(reads.to_numpy(float)[-2:]), np.log(values.to_numpy(float)[-2:])
    slope = float((y[1] - y[0]) / (x[1] - x[0]))
    return slope, float(np.exp(y[1] + slope * (np.log(PROJECTED_READS) - x[1])))


def project(table) -> str:
    """Cost of the published study by the growth between the two largest points, for each mode."""
    lines = []
    for mode, own in table.groupby("mode", sort=False):
        if len(own) < 2:
            continue
        slope, cpu = extend(own["reads"], own["cpu_s"])
        rise, peak = extend(own["reads"], own["peak_mb"])
        lines.append(
            f"{mode}: CPU grows with reads^{slope:.2f}, the largest job's memory with "
            f"reads^{rise:.2f}; {PROJECTED_READS:,} reads: {cpu / 3600:.2f} CPU h, {peak:,.0f} MB "
            f"({PROJECTED_READS / own['reads'].max():.1f} x the largest point)"
        )
    return "\n".join(lines)


def plot(table, path: Path) -> None:
    """CPU, peak memory and rare variants found, against the number of samples."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    columns = {
        "cpu_s": "CPU seconds",
        "peak_mb": "peak MB of any job",
        "recall_2+": "recall, 2-4 reads",
    }
    for axis, (column, label) in zip(axes, columns.items(), strict=True):
        for mode, own in table.groupby("mode", sort=False):
            axis.plot(own["samples"], own[column], "o-", label=mode)
        axis.set(xlabel="samples", ylabel=label, xscale="log")
        axis.set_ylim(bottom=0)
    axes[0].set_yscale("log")
    axes[0].legend(frameon=False)
    figure.savefig(path)
    plt.close(figure)


def report(rows: list[dict], output: Path) -> None:
    """Print and save the table, the projection and the plot."""
    import pandas as pd

    table = pd.DataFrame(rows)
    shown = table.drop(columns="programs")
    print(shown.T.to_string(header=False), "\n", flush=True)
    for row in rows:
        print(row["mode"], row["samples"], row["programs"])
    print(project(table), flush=True)
    shown.to_csv(output / "dada_pooling.tsv", sep="\t", index=False)
    plot(table, output / "dada_pooling.png")


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--samples", type=int, nargs="+", default=[5, 10, 20], help="numbers of samples")
    add("--reads", type=int, default=5_000, help="reads of each")
    add("--variants", type=int, default=400, help="variants of the community")
    add("--modes", nargs="+", choices=tuple(RUNS), default=tuple(RUNS))
    about = "modes in which one pool of the fewest samples is also partitioned in one piece"
    add("--check", nargs="*", choices=("pruned", "exact"), default=["pruned"], help=about)
    add("--jobs", type=int, default=1, help="programs that run side by side")
    add("--keep", action="store_true", help="keep samples and variants, to add points later")
    add("--output", type=Path, default=Path("bench"), help="folder to write")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parse(argv)
    name = f"pooling_{arguments.reads}_{arguments.variants}"
    bench = Bench(arguments.output / name, arguments.reads, arguments.variants, arguments.jobs)
    for part in ("samples", "truth"):
        (bench.folder / part).mkdir(parents=True, exist_ok=True)
    variants = make_variants(bench)
    Cost().run("warm_kernels", "dada")
    rows = []
    for n in sorted(arguments.samples):
        simulate_samples(bench, max(n, LEARN_SAMPLES), variants)
        if not bench.model().is_file():
            learners = [bench.uniques(i) for i in range(LEARN_SAMPLES)]
            about = ["--description", bench.folder / "model.json"]
            model = ["--engine", "dada", "--model", bench.model()]
            Cost().run("learn_errors", *model, *about, "--", *learners)
        for mode in arguments.modes:
            rows.append(measure(bench, n, mode))
            report(rows, arguments.output)
    for mode in arguments.check:
        print(check_one_pool(bench, min(arguments.samples), mode), flush=True)
    if not arguments.keep:
        remove_folder(bench.folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
