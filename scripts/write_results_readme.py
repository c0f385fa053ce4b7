"""Write the README of a results folder: every file, every column with its unit."""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    parser.add_argument(
        "--provenance", type=Path, required=True, help="provenance.json in the results"
    )
    parser.add_argument("--readme", type=Path, required=True, help="output: Markdown")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Look at what is there and describe it."""
    from vagus.report.readme import write_readme

    write_readme(arguments.provenance.parent, arguments.readme)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
