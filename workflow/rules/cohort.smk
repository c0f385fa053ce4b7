# Cohort: do samples differ between the groups and time points of the design?

from vagus.study.options import has_courses

COURSES = (
    ["volatility", "trajectories", "longitudinal_tests"] if has_courses(STUDY) else []
)
COUNTS_OF_RANKS = {
    rank: (
        "<results>/taxonomy/asv_table.tsv"
        if rank == "asv"
        else f"<results>/taxonomy/composition_{rank}.tsv"
    )
    for rank in STUDY.config["cohort"]["ranks"]
}
DIFFERENTIAL = [f"differential_{rank}" for rank in COUNTS_OF_RANKS]
COHORT_TABLES = (
    expand(
        "<results>/cohort/{table}.tsv",
        table=["design", "alpha_tests", "alpha_models", "beta_tests", "beta_models"]
        + DIFFERENTIAL
        + COURSES,
    )
    if STUDY.groups
    else []
)


rule check_design:
    """Check the design: confounding, repeated subjects, sizes, missing values."""
    input:
        samples=STUDY.config["samples"],
        alpha="<results>/diversity/alpha.tsv",
    output:
        checks="<results>/cohort/design.tsv",
    log:
        "<results>/logs/cohort/check_design.log",
    benchmark:
        "<results>/benchmarks/cohort/check_design.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("check_design"),
        runtime=time_of("check_design"),
    params:
        program=run_program("check_design"),
        code=code_of("check_design"),
        settings=settings_of("design"),
    shell:
        "{params.program} --samples {input.samples:q} --alpha {input.alpha:q} {params.settings:q}"
        " --checks {output.checks:q} 2> {log:q}"


rule compare_groups:
    """Test whether samples differ between groups and time points."""
    input:
        samples=STUDY.config["samples"],
        alpha="<results>/diversity/alpha.tsv",
        beta=expand("<results>/diversity/beta_{metric}.tsv", metric=BETA_METRICS),
    output:
        alpha="<results>/cohort/alpha_tests.tsv",
        beta="<results>/cohort/beta_tests.tsv",
    log:
        "<results>/logs/cohort/compare_groups.log",
    benchmark:
        "<results>/benchmarks/cohort/compare_groups.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("compare_groups"),
        runtime=time_of("compare_groups"),
    params:
        program=run_program("compare_groups"),
        code=code_of("compare_groups"),
        beta=lambda wildcards, input: name_files("--beta", BETA_METRICS, input.beta),
        settings=settings_of("design", "general.seed"),
    shell:
        "{params.program} --samples {input.samples:q} --alpha {input.alpha:q}"
        " {params.beta:q} {params.settings:q}"
        " --alpha-tests {output.alpha:q} --beta-tests {output.beta:q}"
        " 2> {log:q}"


rule model_diversity:
    """Model diversity with covariates and repeated subjects."""
    input:
        samples=STUDY.config["samples"],
        alpha="<results>/diversity/alpha.tsv",
        beta=expand("<results>/diversity/beta_{metric}.tsv", metric=BETA_METRICS),
    output:
        alpha="<results>/cohort/alpha_models.tsv",
        beta="<results>/cohort/beta_models.tsv",
    log:
        "<results>/logs/cohort/model_diversity.log",
    benchmark:
        "<results>/benchmarks/cohort/model_diversity.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("model_diversity"),
        runtime=time_of("model_diversity"),
    params:
        program=run_program("model_diversity"),
        code=code_of("model_diversity"),
        beta=lambda wildcards, input: name_files("--beta", BETA_METRICS, input.beta),
        settings=settings_of("design", "general.seed"),
    shell:
        "{params.program} --samples {input.samples:q} --alpha {input.alpha:q}"
        " {params.beta:q} {params.settings:q}"
        " --alpha-models {output.alpha:q} --beta-models {output.beta:q}"
        " 2> {log:q}"


rule compare_taxa:
    """Test which taxa of each rank differ with the design."""
    input:
        samples=STUDY.config["samples"],
        counts=list(COUNTS_OF_RANKS.values()),
    output:
        tests=expand("<results>/cohort/{table}.tsv", table=DIFFERENTIAL),
    log:
        "<results>/logs/cohort/compare_taxa.log",
    benchmark:
        "<results>/benchmarks/cohort/compare_taxa.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("compare_taxa"),
        runtime=time_of("compare_taxa"),
    params:
        program=run_program("compare_taxa"),
        code=code_of("compare_taxa"),
        counts=lambda wildcards, input: name_files(
            "--counts", COUNTS_OF_RANKS, input.counts
        ),
        tests=lambda wildcards, output: name_files(
            "--tests", COUNTS_OF_RANKS, output.tests
        ),
        settings=settings_of("design", "taxa.min_prevalence", "general.seed"),
    shell:
        "{params.program} --samples {input.samples:q} {params.counts:q} {params.settings:q}"
        " {params.tests:q}"
        " 2> {log:q}"


rule follow_subjects:
    """Follow subjects over time, and compare their courses between groups."""
    input:
        samples=STUDY.config["samples"],
        alpha="<results>/diversity/alpha.tsv",
        beta=expand("<results>/diversity/beta_{metric}.tsv", metric=BETA_METRICS),
    output:
        volatility="<results>/cohort/volatility.tsv",
        trajectories="<results>/cohort/trajectories.tsv",
        tests="<results>/cohort/longitudinal_tests.tsv",
    log:
        "<results>/logs/cohort/follow_subjects.log",
    benchmark:
        "<results>/benchmarks/cohort/follow_subjects.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("follow_subjects"),
        runtime=time_of("follow_subjects"),
    params:
        program=run_program("follow_subjects"),
        code=code_of("follow_subjects"),
        beta=lambda wildcards, input: name_files("--beta", BETA_METRICS, input.beta),
        settings=settings_of("design", "general.seed"),
    shell:
        "{params.program} --samples {input.samples:q} --alpha {input.alpha:q}"
        " {params.beta:q} {params.settings:q}"
        " --volatility {output.volatility:q}"
        " --trajectories {output.trajectories:q} --tests {output.tests:q} 2> {log:q}"
