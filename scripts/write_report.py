"""Write the study page: one self-contained HTML file, and its figures as SVG, PNG and TSV.

Tables are found in the results folder. Those of stages that did not run are left out, and the
page says why.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step


def step(options: argparse.Namespace) -> None:
    """Read what there is, draw, write."""
    from vagus.report.inputs import load_inputs
    from vagus.report.study_page import write_study_page

    inputs = load_inputs(options.results, options.samples, options.provenance, options.truth)
    write_study_page(inputs, options.page, options.figures)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = make_parser(__doc__)
    parser.add_argument("--results", type=Path, required=True, help="results folder")
    parser.add_argument("--samples", type=Path, required=True, help="sample sheet")
    parser.add_argument("--provenance", type=Path, required=True, help="provenance.json")
    parser.add_argument("--truth", type=Path, help="folder of compare_with_truth.py")
    parser.add_argument("--page", type=Path, required=True, help="output: HTML")
    parser.add_argument("--figures", type=Path, required=True, help="output: folder of figures")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
