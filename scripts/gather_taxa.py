"""Gather ASV counts by name at each rank: the tables of composition, tests and diversity.

Writes a table for each rank: named taxa in descending total, then ASVs without a name at the rank
by their deepest name ('unnamed Lachnospiraceae'). Every read stays.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import add_named_files, make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    parser.add_argument("--asv-table", required=True, type=Path, help="TSV of ASV counts")
    parser.add_argument("--taxonomy", required=True, type=Path, help="TSV of calls")
    add_named_files(
        parser, "--table", "RANK=TSV", "output: table of phylum, ..., species", required=False
    )
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read both tables, write one for each rank."""
    from vagus.reference.lineage import RANKS
    from vagus.selection.composition import gather_taxa
    from vagus.tables.stages.selection import COMPOSITION
    from vagus.tables.wide import read_wide, write_wide
    from vagus.taxonomy.result_tables import read_taxonomy

    asv_table = read_wide(arguments.asv_table)
    taxonomy = read_taxonomy(arguments.taxonomy, RANKS, asv_table.index.tolist())
    for rank, path in arguments.table:
        write_wide(gather_taxa(asv_table, taxonomy, rank), path, COMPOSITION)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
