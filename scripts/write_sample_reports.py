"""Write the page of every sample and its table of taxa.

A page sets its sample against all others, so one job writes all pages: a sample more or less
changes every page anyway, and the tables are read once.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    parser.add_argument("--samples", type=Path, required=True, help="sample sheet")
    parser.add_argument(
        "--provenance", type=Path, required=True, help="provenance.json in the results"
    )
    parser.add_argument(
        "--folder", type=Path, required=True, help="output: folder for KEY.html and KEY.taxa.tsv"
    )
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read the tables, write two files a sample."""
    from vagus.report.inputs import load_inputs
    from vagus.report.sample_page import write_sample_pages

    inputs = load_inputs(arguments.provenance.parent, arguments.samples, arguments.provenance)
    write_sample_pages(inputs, arguments.folder)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
