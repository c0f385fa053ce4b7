"""Export MultiQC custom content: general statistics, where reads went, composition by genus."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step


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


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
