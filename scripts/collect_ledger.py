"""Merge the samples' read ledgers and QC numbers into the tables of the study.

Samples are sorted by name in every table.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("descriptions", nargs="+", type=Path, metavar="JSON", help="qc.json of each sample")
    add("--ledger", type=Path, required=True, help="reads at each step, one row a sample (.tsv)")
    add("--qc", type=Path, required=True, help="totals before and after (.tsv)")
    add("--length-histogram", type=Path, required=True, help="table to write (.tsv)")
    add("--expected-errors-histogram", type=Path, required=True, help="table to write (.tsv)")
    add("--quality-profile", type=Path, required=True, help="table to write (.tsv)")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read all samples and write the five tables."""
    from vagus.reads.ledger import make_ledger, make_long_table, make_qc_table, read_descriptions
    from vagus.tables import write_table
    from vagus.tables.stages.reads import LONG_TABLES, QC, READ_LEDGER

    descriptions = read_descriptions(arguments.descriptions)
    write_table(make_ledger(descriptions), arguments.ledger, READ_LEDGER)
    write_table(make_qc_table(descriptions), arguments.qc, QC)
    for name, table in LONG_TABLES.items():
        write_table(make_long_table(descriptions, name), getattr(arguments, name), table)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
