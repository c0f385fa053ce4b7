# Cohort: do samples differ between the groups and time points of the design?
#
# Inputs:
#     <results>/selection/asv_table.tsv
#     <results>/selection/composition_{rank}.tsv
#     <results>/diversity/alpha.tsv
#     <results>/diversity/beta_{metric}.tsv
#     the sample sheet
# Outputs, if a group is named:
#     <results>/cohort/design.tsv
#     <results>/cohort/alpha_tests.tsv
#     <results>/cohort/beta_tests.tsv
#     <results>/cohort/alpha_models.tsv
#     <results>/cohort/beta_models.tsv
#     <results>/cohort/differential_{rank}.tsv
#     <results>/cohort/volatility.tsv                      with subjects and times
#     <results>/cohort/trajectories.tsv
#     <results>/cohort/longitudinal_tests.tsv

from vagus.study.options import has_trajectories

COUNTS_OF_RANKS = {
    rank: (
        "<results>/selection/asv_table.tsv"
        if rank == "asv"
        else f"<results>/selection/composition_{rank}.tsv"
    )
    for rank in STUDY.config["cohort"]["ranks"]
}
DIFFERENTIAL = expand("<results>/cohort/differential_{rank}.tsv", rank=COUNTS_OF_RANKS)
if STUDY.groups:
    STUDY_PAGE_TABLES += [
        *expand(
            "<results>/cohort/{table}.tsv",
            table=[
                "design",
                "alpha_tests",
                "alpha_models",
                "beta_tests",
                "beta_models",
            ],
        ),
        *DIFFERENTIAL,
    ]
if STUDY.groups and has_trajectories(STUDY):
    STUDY_PAGE_TABLES += expand(
        "<results>/cohort/{table}.tsv",
        table=["volatility", "trajectories", "longitudinal_tests"],
    )


rule check_design:
    """Check the design: confounding, repeated subjects, sizes, missing values."""
    input:
        samples=STUDY.config["samples"],
        alpha="<results>/diversity/alpha.tsv",
    output:
        checks="<results>/cohort/design.tsv",
    params:
        settings=settings_of("design", "controls.batch"),
    shell:
        "{params.program} --samples {input.samples:q} --alpha {input.alpha:q} {params.settings:q} "
        "--checks {output.checks:q} 2> {log:q}"


rule compare_groups:
    """Test whether samples differ between groups and time points."""
    input:
        samples=STUDY.config["samples"],
        alpha="<results>/diversity/alpha.tsv",
        beta=BETA,
    output:
        alpha="<results>/cohort/alpha_tests.tsv",
        beta="<results>/cohort/beta_tests.tsv",
    params:
        settings=settings_of("design", "general.seed"),
        beta=label_input("beta", BETA_METRICS),
    shell:
        "{params.program} --samples {input.samples:q} --alpha {input.alpha:q} {params.beta:q} "
        "{params.settings:q} --alpha-tests {output.alpha:q} --beta-tests {output.beta:q} 2> {log:q}"


rule model_diversity:
    """Model diversity with covariates and repeated subjects."""
    input:
        samples=STUDY.config["samples"],
        alpha="<results>/diversity/alpha.tsv",
        beta=BETA,
    output:
        alpha="<results>/cohort/alpha_models.tsv",
        beta="<results>/cohort/beta_models.tsv",
    params:
        settings=settings_of("design", "general.seed"),
        beta=label_input("beta", BETA_METRICS),
    shell:
        "{params.program} --samples {input.samples:q} --alpha {input.alpha:q} "
        "{params.beta:q} {params.settings:q} "
        "--alpha-models {output.alpha:q} --beta-models {output.beta:q} 2> {log:q}"


rule compare_taxa:
    """Test which taxa of each rank differ with the design."""
    input:
        samples=STUDY.config["samples"],
        counts=list(COUNTS_OF_RANKS.values()),
    output:
        tests=DIFFERENTIAL,
    params:
        settings=settings_of("design", "taxa.min_prevalence", "general.seed"),
        counts=label_input("counts", COUNTS_OF_RANKS),
        tests=label_output("tests", COUNTS_OF_RANKS),
    shell:
        "{params.program} --samples {input.samples:q} {params.counts:q} {params.settings:q} "
        "{params.tests:q} 2> {log:q}"


rule follow_subjects:
    """Follow subjects over time, and compare their trajectories between groups."""
    input:
        samples=STUDY.config["samples"],
        alpha="<results>/diversity/alpha.tsv",
        beta=BETA,
    output:
        volatility="<results>/cohort/volatility.tsv",
        trajectories="<results>/cohort/trajectories.tsv",
        tests="<results>/cohort/longitudinal_tests.tsv",
    params:
        settings=settings_of("design", "general.seed"),
        beta=label_input("beta", BETA_METRICS),
    shell:
        "{params.program} --samples {input.samples:q} --alpha {input.alpha:q} "
        "{params.beta:q} {params.settings:q} --volatility {output.volatility:q} "
        "--trajectories {output.trajectories:q} --tests {output.tests:q} 2> {log:q}"
