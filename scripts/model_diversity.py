"""Model diversity with covariates and repeated subjects: effects with intervals.

Alpha diversity by linear and mixed models, distances by PERMANOVA with covariates. Controls are
not modelled.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.cohort_options import add_design_options, read_design
from vagus.cli.step import make_parser, run_step


def step(options: argparse.Namespace) -> None:
    """Model and write both tables."""
    from vagus.cohort.alpha_models import model_alpha
    from vagus.cohort.beta_models import model_beta
    from vagus.cohort.comparison import drop_controls
    from vagus.config.samples import read_sheet
    from vagus.diversity.distances import read_distances
    from vagus.tables import read_table, write_table

    samples = drop_controls(read_sheet(options.samples))
    design = read_design(options)
    folder = Path(options.diversity_folder)
    alpha = read_table(folder / "alpha.tsv", dtype={"sample": str})
    write_table(model_alpha(samples, alpha, design), options.alpha_models)
    metrics = dict.fromkeys(options.metrics)
    distances = {metric: read_distances(folder / f"beta_{metric}.tsv") for metric in metrics}
    write_table(model_beta(samples, distances, design), options.beta_models)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = make_parser(__doc__)
    add_design_options(parser)
    parser.add_argument("--diversity-folder", required=True, help="has alpha.tsv, beta_METRIC.tsv")
    parser.add_argument("--metrics", nargs="+", required=True, help="distances to model")
    parser.add_argument("--alpha-models", required=True, help="output: TSV, one row a contrast")
    parser.add_argument("--beta-models", required=True, help="output: TSV, one row a term")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
