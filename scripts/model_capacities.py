"""Model the shares of reads of taxa with a documented capacity: potential, not measurement.

The models are those of alpha diversity in the cohort stage, with its subjects, covariates and
correction. Controls are not modelled.
"""

from vagus.cli.cohort_options import add_design_options, read_design
from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
add_design_options(options)
options.read("--sample-sums", "samples.tsv of the gut-brain stage")
options.read("--coverage", "coverage.tsv of the gut-brain stage")
options.write("--models", "TSV, one row a contrast")


def step(arguments: Arguments) -> None:
    """Model and write the table."""
    from vagus.gut_brain.models import model_capacities
    from vagus.study.samples import read_sheet
    from vagus.tables import read_table, write_table
    from vagus.tables.stages.gut_brain import CAPACITIES, CAPACITY_COVERAGE, CAPACITY_MODELS

    design = read_design(arguments)
    sums = read_table(arguments.sample_sums, CAPACITIES)
    coverage = read_table(arguments.coverage, CAPACITY_COVERAGE)
    totals = dict(zip(coverage["sample"], coverage["reads"], strict=True))
    samples = design.select_samples(read_sheet(arguments.samples))
    write_table(model_capacities(sums, totals, samples, design), arguments.models, CAPACITY_MODELS)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
