# Final: the few files that most people want, in one folder.
#
# Inputs:
#     <results>/selection/asv_table.tsv
#     <results>/selection/asvs.fasta
#     <results>/taxonomy/taxonomy.tsv
#     <results>/phylogeny/tree.nwk
#     what the stages put on STUDY_PAGE_TABLES and SAMPLE_PAGE_TABLES
#     the sample sheet
# Outputs:
#     <results>/final/asvs.tsv
#     <results>/final/study.xlsx
#     <results>/final/asv_table.biom
#     <results>/final/tree.nwk

FINAL = {
    "table": "<results>/final/asvs.tsv",
    "workbook": "<results>/final/study.xlsx",
    "biom": "<results>/final/asv_table.biom",
    "tree": "<results>/final/tree.nwk",
}
LISTED_FILES += FINAL.values()


rule write_final:
    """Write one table, one workbook, BIOM and tree."""
    input:
        table="<results>/selection/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
        asvs="<results>/selection/asvs.fasta",
        tree="<results>/phylogeny/tree.nwk",
        samples=STUDY.config["samples"],
        provenance="<results>/provenance.json",
        others=[*STUDY_PAGE_TABLES, *SAMPLE_PAGE_TABLES],
    output:
        **FINAL,
    params:
        categorical=CATEGORICAL,
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q} "
        "--asvs {input.asvs:q} --tree {input.tree:q} --samples {input.samples:q} "
        "--provenance {input.provenance:q} {params.categorical:q} --table {output.table:q} "
        "--workbook {output.workbook:q} --biom {output.biom:q} "
        "--tree-copy {output.tree:q} 2> {log:q}"
