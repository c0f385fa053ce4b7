# Gut-brain view (opt-in): reads of taxa with a documented capacity.
#
# Inputs:
#     <results>/selection/asv_table.tsv
#     <results>/taxonomy/taxonomy.tsv
#     the sample sheet
# Outputs:
#     <results>/gut_brain/taxa.tsv
#     <results>/gut_brain/samples.tsv
#     <results>/gut_brain/coverage.tsv
#     <results>/gut_brain/groups.tsv


if STUDY.config["gut_brain"]["enabled"]:
    SAMPLE_PAGE_TABLES += expand(
        "<results>/gut_brain/{name}.tsv", name=["taxa", "samples", "coverage", "groups"]
    )


rule summarise_gut_brain:
    """Sum the reads of taxa with a documented gut-brain capacity."""
    input:
        table="<results>/selection/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
        samples=STUDY.config["samples"],
    output:
        taxa="<results>/gut_brain/taxa.tsv",
        samples="<results>/gut_brain/samples.tsv",
        coverage="<results>/gut_brain/coverage.tsv",
        groups="<results>/gut_brain/groups.tsv",
    params:
        groups=[*STUDY.groups, *filter(None, [STUDY.config["cohort"]["time"]])],
        settings=settings_of("design.subject"),
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q} "
        "--samples {input.samples:q} --group {params.groups:q} {params.settings:q} "
        "--taxa {output.taxa:q} --sample-sums {output.samples:q} "
        "--coverage {output.coverage:q} --group-sums {output.groups:q} 2> {log:q}"
