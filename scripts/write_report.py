"""Write the study page: one self-contained HTML file, and its figures as SVG, PNG and TSV.

Tables are found in the folder of the provenance. Those of stages that did not
run are left out, and the page explains why.
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
        "--with-truth", action="store_true", help="show the comparison with the truth, in demo/"
    )
    parser.add_argument("--page", type=Path, required=True, help="output: HTML")
    parser.add_argument("--figures", type=Path, required=True, help="output: folder of figures")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read what there is, draw, write."""
    from vagus.report.inputs import load_inputs
    from vagus.report.study_page import write_study_page

    results = arguments.provenance.parent
    truth = results / "demo" if arguments.with_truth else None
    inputs = load_inputs(results, arguments.samples, arguments.provenance, truth)
    write_study_page(inputs, arguments.page, arguments.figures)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
