"""Write the README of a results folder: every file, every column with its unit."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step


def step(options: argparse.Namespace) -> None:
    """Look at what is there and describe it."""
    from vagus.report.readme import write_readme

    write_readme(options.provenance.parent, options.readme)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = make_parser(__doc__)
    parser.add_argument(
        "--provenance", type=Path, required=True, help="provenance.json in the results"
    )
    parser.add_argument("--readme", type=Path, required=True, help="output: Markdown")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
