"""How the phase engine grows: CPU and memory over reads and diversity.

Samples of simulated ONT reads of the gut community. *Diversity* takes its most abundant taxa
only, all equally abundant. Each point runs ``learn_errors.py`` and ``denoise_sample.py``
as the workflow does; CPU seconds include the start of Python, memory is the larger of the two
peaks. A table is printed, and saved with a plot where ``--output`` says.

    python benchmarks/phase_scaling.py --reads 5000 20000 100000 --output scaling
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from _phase_sets import COMMUNITIES, ROOT, MadeSet, Truth, run_phase, show

HEAD = ("over", "reads", "taxa", "variants_5+", "cpu_learn", "cpu_denoise", "cpu_per_10k",
        "mb", "mb_per_10k", "assigned")  # fmt: skip
BUDGET_CPU, BUDGET_MB = 10.0, 500.0


def cut_community(n_taxa: int, path: Path) -> None:
    """The first taxa of the gut community by abundance, equally abundant."""
    lines = (ROOT / "resources" / COMMUNITIES["gut"]).read_text().splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    rows[1:] = sorted(rows[1:], key=lambda row: (-float(row[1]), row[0]))[:n_taxa]
    text = "\n".join("\t".join([row[0], "1", row[2]]) for row in rows[1:])
    path.write_text(f"taxon\tabundance\tcopies\n{text}\n")


def measure(over: str, n_reads: int, n_taxa: int, seed: int) -> list[object]:
    """One point; 0 taxa stands for the whole community as it is."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        community = "gut"
        if n_taxa:
            cut_community(n_taxa, folder / "community.tsv")
            community = str(folder / "community.tsv")
        [path] = MadeSet(community, depth=n_reads, seed=seed).make(folder / "set")
        truth = Truth.read(folder / "set")
        cost = run_phase(path, folder / "phase")
        losses = json.loads((folder / "phase.json").read_text())
    tens = n_reads / 10_000
    cpu = cost.learn_s + cost.denoise_s
    return [over, n_reads, n_taxa or "all", sum(n >= 5 for n in truth.reads.values()),
            f"{cost.learn_s:.1f}", f"{cost.denoise_s:.1f}", f"{cpu / tens:.1f}",
            f"{cost.mb:.0f}", f"{cost.mb / tens:.0f}",
            f"{100 * losses['assigned'] / losses['reads_in']:.1f} %"]  # fmt: skip


def draw(rows: list[list[object]], path: Path) -> None:
    """CPU seconds and memory over reads, with the budgets."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "vagus"
    from matplotlib import pyplot as plt

    points = [row for row in rows if row[0] == "reads"]
    reads = [float(str(row[1])) for row in points]
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    cpu = [float(str(row[4])) + float(str(row[5])) for row in points]
    for axis, values, budget, label in (
        (axes[0], cpu, BUDGET_CPU, "CPU seconds, learning and denoising"),
        (axes[1], [float(str(row[7])) for row in points], BUDGET_MB, "Peak memory (MB)"),
    ):
        axis.plot(reads, values, "o-", label="measured")
        axis.plot(reads, [budget * n / 10_000 for n in reads], "--", label="budget")
        axis.set(xlabel="Reads of the sample", ylabel=label, xscale="log", yscale="log")
        axis.legend()
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Print the table; save table and plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--reads", type=int, nargs="*", default=[5_000, 10_000, 20_000])
    add("--taxa", type=int, nargs="*", default=[3, 10, 30, 100])
    add("--taxa-reads", type=int, default=10_000)
    add("--seed", type=int, default=1)
    add("--output", type=Path, help="folder for the table and the plot")
    arguments = parser.parse_args()
    show(*HEAD)
    points = [("reads", n, 0) for n in arguments.reads]
    points += [("taxa", arguments.taxa_reads, n) for n in arguments.taxa]
    rows = []
    for over, n_reads, n_taxa in points:
        rows.append(measure(over, n_reads, n_taxa, arguments.seed))
        show(*rows[-1])
    if arguments.output:
        arguments.output.mkdir(parents=True, exist_ok=True)
        lines = ["\t".join(map(str, row)) for row in [list(HEAD), *rows]]
        (arguments.output / "phase_scaling.tsv").write_text("\n".join(lines) + "\n")
        draw(rows, arguments.output / "phase_scaling.svg")


if __name__ == "__main__":
    main()
