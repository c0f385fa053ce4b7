"""Export files that QIIME 2 imports, with a README of the commands."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.export_options import add_content_options, add_sequence_options, read_content
from vagus.cli.step import make_parser, run_step


def step(options: argparse.Namespace) -> None:
    """Read the tables, write the export."""
    from vagus.exports.qiime2 import write_qiime2

    write_qiime2(read_content(options), options.asvs, options.tree, options.folder)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = make_parser(__doc__)
    add_content_options(parser)
    add_sequence_options(parser)
    parser.add_argument("--folder", type=Path, required=True, help="output: folder")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
