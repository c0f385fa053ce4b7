"""Export MultiQC custom content: general statistics, where reads went, composition by genus."""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    parser.add_argument("--ledger", type=Path, required=True, help="ledger.tsv of denoise")
    parser.add_argument("--alpha", type=Path, required=True, help="alpha.tsv of diversity")
    parser.add_argument(
        "--composition", type=Path, required=True, help="composition_genus.tsv of selection"
    )
    parser.add_argument(
        "--control", action="append", default=[], metavar="SAMPLE",
        help="a sample that is a control; may be given several times",
    )  # fmt: skip
    parser.add_argument("--folder", type=Path, required=True, help="output: folder")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read the tables, write three files."""
    from vagus.exports.multiqc import write_multiqc

    write_multiqc(
        arguments.ledger,
        arguments.alpha,
        arguments.composition,
        arguments.folder,
        arguments.control,
    )


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
