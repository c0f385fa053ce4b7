"""Check the design before any test: confounding, repeated subjects, sizes, missing values.

Writes one row a finding with what follows from it. Controls are left out.
"""

from vagus.cli.cohort_options import add_design_options, read_design
from vagus.cli.settings_options import add_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.controls.settings import ControlSettings

options = Options(__doc__)
add_design_options(options)
add_settings(options, ControlSettings, only=["batch"])
options.read("--alpha", "alpha.tsv: which samples have values")
options.write("--checks", "TSV, one row a finding")


def step(arguments: Arguments) -> None:
    """Check and write the table."""
    from vagus.cohort.alpha_metrics import NOT_METRICS, SAME_ORDER
    from vagus.diversity.alpha_table import read_alpha
    from vagus.study.design_checks import check_design, tabulate_findings
    from vagus.study.design_findings import Sheet
    from vagus.study.samples import read_sheet
    from vagus.tables import write_table
    from vagus.tables.stages.cohort import DESIGN

    design = read_design(arguments)
    samples = design.select_samples(read_sheet(arguments.samples))
    alpha = read_alpha(arguments.alpha, ["reads", "observed"])
    known = alpha[alpha["observed"].notna()]
    own = {sample.name for sample in samples}
    reads = zip(known["sample"].astype(str), known["reads"].astype(float), strict=True)
    depths = {name: n for name, n in reads if name in own}
    n_metrics = sum(name not in (*NOT_METRICS, *SAME_ORDER) for name in alpha.columns)
    found = check_design(Sheet(samples, design, depths, n_metrics, tuple(arguments.batch)))
    write_table(tabulate_findings(found), arguments.checks, DESIGN)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
