# Diversity: how varied each sample is, and how samples differ.

BETA_METRICS = STUDY.config["diversity"]["metrics"]


rule rarefy_samples:
    """Choose the rarefaction depth ({params.depth}), list excluded samples, draw curves."""
    input:
        table=RESULTS + "/denoise/asv_table.tsv",
    output:
        plan=RESULTS + "/diversity/rarefaction_plan.json",
        excluded=RESULTS + "/diversity/excluded.tsv",
        curves=RESULTS + "/diversity/rarefaction.tsv",
    log:
        RESULTS + "/logs/diversity/rarefy_samples.log",
    benchmark:
        RESULTS + "/benchmarks/diversity/rarefy_samples.tsv"
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
        table=RESULTS + "/denoise/asv_table.tsv",
        tree=RESULTS + "/phylogeny/tree.nwk",
        plan=RESULTS + "/diversity/rarefaction_plan.json",
    output:
        alpha=RESULTS + "/diversity/alpha.tsv",
        unrarefied=RESULTS + "/diversity/alpha_unrarefied.tsv",
    log:
        RESULTS + "/logs/diversity/measure_alpha.log",
    benchmark:
        RESULTS + "/benchmarks/diversity/measure_alpha.tsv"
    threads: 1
    params:
        program=run_program("measure_alpha"),
        code=code_of("measure_alpha"),
    shell:
        "{params.program} --asv-table {input.table:q} --tree {input.tree:q}"
        " --plan {input.plan:q} --alpha {output.alpha:q} --unrarefied {output.unrarefied:q}"
        " 2> {log:q}"


rule measure_beta:
    """Measure distances between samples: {params.metrics}."""
    input:
        table=RESULTS + "/denoise/asv_table.tsv",
        tree=RESULTS + "/phylogeny/tree.nwk",
        plan=RESULTS + "/diversity/rarefaction_plan.json",
    output:
        expand(RESULTS + "/diversity/beta_{metric}.tsv", metric=BETA_METRICS),
    log:
        RESULTS + "/logs/diversity/measure_beta.log",
    benchmark:
        RESULTS + "/benchmarks/diversity/measure_beta.tsv"
    threads: 1
    params:
        program=run_program("measure_beta"),
        code=code_of("measure_beta"),
        metrics=BETA_METRICS,
        folder=RESULTS + "/diversity",
    shell:
        "{params.program} --asv-table {input.table:q} --tree {input.tree:q}"
        " --plan {input.plan:q} --metrics {params.metrics:q} --folder {params.folder:q}"
        " 2> {log:q}"


rule ordinate_samples:
    """Ordinate samples by principal coordinates analysis of each distance."""
    input:
        expand(RESULTS + "/diversity/beta_{metric}.tsv", metric=BETA_METRICS),
    output:
        expand(RESULTS + "/diversity/ordination_{metric}.tsv", metric=BETA_METRICS),
        explained=RESULTS + "/diversity/ordination_explained.tsv",
    log:
        RESULTS + "/logs/diversity/ordinate_samples.log",
    benchmark:
        RESULTS + "/benchmarks/diversity/ordinate_samples.tsv"
    threads: 1
    params:
        program=run_program("ordinate_samples"),
        code=code_of("ordinate_samples"),
        metrics=BETA_METRICS,
        folder=RESULTS + "/diversity",
    shell:
        "{params.program} --folder {params.folder:q} --metrics {params.metrics:q}"
        " --explained {output.explained:q} 2> {log:q}"
