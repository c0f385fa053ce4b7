# Diversity: how varied each sample is. How samples differ is in diversity/distances.smk.
#
# Inputs:
#     <results>/selection/asv_table.tsv
#     <results>/selection/composition_{level}.tsv
#     <results>/phylogeny/tree.nwk
# Outputs, of ASVs and below {level}/ of species, genera and so on:
#     <results>/diversity/rarefaction_plan.json
#     <results>/diversity/rarefaction_choices.tsv
#     <results>/diversity/rarefaction.tsv
#     <results>/diversity/excluded.tsv
#     <results>/diversity/alpha.tsv
#     <results>/diversity/{level}/alpha.tsv
#     <results>/diversity/alpha_unrarefied.tsv
#     <results>/diversity/{level}/alpha_unrarefied.tsv
#     <results>/diversity/hill.tsv
#     <results>/diversity/{level}/hill.tsv
#     <results>/diversity/hill_curves.tsv
#     <results>/diversity/{level}/hill_curves.tsv

CONTROL_OPTIONS = [f"--control={s.name}" for s in STUDY.samples if s.control]

SAMPLE_PAGE_TABLES += expand(
    "<results>/diversity/{name}.tsv", name=["alpha", "excluded"]
)
STUDY_PAGE_TABLES += [
    "<results>/diversity/alpha_unrarefied.tsv",
    "<results>/diversity/rarefaction.tsv",
    "<results>/diversity/rarefaction_choices.tsv",
    *list_level_files("alpha.tsv"),
    *list_of_levels("hill.tsv"),
    *list_of_levels("hill_curves.tsv"),
]
LISTED_FILES += [
    "<results>/diversity/rarefaction_plan.json",
    *list_level_files("alpha_unrarefied.tsv"),
]


rule rarefy_samples:
    """Choose the rarefaction depth, list excluded samples, draw curves."""
    input:
        table="<results>/selection/asv_table.tsv",
    output:
        plan="<results>/diversity/rarefaction_plan.json",
        excluded="<results>/diversity/excluded.tsv",
        choices="<results>/diversity/rarefaction_choices.tsv",
        curves="<results>/diversity/rarefaction.tsv",
    params:
        settings=settings_of("rarefaction", "general.seed"),
        controls=CONTROL_OPTIONS,
    shell:
        "{params.program} --asv-table {input.table:q} {params.settings:q} {params.controls:q} "
        "--plan {output.plan:q} --excluded {output.excluded:q} --choices {output.choices:q} "
        "--curves {output.curves:q} 2> {log:q}"


rule measure_alpha:
    """Measure diversity within samples."""
    input:
        table="<results>/selection/asv_table.tsv",
        tree="<results>/phylogeny/tree.nwk",
        plan="<results>/diversity/rarefaction_plan.json",
        level_table=LEVEL_TABLES,
    output:
        alpha=list_of_levels("alpha.tsv"),
        unrarefied=list_of_levels("alpha_unrarefied.tsv"),
    params:
        level_table=label_input("level_table", LEVELS),
        alpha=label_output("alpha", ALL_LEVELS),
        unrarefied=label_output("unrarefied", ALL_LEVELS),
    shell:
        "{params.program} --asv-table {input.table:q} --tree {input.tree:q} "
        "--plan {input.plan:q} {params.level_table:q} {params.alpha:q} {params.unrarefied:q} "
        "2> {log:q}"


rule estimate_hill:
    """Estimate Hill numbers with coverage, rarefied and extrapolated."""
    input:
        table=["<results>/selection/asv_table.tsv", *LEVEL_TABLES],
    output:
        hill=list_of_levels("hill.tsv"),
        curves=list_of_levels("hill_curves.tsv"),
    params:
        table=label_input("table", ALL_LEVELS),
        controls=CONTROL_OPTIONS,
        hill=label_output("hill", ALL_LEVELS),
        curves=label_output("curves", ALL_LEVELS),
    shell:
        "{params.program} {params.table:q} {params.controls:q} {params.hill:q} "
        "{params.curves:q} 2> {log:q}"
