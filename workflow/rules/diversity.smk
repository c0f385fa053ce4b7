# Diversity: how varied each sample is, and how samples differ.

BETA_METRICS = STUDY.config["diversity"]["metrics"]


rule rarefy_samples:
    """Choose the rarefaction depth, list excluded samples, draw curves."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
    output:
        plan="<results>/diversity/rarefaction_plan.json",
        excluded="<results>/diversity/excluded.tsv",
        curves="<results>/diversity/rarefaction.tsv",
    log:
        "<results>/logs/diversity/rarefy_samples.log",
    benchmark:
        "<results>/benchmarks/diversity/rarefy_samples.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    params:
        program=run_program("rarefy_samples"),
        code=code_of("rarefy_samples"),
        depth=STUDY.config["diversity"]["rarefaction_depth"],
        repeats=STUDY.config["diversity"]["rarefaction_repeats"],
        seed=STUDY.config["seed"],
        controls=[f"--control={s.name}" for s in STUDY.samples if s.control],
    shell:
        "{params.program} --asv-table {input.table:q} --rarefaction-depth {params.depth:q}"
        " --rarefaction-repeats {params.repeats} --seed {params.seed} {params.controls:q}"
        " --plan {output.plan:q} --excluded {output.excluded:q} --curves {output.curves:q}"
        " 2> {log:q}"


rule measure_alpha:
    """Measure diversity within samples."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        tree="<results>/phylogeny/tree.nwk",
        plan="<results>/diversity/rarefaction_plan.json",
    output:
        alpha="<results>/diversity/alpha.tsv",
        unrarefied="<results>/diversity/alpha_unrarefied.tsv",
    log:
        "<results>/logs/diversity/measure_alpha.log",
    benchmark:
        "<results>/benchmarks/diversity/measure_alpha.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    params:
        program=run_program("measure_alpha"),
        code=code_of("measure_alpha"),
    shell:
        "{params.program} --asv-table {input.table:q} --tree {input.tree:q}"
        " --plan {input.plan:q} --alpha {output.alpha:q} --unrarefied {output.unrarefied:q}"
        " 2> {log:q}"


rule measure_beta:
    """Measure distances between samples."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        tree="<results>/phylogeny/tree.nwk",
        plan="<results>/diversity/rarefaction_plan.json",
    output:
        expand("<results>/diversity/beta_{metric}.tsv", metric=BETA_METRICS),
    log:
        "<results>/logs/diversity/measure_beta.log",
    benchmark:
        "<results>/benchmarks/diversity/measure_beta.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    params:
        program=run_program("measure_beta"),
        code=code_of("measure_beta"),
        metrics=BETA_METRICS,
        folder=lambda wildcards: f"{RESULTS}/diversity",
    shell:
        "{params.program} --asv-table {input.table:q} --tree {input.tree:q}"
        " --plan {input.plan:q} --metrics {params.metrics:q} --folder {params.folder:q}"
        " 2> {log:q}"


rule ordinate_samples:
    """Ordinate samples by principal coordinates analysis of each distance."""
    input:
        expand("<results>/diversity/beta_{metric}.tsv", metric=BETA_METRICS),
    output:
        expand("<results>/diversity/ordination_{metric}.tsv", metric=BETA_METRICS),
        explained="<results>/diversity/ordination_explained.tsv",
    log:
        "<results>/logs/diversity/ordinate_samples.log",
    benchmark:
        "<results>/benchmarks/diversity/ordinate_samples.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    params:
        program=run_program("ordinate_samples"),
        code=code_of("ordinate_samples"),
        metrics=BETA_METRICS,
        folder=lambda wildcards: f"{RESULTS}/diversity",
    shell:
        "{params.program} --folder {params.folder:q} --metrics {params.metrics:q}"
        " --explained {output.explained:q} 2> {log:q}"
