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
#     <results>/gut_brain/overlap.tsv
#     <results>/gut_brain/models.tsv                       if a group is named


if STUDY.config["gut_brain"]["enabled"]:
    SAMPLE_PAGE_TABLES += expand(
        "<results>/gut_brain/{name}.tsv",
        name=["taxa", "samples", "coverage", "groups", "overlap"],
    )
    if STUDY.groups:
        STUDY_PAGE_TABLES.append("<results>/gut_brain/models.tsv")


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
        overlap="<results>/gut_brain/overlap.tsv",
    params:
        groups=[*STUDY.groups, *filter(None, [STUDY.config["cohort"]["time"]])],
        settings=settings_of("design.subject"),
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q} "
        "--samples {input.samples:q} --group {params.groups:q} {params.settings:q} "
        "--taxa {output.taxa:q} --sample-sums {output.samples:q} "
        "--coverage {output.coverage:q} --group-sums {output.groups:q} "
        "--overlap {output.overlap:q} 2> {log:q}"


rule model_capacities:
    """Model the shares of reads of taxa with a capacity, as diversity is modelled."""
    input:
        samples=STUDY.config["samples"],
        sums="<results>/gut_brain/samples.tsv",
        coverage="<results>/gut_brain/coverage.tsv",
    output:
        models="<results>/gut_brain/models.tsv",
    params:
        settings=settings_of("design", "general.seed"),
    shell:
        "{params.program} --samples {input.samples:q} --sample-sums {input.sums:q} "
        "--coverage {input.coverage:q} {params.settings:q} --models {output.models:q} 2> {log:q}"
