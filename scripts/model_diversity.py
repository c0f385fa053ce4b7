"""Model diversity with covariates and repeated subjects: effects with intervals.

Alpha diversity by linear and mixed models, distances by PERMANOVA with covariates. Controls are
not modelled.
"""

from __future__ import annotations

import argparse

from vagus.cli.cohort_options import add_diversity_options, read_study
from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add_diversity_options(parser)
    parser.add_argument("--alpha-models", required=True, help="output: TSV, one row a contrast")
    parser.add_argument("--beta-models", required=True, help="output: TSV, one row a term")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Model and write both tables."""
    from vagus.cohort.alpha_models import model_alpha
    from vagus.cohort.beta_models import model_beta
    from vagus.tables import write_table
    from vagus.tables.stages.cohort import ALPHA_MODELS, BETA_MODELS

    study = read_study(arguments)
    write_table(
        model_alpha(study.samples, study.alpha, study.design), arguments.alpha_models, ALPHA_MODELS
    )
    write_table(
        model_beta(study.samples, study.distances, study.design), arguments.beta_models, BETA_MODELS
    )


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
