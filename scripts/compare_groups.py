"""Test whether diversity differs between groups or time points of the sample sheet.

Alpha diversity by rank tests, distances by PERMANOVA and PERMDISP. With a subject column,
repeated samples of one subject are not taken as independent. Controls are not tested.
"""

from vagus.cli.cohort_options import add_diversity_options, read_study
from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
add_diversity_options(options)
options.write("--alpha-tests", "TSV, one row a test")
options.write("--beta-tests", "TSV, one row a test")


def step(arguments: Arguments) -> None:
    """Test and write both tables."""
    from vagus.cohort.group_tests import compare_alpha, compare_beta
    from vagus.tables import write_table
    from vagus.tables.stages.cohort import ALPHA_TESTS, BETA_TESTS

    study = read_study(arguments)
    write_table(
        compare_alpha(study.samples, study.alpha, study.design), arguments.alpha_tests, ALPHA_TESTS
    )
    write_table(
        compare_beta(study.samples, study.distances, study.design), arguments.beta_tests, BETA_TESTS
    )


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
