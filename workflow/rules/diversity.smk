# Diversity: how varied each sample is, and how samples differ.

BETA_METRICS = STUDY.config["diversity"]["metrics"]
LEVEL_TABLES = expand("<results>/diversity/{level}/table.tsv", level=LEVELS)
CONTROL_OPTIONS = [f"--control={s.name}" for s in STUDY.samples if s.control]


rule gather_taxa:
    """Gather ASV counts by species, genus and so on."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
    output:
        LEVEL_TABLES,
    log:
        "<results>/logs/diversity/gather_taxa.log",
    benchmark:
        "<results>/benchmarks/diversity/gather_taxa.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("gather_taxa"),
        runtime=time_of("gather_taxa"),
    params:
        program=run_program("gather_taxa"),
        code=code_of("gather_taxa"),
        levels=[f"--level={level}" for level in LEVELS],
        folder=lambda wildcards: f"{RESULTS}/diversity",
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q}"
        " {params.levels:q} --folder {params.folder:q} 2> {log:q}"


rule rarefy_samples:
    """Choose the rarefaction depth, list excluded samples, draw curves."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
    output:
        plan="<results>/diversity/rarefaction_plan.json",
        excluded="<results>/diversity/excluded.tsv",
        choices="<results>/diversity/rarefaction_choices.tsv",
        curves="<results>/diversity/rarefaction.tsv",
    log:
        "<results>/logs/diversity/rarefy_samples.log",
    benchmark:
        "<results>/benchmarks/diversity/rarefy_samples.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("rarefy_samples"),
        runtime=time_of("rarefy_samples"),
    params:
        program=run_program("rarefy_samples"),
        code=code_of("rarefy_samples"),
        depth=STUDY.config["diversity"]["rarefaction_depth"],
        repeats=STUDY.config["diversity"]["rarefaction_repeats"],
        seed=STUDY.config["seed"],
        controls=CONTROL_OPTIONS,
    shell:
        "{params.program} --asv-table {input.table:q} --rarefaction-depth {params.depth:q}"
        " --rarefaction-repeats {params.repeats} --seed {params.seed} {params.controls:q}"
        " --plan {output.plan:q} --excluded {output.excluded:q} --choices {output.choices:q}"
        " --curves {output.curves:q}"
        " 2> {log:q}"


rule measure_alpha:
    """Measure diversity within samples."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        tree="<results>/phylogeny/tree.nwk",
        plan="<results>/diversity/rarefaction_plan.json",
        levels=LEVEL_TABLES,
    output:
        list_level_files("alpha.tsv", "alpha_unrarefied.tsv"),
        alpha="<results>/diversity/alpha.tsv",
        unrarefied="<results>/diversity/alpha_unrarefied.tsv",
    log:
        "<results>/logs/diversity/measure_alpha.log",
    benchmark:
        "<results>/benchmarks/diversity/measure_alpha.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("measure_alpha"),
        runtime=time_of("measure_alpha"),
    params:
        program=run_program("measure_alpha"),
        code=code_of("measure_alpha"),
        levels=name_level_tables,
    shell:
        "{params.program} --asv-table {input.table:q} --tree {input.tree:q}"
        " --plan {input.plan:q} {params.levels:q} --alpha {output.alpha:q}"
        " --unrarefied {output.unrarefied:q} 2> {log:q}"


rule estimate_hill:
    """Estimate Hill numbers with coverage, rarefied and extrapolated."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        levels=LEVEL_TABLES,
    output:
        expand("<results>/diversity/{name}.tsv", name=["hill", "hill_curves"]),
        list_level_files("hill.tsv", "hill_curves.tsv"),
    log:
        "<results>/logs/diversity/estimate_hill.log",
    benchmark:
        "<results>/benchmarks/diversity/estimate_hill.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("estimate_hill"),
        runtime=time_of("estimate_hill"),
    params:
        program=run_program("estimate_hill"),
        code=code_of("estimate_hill"),
        levels=name_level_tables,
        controls=CONTROL_OPTIONS,
        folder=lambda wildcards: f"{RESULTS}/diversity",
    shell:
        "{params.program} --asv-table {input.table:q} {params.levels:q} {params.controls:q}"
        " --folder {params.folder:q} 2> {log:q}"


rule measure_beta:
    """Measure distances between samples."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        tree="<results>/phylogeny/tree.nwk",
        plan="<results>/diversity/rarefaction_plan.json",
        levels=LEVEL_TABLES,
    output:
        list_metric_files("beta"),
    log:
        "<results>/logs/diversity/measure_beta.log",
    benchmark:
        "<results>/benchmarks/diversity/measure_beta.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("measure_beta"),
        runtime=time_of("measure_beta"),
    params:
        program=run_program("measure_beta"),
        code=code_of("measure_beta"),
        metrics=BETA_METRICS,
        levels=name_level_tables,
        folder=lambda wildcards: f"{RESULTS}/diversity",
    shell:
        "{params.program} --asv-table {input.table:q} --tree {input.tree:q}"
        " --plan {input.plan:q} --metrics {params.metrics:q} {params.levels:q} --folder {params.folder:q}"
        " 2> {log:q}"


rule ordinate_samples:
    """Ordinate samples by each distance: principal coordinates, arrows of taxa, NMDS."""
    input:
        list_metric_files("beta"),
        table="<results>/taxonomy/asv_table.tsv",
        plan="<results>/diversity/rarefaction_plan.json",
        levels=LEVEL_TABLES,
    output:
        list_metric_files("ordination", "biplot", "nmds"),
        expand(
            "<results>/diversity/{name}.tsv",
            name=["ordination_explained", "nmds_stress"],
        ),
        list_level_files("ordination_explained.tsv", "nmds_stress.tsv"),
    log:
        "<results>/logs/diversity/ordinate_samples.log",
    benchmark:
        "<results>/benchmarks/diversity/ordinate_samples.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("ordinate_samples"),
        runtime=time_of("ordinate_samples"),
    params:
        program=run_program("ordinate_samples"),
        code=code_of("ordinate_samples"),
        metrics=BETA_METRICS,
        levels=name_level_tables,
        seed=STUDY.config["seed"],
        folder=lambda wildcards: f"{RESULTS}/diversity",
    shell:
        "{params.program} --folder {params.folder:q} --asv-table {input.table:q}"
        " --plan {input.plan:q} --metrics {params.metrics:q} {params.levels:q}"
        " --seed {params.seed} 2> {log:q}"
