"""Estimate Hill numbers with coverage: curves to twice the reads, and values at equal coverage.

For the ASV table and each table of taxa, writes hill_curves.tsv (rarefied and extrapolated) and
hill.tsv (observed, asymptotic, coverage-standardised) into the folder.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step


def step(options: argparse.Namespace) -> None:
    """Estimate and write both tables, of ASVs and of each level."""
    from vagus.diversity.count_table import read_count_table
    from vagus.diversity.hill_tables import make_hill_curves, make_hill_table
    from vagus.tables import write_table

    folders = {options.folder: options.asv_table}
    folders |= {path.parent: path for path in options.level_table}
    for folder, path in folders.items():
        table = read_count_table(path)
        write_table(make_hill_curves(table), folder / "hill_curves.tsv")
        write_table(make_hill_table(table, frozenset(options.control)), folder / "hill.tsv")


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = make_parser(__doc__)
    parser.add_argument("--asv-table", required=True, type=Path, help="TSV of ASV counts")
    parser.add_argument(
        "--level-table", action="append", type=Path, default=[], metavar="TSV",
        help="table of gather_taxa.py; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--control", action="append", default=[], metavar="SAMPLE",
        help="a control, which has no say in the common coverage; may be given several times",
    )  # fmt: skip
    parser.add_argument("--folder", required=True, type=Path, help="output: folder of the ASVs")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
