# Diversity: how samples differ.
#
# Inputs:
#     <results>/selection/asv_table.tsv
#     <results>/phylogeny/tree.nwk
#     <results>/diversity/rarefaction_plan.json
#     <results>/selection/composition_{level}.tsv
# Outputs, of ASVs and below {level}/ of species, genera and so on:
#     <results>/diversity/beta_{metric}.tsv
#     <results>/diversity/{level}/beta_{metric}.tsv
#     <results>/diversity/ordination_{metric}.tsv
#     <results>/diversity/{level}/ordination_{metric}.tsv
#     <results>/diversity/biplot_{metric}.tsv
#     <results>/diversity/{level}/biplot_{metric}.tsv
#     <results>/diversity/nmds_{metric}.tsv
#     <results>/diversity/{level}/nmds_{metric}.tsv
#     <results>/diversity/ordination_explained.tsv
#     <results>/diversity/{level}/ordination_explained.tsv
#     <results>/diversity/nmds_stress.tsv
#     <results>/diversity/{level}/nmds_stress.tsv

# of the same person's other samples, on the page of a sample
SAMPLE_PAGE_TABLES += [
    f"<results>/diversity/beta_{metric}.tsv"
    for metric in STUDY.config["diversity"]["metrics"]
    if metric == "braycurtis"
]
STUDY_PAGE_TABLES += [
    *list_of_metrics("ordination"),
    *list_of_metrics("biplot"),
    *list_of_metrics("nmds"),
    "<results>/diversity/ordination_explained.tsv",
    "<results>/diversity/nmds_stress.tsv",
]
LISTED_FILES += [
    *list_of_metrics("beta"),
    *list_level_files("ordination_explained.tsv", "nmds_stress.tsv"),
]


rule measure_beta:
    """Measure distances between samples."""
    input:
        table="<results>/selection/asv_table.tsv",
        tree="<results>/phylogeny/tree.nwk",
        plan="<results>/diversity/rarefaction_plan.json",
        level_table=LEVEL_TABLES,
    output:
        beta=list_of_metrics("beta"),
    params:
        level_table=label_input("level_table", LEVELS),
        beta=label_output("beta", METRICS_OF_LEVELS),
    shell:
        "{params.program} --asv-table {input.table:q} --tree {input.tree:q} "
        "--plan {input.plan:q} {params.level_table:q} {params.beta:q} 2> {log:q}"


rule ordinate_samples:
    """Ordinate samples by each distance: principal coordinates, arrows of taxa, NMDS."""
    input:
        beta=list_of_metrics("beta"),
        table=["<results>/selection/asv_table.tsv", *LEVEL_TABLES],
        plan="<results>/diversity/rarefaction_plan.json",
    output:
        ordination=list_of_metrics("ordination"),
        biplot=list_of_metrics("biplot"),
        nmds=list_of_metrics("nmds"),
        explained=list_of_levels("ordination_explained.tsv"),
        stress=list_of_levels("nmds_stress.tsv"),
    params:
        settings=settings_of("general.seed"),
        table=label_input("table", ALL_LEVELS),
        beta=label_input("beta", METRICS_OF_LEVELS),
        ordination=label_output("ordination", METRICS_OF_LEVELS),
        biplot=label_output("biplot", METRICS_OF_LEVELS),
        nmds=label_output("nmds", METRICS_OF_LEVELS),
        explained=label_output("explained", ALL_LEVELS),
        stress=label_output("stress", ALL_LEVELS),
    shell:
        "{params.program} {params.table:q} --plan {input.plan:q} {params.settings:q} "
        "{params.beta:q} {params.ordination:q} {params.biplot:q} {params.nmds:q} "
        "{params.explained:q} {params.stress:q} 2> {log:q}"
