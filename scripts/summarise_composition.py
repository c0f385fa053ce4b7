"""Sum ASV counts by name at each rank from phylum to species.

Writes composition_<rank>.tsv: names in descending total, one column a sample, ASVs
without a name at that rank in the last row, 'Unassigned'.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step


def build_parser() -> argparse.ArgumentParser:
    """Options of this step."""
    parser = make_parser(__doc__)
    parser.add_argument("--asv-table", required=True, type=Path, help="TSV of ASV counts")
    parser.add_argument("--taxonomy", required=True, type=Path, help="TSV of calls")
    parser.add_argument("--output-folder", required=True, type=Path, help="where to write")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read both tables, write one a rank."""
    from vagus.tables import write_table
    from vagus.taxonomy.composition import COMPOSITION_RANKS, summarise
    from vagus.taxonomy.result_tables import read_asv_counts, read_taxonomy

    asv_table = read_asv_counts(arguments.asv_table)
    taxonomy = read_taxonomy(arguments.taxonomy, COMPOSITION_RANKS)
    for rank in COMPOSITION_RANKS:
        table = summarise(asv_table, taxonomy, rank)
        write_table(table, arguments.output_folder / f"composition_{rank}.tsv")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the step; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
