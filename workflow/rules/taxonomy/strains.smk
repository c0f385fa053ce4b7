# Taxonomy beyond names: strains instead of 16S copies, and reads divided by copies a genome.
#
# Inputs:
#     <results>/selection/asv_table.tsv
#     <results>/selection/asvs.fasta
#     <results>/taxonomy/taxonomy.tsv
#     the sample sheet, a table of copy numbers
# Outputs:
#     <results>/taxonomy/strains.tsv                       with taxonomy.group_strains
#     <results>/taxonomy/strain_table.tsv
#     <results>/taxonomy/copy_corrected_asv_table.tsv      with taxonomy.copy_numbers
#     <results>/taxonomy/copy_corrected_genus.tsv
#     <results>/taxonomy/copy_number_coverage.tsv

from vagus.taxonomy.copy_numbers import SHIPPED

COPY_NUMBERS = STUDY.config["taxonomy"]["copy_numbers"]
if STUDY.config["taxonomy"]["group_strains"]:
    STUDY_PAGE_TABLES += expand(
        "<results>/taxonomy/{name}.tsv", name=["strains", "strain_table"]
    )
if COPY_NUMBERS != "none":
    STUDY_PAGE_TABLES += ["<results>/taxonomy/copy_corrected_genus.tsv"]
    LISTED_FILES += [
        "<results>/taxonomy/copy_corrected_asv_table.tsv",
        "<results>/taxonomy/copy_number_coverage.tsv",
    ]


rule group_strains:
    """Group ASVs that look like the 16S copies of one strain."""
    input:
        table="<results>/selection/asv_table.tsv",
        asvs="<results>/selection/asvs.fasta",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
        samples=STUDY.config["samples"],
    output:
        strains="<results>/taxonomy/strains.tsv",
        table="<results>/taxonomy/strain_table.tsv",
    params:
        settings=settings_of("design.subject", "strains"),
    shell:
        "{params.program} --asv-table {input.table:q} --asvs {input.asvs:q} "
        "--taxonomy {input.taxonomy:q} --samples {input.samples:q} {params.settings:q} "
        "--strains {output.strains:q} --strain-table {output.table:q} 2> {log:q}"


rule correct_copy_numbers:
    """Divide reads by the 16S copies of their genus, beside the uncorrected tables."""
    input:
        own=[COPY_NUMBERS] if COPY_NUMBERS not in ("none", SHIPPED) else [],
        table="<results>/selection/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
    output:
        table="<results>/taxonomy/copy_corrected_asv_table.tsv",
        genera="<results>/taxonomy/copy_corrected_genus.tsv",
        coverage="<results>/taxonomy/copy_number_coverage.tsv",
    params:
        numbers=lambda wildcards, input: input.own or COPY_NUMBERS,
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q} "
        "--copy-numbers {params.numbers:q} --corrected-table {output.table:q} "
        "--genera {output.genera:q} --coverage {output.coverage:q} 2> {log:q}"
