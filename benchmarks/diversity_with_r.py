"""Compare the diversity stage with R: vegan, ape, phyloseq and formulas written out in R.

A sparse table of counts and a random tree are made, measured by the library and by
diversity_with_r.R, and the greatest difference of each measure is printed. NMDS is compared by
its stress, as the solutions of both searches need not be the same.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "scripts"))

from vagus.diversity.alpha import measure_counts  # noqa: E402
from vagus.diversity.beta import BETA_METRICS  # noqa: E402
from vagus.diversity.distances import Distances, write_distances  # noqa: E402
from vagus.diversity.hill import measure_hill  # noqa: E402
from vagus.diversity.nmds import scale_non_metric  # noqa: E402
from vagus.diversity.ordination import ordinate  # noqa: E402
from vagus.diversity.phylogeny_arrays import read_phylogeny  # noqa: E402
from vagus.diversity.rarefaction_curve import Abundances, expected_richness  # noqa: E402
from vagus.tables import write_table  # noqa: E402
from vagus.tables.counts import CountTable  # noqa: E402


def make_counts(n_samples: int, n_taxa: int, seed: int) -> CountTable:
    """Log-normal communities that share a part of their taxa, of different depth."""
    random = np.random.default_rng(seed)
    base = random.lognormal(0, 2, n_taxa)
    rows = []
    for _ in range(n_samples):
        weights = base * random.lognormal(0, 1, n_taxa) * (random.random(n_taxa) < 0.4)
        rows.append(random.multinomial(int(random.integers(800, 4000)), weights / weights.sum()))
    names = [f"s{i:02d}" for i in range(n_samples)]
    return CountTable.from_counts(names, [f"t{i:03d}" for i in range(n_taxa)], np.array(rows))


def make_tree(names: tuple[str, ...], seed: int) -> str:
    """A random rooted tree with branch lengths."""
    random = np.random.default_rng(seed)
    nodes = [f"{name}:{random.random():.6f}" for name in names]
    while len(nodes) > 2:
        first, second = sorted(random.choice(len(nodes), 2, replace=False), reverse=True)
        nodes.append(f"({nodes.pop(first)},{nodes.pop(second)}):{random.random():.6f}")
    return f"({nodes[0]},{nodes[1]});"


def measure(table: CountTable, folder: Path, depth: int) -> dict[str, np.ndarray]:
    """Our values in the form of the R program."""
    tree = read_phylogeny(folder / "tree.nwk", table.asvs)
    alpha = measure_counts(table, tree)
    samples = [Abundances.from_counts(row) for row in table.counts]
    hill = np.array([measure_hill(a, a.total) for a in samples])
    rarefied = np.array([expected_richness(a, depth) for a in samples])
    found = {"alpha": np.column_stack([hill, alpha[:, [1, 2, 3, 4, -1]], rarefied])}
    pairs = np.triu_indices(len(table.samples), 1)
    for metric, function in BETA_METRICS.items():
        values = function(table.counts, tree)
        values = (values + values.T) / 2
        np.fill_diagonal(values, 0)
        found[metric] = values[pairs]
        distances = Distances(table.samples, values)
        write_distances(distances, folder / f"beta_{metric}.tsv")
        placed = scale_non_metric(distances, 1, metric)
        write_table(placed.tabulate(), folder / f"nmds_{metric}.tsv")
        eigenvalues = ordinate(distances).eigenvalues[:2]
        found[f"ordination_{metric}"] = np.array([*eigenvalues, placed.stress])
    return found


def main() -> int:
    """Make, measure, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=30, help="number of samples")
    parser.add_argument("--taxa", type=int, default=150, help="number of taxa")
    parser.add_argument("--seed", type=int, default=1, help="seed of table and tree")
    options = parser.parse_args()
    if shutil.which("Rscript") is None:
        print("passed over: Rscript is not installed")
        return 0
    table = make_counts(options.samples, options.taxa, options.seed)
    depth = int(table.reads.min())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "tree.nwk").write_text(make_tree(table.asvs, options.seed))
        frame = pd.DataFrame(table.counts, index=list(table.samples), columns=list(table.asvs))
        frame.to_csv(folder / "counts.tsv", sep="\t")
        ours = measure(table, folder, depth)
        words = [folder / "counts.tsv", folder / "tree.nwk", folder, depth, folder]
        command = ["Rscript", str(HERE / "diversity_with_r.R"), *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"passed over: {done.stderr.strip().splitlines()[-1]}")
            return 0
        report(ours, folder)
    return 0


def report(ours: dict[str, np.ndarray], folder: Path) -> None:
    """Print the greatest absolute and relative differences."""
    alpha = ("Hill 0", "Hill 1", "Hill 2", "Chao1", "Shannon", "Simpson", "Pielou", "Faith PD",
             "rarefied richness", "its standard deviation")  # fmt: skip
    theirs = np.loadtxt(folder / "alpha.tsv")
    print(f"{'measure':26s} greatest difference  (relative)")
    for column, name in enumerate(alpha):
        _compare(name, ours["alpha"][:, column], theirs[:, column])
    for metric in BETA_METRICS:
        square = np.loadtxt(folder / f"{metric}.tsv")
        _compare(metric, ours[metric], square[np.triu_indices(len(square), 1)])
    print(f"\n{'NMDS':26s} stress: ours  monoMDS of ours  monoMDS from PCoA  metaMDS, 20 starts")
    for metric in BETA_METRICS:
        own, other = ours[f"ordination_{metric}"], np.loadtxt(folder / f"ordination_{metric}.tsv")
        stress = [own[2], other[4], other[2], other[3]]
        print(f"{metric:26s} " + "  ".join(f"{value:15.5f}" for value in stress))
    eigen = [
        np.abs(
            ours[f"ordination_{m}"][:2] / np.loadtxt(folder / f"ordination_{m}.tsv")[:2] - 1
        ).max()
        for m in BETA_METRICS
    ]
    print(
        f"\nPCoA eigenvalues 1, 2 against cmdscale: greatest relative difference {max(eigen):.1e}"
    )


def _compare(name: str, ours: np.ndarray, theirs: np.ndarray) -> None:
    difference = np.abs(ours - theirs)
    relative = difference / np.maximum(np.abs(theirs), 1e-300)
    print(f"{name:26s} {difference.max():.1e}  ({relative[np.abs(theirs) > 1e-12].max():.1e})")


if __name__ == "__main__":
    raise SystemExit(main())
