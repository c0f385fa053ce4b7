"""Test whether diversity differs between groups or time points of the sample sheet.

Alpha diversity by rank tests, distances by PERMANOVA and PERMDISP. With a subject column,
repeated samples of one subject are not taken as independent. Controls are not tested.
"""

from __future__ import annotations

import argparse

from vagus.cli.cohort_options import add_diversity_options, read_study
from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add_diversity_options(parser)
    parser.add_argument("--alpha-tests", required=True, help="output: TSV, one row a test")
    parser.add_argument("--beta-tests", required=True, help="output: TSV, one row a test")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Test and write both tables."""
    from vagus.cohort.group_tests import compare_alpha, compare_beta
    from vagus.tables import write_table
    from vagus.tables.stages.cohort import ALPHA_TESTS, BETA_TESTS

    study = read_study(arguments)
    write_table(
        compare_alpha(study.samples, study.alpha, study.design), arguments.alpha_tests, ALPHA_TESTS
    )
    write_table(
        compare_beta(study.samples, study.distances, study.design), arguments.beta_tests, BETA_TESTS
    )


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
