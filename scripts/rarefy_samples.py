"""Choose the rarefaction depth, list what it and other depths cost, draw rarefaction curves.

Reads the ASV table and writes the plan that measure_alpha.py and measure_beta.py follow, so
that both rarefy the same samples to the same depth with the same draws.
"""

from __future__ import annotations

import argparse

from vagus.cli.settings_options import add_settings
from vagus.cli.step import make_main, make_parser
from vagus.diversity.settings import RarefactionSettings
from vagus.study.general_settings import GeneralSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--asv-table", required=True, help="asv_table.tsv of the selection")
    add_settings(parser, RarefactionSettings)
    add("--control", action="append", default=[], metavar="SAMPLE",
        help="a control, ignored when the depth is chosen; may be given several times")  # fmt: skip
    add_settings(parser, GeneralSettings, only=["seed"])
    add("--plan", required=True, help="output: JSON with depth and samples")
    add("--excluded", required=True, help="output: TSV with sample, reason")
    add("--choices", required=True, help="output: TSV, a row a depth: samples and reads it keeps")
    add("--curves", required=True, help="output: TSV with sample, depth, metric, mean, sd")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Make the plan and the curves and write them."""
    from vagus.diversity.depth_choices import tabulate_choices
    from vagus.diversity.rarefaction_curve import make_curves
    from vagus.diversity.rarefaction_plan import make_plan
    from vagus.tables import write_table
    from vagus.tables.counts import read_count_table
    from vagus.tables.stages.diversity import EXCLUDED, RAREFACTION, RAREFACTION_CHOICES

    table, controls = read_count_table(arguments.asv_table), frozenset(arguments.control)
    wanted = (arguments.rarefaction_depth, arguments.rarefaction_repeats, arguments.seed)
    plan = make_plan(table, *wanted, controls)
    plan.save(arguments.plan)
    write_table(plan.tabulate_excluded(), arguments.excluded, EXCLUDED)
    choices = tabulate_choices(table, plan.depth, controls)
    write_table(choices, arguments.choices, RAREFACTION_CHOICES)
    write_table(make_curves(table, plan.repeats, plan.seed), arguments.curves, RAREFACTION)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
