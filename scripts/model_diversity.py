"""Model diversity with covariates and repeated subjects: effects with intervals.

Alpha diversity by linear, mixed and within-subject models, distances by PERMANOVA with covariates.
Controls are not modelled.
"""

from vagus.cli.cohort_options import add_diversity_options, read_study
from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
add_diversity_options(options)
options.write("--alpha-models", "TSV, one row a contrast")
options.write("--beta-models", "TSV, one row a term")


def step(arguments: Arguments) -> None:
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


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
