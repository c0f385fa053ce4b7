"""Choose the rarefaction depth, list what it and other depths cost, draw rarefaction curves.

Reads the ASV table and writes the plan that measure_alpha.py and measure_beta.py follow, so
that both rarefy the same samples to the same depth with the same draws.
"""

from vagus.cli.settings_options import add_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.diversity.settings import RarefactionSettings
from vagus.study.general_settings import GeneralSettings

options = Options(__doc__)
options.read("--asv-table", "asv_table.tsv of the selection")
add_settings(options, RarefactionSettings)
options.add("--control", action="append", default=[], metavar="SAMPLE",
    help="a control, ignored when the depth is chosen; may be given several times")  # fmt: skip
add_settings(options, GeneralSettings, only=["seed"])
options.write("--plan", "JSON with depth and samples")
options.write("--excluded", "TSV with sample, reason")
options.write("--choices", "TSV, a row a depth: samples and reads it keeps")
options.write("--curves", "TSV with sample, depth, metric, mean, sd")


def step(arguments: Arguments) -> None:
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


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
