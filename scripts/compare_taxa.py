"""Test which taxa of each rank differ with the design: a count score test, other methods beside it.

Controls are not tested. Covariates and repeated subjects enter the models; methods that cannot
take them are left out, and the notes state it.
"""

from vagus.cli.cohort_options import add_design_options, read_design
from vagus.cli.settings_options import add_settings
from vagus.cli.step import Arguments, Options, add_named_files, make_main
from vagus.cohort.settings import TaxaSettings

options = Options(__doc__)
add_design_options(options)
add_named_files(options, "--counts", "RANK=TSV", "reads, a row a taxon, a column a sample")
add_settings(options, TaxaSettings, only=["min_prevalence"])
add_named_files(options, "--tests", "RANK=TSV", "output: tests of the taxa of a rank")


def step(arguments: Arguments) -> None:
    """Test and write a table for each rank."""
    from vagus.cohort.differential_abundance import compare_taxa
    from vagus.study.samples import read_sheet
    from vagus.tables import write_table
    from vagus.tables.counts import read_count_table
    from vagus.tables.stages.cohort import DIFFERENTIAL

    design, tests = read_design(arguments), dict(arguments.tests)
    samples = design.select_samples(read_sheet(arguments.samples))
    for rank, path in arguments.counts:
        table = read_count_table(path)
        found = compare_taxa(samples, table, design, rank, arguments.min_prevalence)
        write_table(found, tests[rank], DIFFERENTIAL)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
