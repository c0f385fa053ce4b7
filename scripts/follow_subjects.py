"""Follow the same people over time: how much they change, and whether groups change differently.

Writes the distances between consecutive times of each subject, the course of alpha diversity and
of the first principal axes, and the tests between groups.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.cohort_options import add_design_options, read_design
from vagus.cli.step import make_parser, run_step


def step(options: argparse.Namespace) -> None:
    """Measure, test and write three tables."""
    from vagus.cohort.comparison import drop_controls
    from vagus.cohort.courses import follow, make_course, measure_steps
    from vagus.cohort.longitudinal import compare_courses
    from vagus.config.samples import read_sheet
    from vagus.diversity.distances import read_distances
    from vagus.errors import ConfigError
    from vagus.tables import read_table, write_table

    samples = drop_controls(read_sheet(options.samples))
    design = read_design(options)
    if not (design.person and design.time):
        raise ConfigError(
            "subjects cannot be followed without a subject and a time",
            fix="Name both columns: --subject and --time",
        )
    folder = Path(options.diversity_folder)
    alpha = read_table(folder / "alpha.tsv", dtype={"sample": str})
    distances = {
        m: read_distances(folder / f"beta_{m}.tsv") for m in dict.fromkeys(options.metrics)
    }
    course = make_course(samples, design.person, design.time)
    write_table(measure_steps(course, distances), options.volatility)
    write_table(follow(course, alpha, distances), options.trajectories)
    write_table(compare_courses(samples, course, alpha, distances, design), options.tests)


def main(argv: Sequence[str] | None = None) -> int:
    """Parse the command line and run."""
    parser = make_parser(__doc__)
    add_design_options(parser)
    parser.add_argument("--diversity-folder", required=True, help="has alpha.tsv, beta_METRIC.tsv")
    parser.add_argument("--metrics", nargs="+", required=True, help="distances to follow")
    parser.add_argument("--volatility", required=True, help="output: TSV, one row a step")
    parser.add_argument("--trajectories", required=True, help="output: TSV, one row a value")
    parser.add_argument("--tests", required=True, help="output: TSV, one row a test")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
