"""Estimate Hill numbers with coverage: curves to twice the reads, and values at equal coverage.

Of each table of counts: curves (rarefied and extrapolated) and values (observed, asymptotic,
coverage-standardised).
"""

from __future__ import annotations

import argparse

from vagus.cli.step import add_named_files, make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add_named_files(parser, "--table", "LEVEL=TSV", "counts of ASVs, species, genera, ...")
    parser.add_argument(
        "--control", action="append", default=[], metavar="SAMPLE",
        help="a control, which has no influence in the common coverage; may be given several times",
    )  # fmt: skip
    add_named_files(parser, "--hill", "LEVEL=TSV", "output: values at equal coverage")
    add_named_files(parser, "--curves", "LEVEL=TSV", "output: values by reads")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Estimate and write both tables, of ASVs and of each level."""
    from vagus.diversity.hill_tables import make_hill_curves, make_hill_table
    from vagus.tables import write_table
    from vagus.tables.counts import read_count_table
    from vagus.tables.stages.diversity import HILL, HILL_CURVES

    hill, curves = dict(arguments.hill), dict(arguments.curves)
    for level, path in arguments.table:
        table = read_count_table(path)
        write_table(make_hill_curves(table), curves[level], HILL_CURVES)
        write_table(make_hill_table(table, frozenset(arguments.control)), hill[level], HILL)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
