"""Gather ASV counts by name at each level, for diversity of species and genera.

Writes a table for each level. ASVs without a name at the level are
gathered under their deepest name; every read stays.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import add_named_files, make_parser, run_step


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    parser.add_argument("--asv-table", required=True, type=Path, help="TSV of ASV counts")
    parser.add_argument("--taxonomy", required=True, type=Path, help="TSV of calls")
    add_named_files(
        parser, "--table", "RANK=TSV", "output: table of species, genus, ...", required=False
    )
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read both tables, write one a level."""
    from vagus.diversity.levels import gather_taxa
    from vagus.taxonomy.result_tables import read_taxonomy
    from vagus.wide_tables import read_wide, write_wide

    asv_table = read_wide(arguments.asv_table)
    taxonomy = read_taxonomy(
        arguments.taxonomy, list(dict(arguments.table)), asv_table.index.tolist()
    )
    for level, path in arguments.table:
        write_wide(gather_taxa(asv_table, taxonomy, level), path)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
