# Cohort: do samples differ between the groups and time points of the design?

from vagus.config.options import list_design_options


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
    params:
        program=run_program("compare_groups"),
        code=code_of("compare_groups"),
        metrics=BETA_METRICS,
        folder=lambda wildcards: f"{RESULTS}/diversity",
        design=list_design_options(STUDY),
        permutations=STUDY.config["cohort"]["permutations"],
        seed=STUDY.config["seed"],
    shell:
        "{params.program} --samples {input.samples:q} --diversity-folder {params.folder:q}"
        " --metrics {params.metrics:q} {params.design:q} --permutations {params.permutations}"
        " --seed {params.seed} --alpha-tests {output.alpha:q} --beta-tests {output.beta:q}"
        " 2> {log:q}"
