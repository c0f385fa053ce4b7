"""Merge the rescued reads of all samples: how many are near each ASV without being counted in it.

Rows are sample, ASV, reads, unique sequences, most substitutions and lowest log10 p-value.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("tables", nargs="+", type=Path, help="rescued reads of each sample (.tsv)")
    add("--asvs", type=Path, required=True, help="ASVs of the study (.tsv)")
    add("--rescued", type=Path, required=True, help="table to write (.tsv)")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Merge and write."""
    from vagus.dada.rescue import merge_rescued
    from vagus.tables import write_table
    from vagus.tables.stages.denoise import RESCUED

    write_table(merge_rescued(arguments.tables, arguments.asvs), arguments.rescued, RESCUED)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
