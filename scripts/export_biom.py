"""Export the ASV table as BIOM 2.1 with lineages and the sample sheet inside."""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.export_options import add_content_options, read_content
from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add_content_options(parser)
    parser.add_argument("--biom", type=Path, required=True, help="output: BIOM 2.1")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read the tables, write the export."""
    from vagus.exports.biom_file import write_biom

    write_biom(read_content(arguments), arguments.biom)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
