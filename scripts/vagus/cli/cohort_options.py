"""Options that the programs of the cohort stage share: the sheet and the design's columns."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vagus.cohort.study_design import StudyDesign


def add_design_options(parser: argparse.ArgumentParser) -> None:
    """Sheet, columns, permutations, seed; ``read_design`` takes them."""
    parser.add_argument("--samples", required=True, help="sample sheet")
    parser.add_argument(
        "--group", action="append", required=True, metavar="COLUMN",
        help="column whose levels are compared; may be given several times",
    )  # fmt: skip
    parser.add_argument("--subject", metavar="COLUMN", help="column that names the person")
    parser.add_argument("--time", metavar="COLUMN", help="column with the time point")
    parser.add_argument(
        "--covariates", action="append", default=[], metavar="COLUMN",
        help="models are adjusted for it; may be given several times",
    )  # fmt: skip
    parser.add_argument(
        "--reference", action="append", default=[], metavar="LEVEL",
        help="level that others are compared with; may be given several times",
    )  # fmt: skip
    parser.add_argument("--permutations", type=int, default=999, help="of each permutation test")
    parser.add_argument("--seed", type=int, default=1, help="seed of the permutations")


def read_design(options: argparse.Namespace) -> StudyDesign:
    """The design from the options of ``add_design_options``."""
    from vagus.cohort.study_design import StudyDesign

    return StudyDesign(
        tuple(options.group),
        options.subject,
        options.time,
        tuple(options.covariates),
        options.permutations,
        options.seed,
        tuple(options.reference),
    )
