"""Sum ASV counts by name at each rank from phylum to species.

Writes a table a rank: names in descending total, one column a sample, ASVs
without a name at that rank in the last row, 'Unassigned'.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import add_named_files, make_parser, run_step


def build_parser() -> argparse.ArgumentParser:
    """Options of this step."""
    parser = make_parser(__doc__)
    parser.add_argument("--asv-table", required=True, type=Path, help="TSV of ASV counts")
    parser.add_argument("--taxonomy", required=True, type=Path, help="TSV of calls")
    add_named_files(parser, "--composition", "RANK=TSV", "output: reads by name of a rank")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read both tables, write one a rank."""
    from vagus.taxonomy.composition import summarise
    from vagus.taxonomy.result_tables import read_taxonomy
    from vagus.wide_tables import read_wide, write_wide

    asv_table = read_wide(arguments.asv_table)
    taxonomy = read_taxonomy(arguments.taxonomy, list(dict(arguments.composition)))
    for rank, path in arguments.composition:
        write_wide(summarise(asv_table, taxonomy, rank), path)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
