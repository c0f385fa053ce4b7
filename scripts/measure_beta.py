"""Measure distances between samples: Bray-Curtis, Jaccard, UniFrac and Aitchison (also robust).

Distances are means over the rarefied tables of the plan that rarefy_samples.py wrote, except those
on log-ratios, which take all reads. One square table a metric: beta_METRIC.tsv. Tables of taxa
(species, genera) get theirs in their own folder, without UniFrac.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step

METRICS = (
    "braycurtis", "jaccard", "weighted_unifrac", "unweighted_unifrac", "aitchison",
    "robust_aitchison",
)  # fmt: skip


def step(options: argparse.Namespace) -> None:
    """Measure and write one table a metric and level."""
    from vagus.diversity.beta import measure_beta
    from vagus.diversity.count_table import read_count_table
    from vagus.diversity.distances import write_distances
    from vagus.diversity.phylogeny_arrays import read_phylogeny
    from vagus.diversity.rarefaction_plan import RarefactionPlan

    plan = RarefactionPlan.load(options.plan)
    table = read_count_table(options.asv_table)
    tree = read_phylogeny(options.tree, table.asvs)
    metrics = list(dict.fromkeys(options.metrics))
    for metric, distances in measure_beta(table, tree, plan, metrics).items():
        write_distances(distances, Path(options.folder) / f"beta_{metric}.tsv")
    for path in options.level_table:
        taxa = read_count_table(path)
        for metric, distances in measure_beta(taxa, None, plan, metrics).items():
            write_distances(distances, path.parent / f"beta_{metric}.tsv")


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = make_parser(__doc__)
    parser.add_argument("--asv-table", required=True, help="asv_table.tsv of the denoise stage")
    parser.add_argument("--tree", required=True, help="rooted Newick tree of the ASVs")
    parser.add_argument("--plan", required=True, help="JSON of rarefy_samples.py")
    parser.add_argument(
        "--metrics", nargs="+", choices=METRICS, default=list(METRICS), help="which distances"
    )
    parser.add_argument(
        "--level-table", action="append", type=Path, default=[], metavar="TSV",
        help="table of gather_taxa.py; may be given several times",
    )  # fmt: skip
    parser.add_argument("--folder", required=True, help="output: folder of the tables")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
