# Diversity: how varied each sample is, and how samples differ.

LEVEL_TABLES = expand("<results>/diversity/{level}/table.tsv", level=LEVELS)
CONTROL_OPTIONS = [f"--control={s.name}" for s in STUDY.samples if s.control]


rule gather_taxa:
    """Gather ASV counts by species, genus and so on."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
    output:
        tables=LEVEL_TABLES,
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
        tables=lambda wildcards, output: name_files("--table", LEVELS, output.tables),
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q}"
        " {params.tables:q} 2> {log:q}"


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
        settings=settings_of("rarefaction", "general.seed"),
        controls=CONTROL_OPTIONS,
    shell:
        "{params.program} --asv-table {input.table:q}"
        " {params.settings:q} {params.controls:q}"
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
        alpha=list_of_levels("alpha.tsv"),
        unrarefied=list_of_levels("alpha_unrarefied.tsv"),
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
        alpha=lambda wildcards, output: name_files("--alpha", ALL_LEVELS, output.alpha),
        unrarefied=lambda wildcards, output: name_files(
            "--unrarefied", ALL_LEVELS, output.unrarefied
        ),
    shell:
        "{params.program} --asv-table {input.table:q} --tree {input.tree:q}"
        " --plan {input.plan:q} {params.levels:q} {params.alpha:q} {params.unrarefied:q}"
        " 2> {log:q}"


rule estimate_hill:
    """Estimate Hill numbers with coverage, rarefied and extrapolated."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        levels=LEVEL_TABLES,
    output:
        hill=list_of_levels("hill.tsv"),
        curves=list_of_levels("hill_curves.tsv"),
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
        tables=name_tables,
        controls=CONTROL_OPTIONS,
        hill=lambda wildcards, output: name_files("--hill", ALL_LEVELS, output.hill),
        curves=lambda wildcards, output: name_files(
            "--curves", ALL_LEVELS, output.curves
        ),
    shell:
        "{params.program} {params.tables:q} {params.controls:q} {params.hill:q}"
        " {params.curves:q} 2> {log:q}"


rule measure_beta:
    """Measure distances between samples."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        tree="<results>/phylogeny/tree.nwk",
        plan="<results>/diversity/rarefaction_plan.json",
        levels=LEVEL_TABLES,
    output:
        beta=list_of_metrics("beta"),
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
        levels=name_level_tables,
        beta=lambda wildcards, output: name_files(
            "--beta", METRICS_OF_LEVELS, output.beta
        ),
    shell:
        "{params.program} --asv-table {input.table:q} --tree {input.tree:q}"
        " --plan {input.plan:q} {params.levels:q} {params.beta:q} 2> {log:q}"


rule ordinate_samples:
    """Ordinate samples by each distance: principal coordinates, arrows of taxa, NMDS."""
    input:
        beta=list_of_metrics("beta"),
        table="<results>/taxonomy/asv_table.tsv",
        plan="<results>/diversity/rarefaction_plan.json",
        levels=LEVEL_TABLES,
    output:
        ordination=list_of_metrics("ordination"),
        biplot=list_of_metrics("biplot"),
        nmds=list_of_metrics("nmds"),
        explained=list_of_levels("ordination_explained.tsv"),
        stress=list_of_levels("nmds_stress.tsv"),
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
        tables=name_tables,
        settings=settings_of("general.seed"),
        beta=lambda wildcards, input: name_files(
            "--beta", METRICS_OF_LEVELS, input.beta
        ),
        of_metrics=lambda wildcards, output: [
            word
            for name in ("ordination", "biplot", "nmds")
            for word in name_files(f"--{name}", METRICS_OF_LEVELS, output[name])
        ],
        of_levels=lambda wildcards, output: [
            *name_files("--explained", ALL_LEVELS, output.explained),
            *name_files("--stress", ALL_LEVELS, output.stress),
        ],
    shell:
        "{params.program} {params.tables:q} --plan {input.plan:q} {params.settings:q}"
        " {params.beta:q} {params.of_metrics:q} {params.of_levels:q} 2> {log:q}"
