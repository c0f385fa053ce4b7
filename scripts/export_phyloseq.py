"""Export plain files and the R program that makes a phyloseq object of them."""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.export_options import add_content_options, add_sequence_options, read_content
from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add_content_options(parser)
    add_sequence_options(parser)
    parser.add_argument("--folder", type=Path, required=True, help="output: folder")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read the tables, write the export."""
    from vagus.exports.phyloseq import write_phyloseq

    write_phyloseq(read_content(arguments), arguments.asvs, arguments.tree, arguments.folder)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
