# Cohort: do samples differ between the groups and time points of the design?


def list_design_options():
    """Columns of the design as options of compare_groups.py."""
    cohort = STUDY.config["cohort"]
    single = [f"--{key}={cohort[key]}" for key in ("subject", "time") if cohort[key]]
    groups = [f"--group={name}" for name in STUDY.groups]
    return groups + single + [f"--covariates={name}" for name in cohort["covariates"]]


rule compare_groups:
    """Test alpha and beta diversity: {params.design}, {params.permutations} permutations."""
    input:
        samples=STUDY.config["samples"],
        alpha=RESULTS + "/diversity/alpha.tsv",
        beta=expand(RESULTS + "/diversity/beta_{metric}.tsv", metric=BETA_METRICS),
    output:
        alpha=RESULTS + "/cohort/alpha_tests.tsv",
        beta=RESULTS + "/cohort/beta_tests.tsv",
    log:
        RESULTS + "/logs/cohort/compare_groups.log",
    benchmark:
        RESULTS + "/benchmarks/cohort/compare_groups.tsv"
    threads: 1
    params:
        program=run_program("compare_groups"),
        code=code_of("compare_groups"),
        metrics=BETA_METRICS,
        folder=RESULTS + "/diversity",
        design=list_design_options(),
        permutations=STUDY.config["cohort"]["permutations"],
        seed=STUDY.config["seed"],
    shell:
        "{params.program} --samples {input.samples:q} --diversity-folder {params.folder:q}"
        " --metrics {params.metrics:q} {params.design:q} --permutations {params.permutations}"
        " --seed {params.seed} --alpha-tests {output.alpha:q} --beta-tests {output.beta:q}"
        " 2> {log:q}"
