"""Choose the rarefaction depth, list what it and other depths cost, draw rarefaction curves.

Reads the ASV table and writes the plan that measure_alpha.py and measure_beta.py follow, so
that both rarefy the same samples to the same depth with the same draws.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from vagus.cli.settings_options import add_settings
from vagus.cli.step import make_parser, run_step
from vagus.diversity.settings import RarefactionSettings
from vagus.study.general_settings import GeneralSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    parser.add_argument("--asv-table", required=True, help="asv_table.tsv of the selection")
    add_settings(parser, RarefactionSettings)
    parser.add_argument(
        "--control", action="append", default=[], metavar="SAMPLE",
        help="a control, which has no say in the depth; may be given several times",
    )  # fmt: skip
    add_settings(parser, GeneralSettings, only=["seed"])
    parser.add_argument("--plan", required=True, help="output: JSON with depth and samples")
    parser.add_argument("--excluded", required=True, help="output: TSV with sample, reason")
    parser.add_argument(
        "--choices", required=True, help="output: TSV, one row a depth: samples and reads it keeps"
    )
    parser.add_argument(
        "--curves", required=True, help="output: TSV with sample, depth, metric, mean, sd"
    )
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Make the plan and the curves and write them."""
    import pandas as pd

    from vagus.diversity.count_table import read_count_table
    from vagus.diversity.depth_choices import tabulate_choices
    from vagus.diversity.rarefaction_curve import make_curves
    from vagus.diversity.rarefaction_plan import make_plan
    from vagus.tables import write_table

    table = read_count_table(arguments.asv_table)
    plan = make_plan(
        table,
        arguments.rarefaction_depth,
        arguments.rarefaction_repeats,
        arguments.seed,
        frozenset(arguments.control),
    )
    plan.save(arguments.plan)
    excluded = pd.DataFrame(sorted(plan.excluded.items()), columns=["sample", "reason"])
    write_table(excluded, arguments.excluded)
    write_table(
        tabulate_choices(table, plan.depth, frozenset(arguments.control)), arguments.choices
    )
    write_table(make_curves(table, plan.repeats, plan.seed), arguments.curves)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
