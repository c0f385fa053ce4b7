"""Ordinate samples by principal coordinates analysis of each distance.

Reads beta_METRIC.tsv and writes ordination_METRIC.tsv (sample, PC1, ...) into the same folder,
and one table with the proportion that each axis explains.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step


def step(options: argparse.Namespace) -> None:
    """Ordinate each metric and write the tables."""
    import pandas as pd

    from vagus.diversity.distances import read_distances
    from vagus.diversity.ordination import ordinate
    from vagus.tables import write_table

    folder, explained = Path(options.folder), []
    for metric in dict.fromkeys(options.metrics):
        ordination = ordinate(read_distances(folder / f"beta_{metric}.tsv"))
        write_table(ordination.tabulate(), folder / f"ordination_{metric}.tsv")
        explained.append(ordination.tabulate_explained(metric))
    write_table(pd.concat(explained), options.explained)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = make_parser(__doc__)
    parser.add_argument("--folder", required=True, help="folder with beta_METRIC.tsv")
    parser.add_argument("--metrics", nargs="+", required=True, help="which distances")
    parser.add_argument(
        "--explained", required=True, help="output: TSV with metric, axis, proportion"
    )
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
