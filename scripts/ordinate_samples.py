"""Ordinate samples by each distance: principal coordinates with biplot arrows, and NMDS.

Reads beta_METRIC.tsv of each folder and writes ordination_METRIC.tsv (sample, PC1, ...),
nmds_METRIC.tsv (sample, NMDS1, NMDS2) and biplot_METRIC.tsv (taxon, arrow) beside it, and two
tables for all metrics of the folder: ordination_explained.tsv and nmds_stress.tsv. Controls are
left out, because a few samples of another kind would take the first axes for themselves.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step


def step(options: argparse.Namespace) -> None:
    """Ordinate each metric of each folder and write the tables."""
    from vagus.diversity.count_table import read_count_table
    from vagus.diversity.ordination_tables import OrdinationSettings, write_ordinations
    from vagus.diversity.rarefaction_plan import RarefactionPlan

    samples = RarefactionPlan.load(options.plan).compared
    settings = OrdinationSettings(tuple(dict.fromkeys(options.metrics)), samples, options.seed)
    folders = {Path(options.folder): Path(options.asv_table)}
    folders |= {path.parent: path for path in options.level_table}
    for folder, table in folders.items():
        write_ordinations(folder, read_count_table(table), settings)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = make_parser(__doc__)
    parser.add_argument("--folder", required=True, help="folder with beta_METRIC.tsv of the ASVs")
    parser.add_argument("--asv-table", required=True, help="the table that they were measured on")
    parser.add_argument("--plan", required=True, help="JSON of rarefy_samples.py")
    parser.add_argument("--metrics", nargs="+", required=True, help="which distances")
    parser.add_argument(
        "--level-table", action="append", type=Path, default=[], metavar="TSV",
        help="table of gather_taxa.py, its distances beside it; may be given several times",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=1, help="seed of the random starts of NMDS")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
