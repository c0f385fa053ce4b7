# Selection: which ASVs are analysed, and their taxa at each rank. Every later stage reads these.
#
# Inputs:
#     <results>/denoise/asv_table.tsv
#     <results>/denoise/asvs.fasta
#     <results>/taxonomy/taxonomy.tsv
#     <results>/controls/contaminants.tsv                  with controls.remove_contaminants
# Outputs:
#     <results>/selection/asv_table.tsv
#     <results>/selection/asvs.fasta
#     <results>/selection/set_apart.tsv
#     <results>/selection/ledger.tsv
#     <results>/selection/composition_{rank}.tsv

RANKS = ["phylum", "class", "order", "family", "genus", "species"]
COMPOSITIONS = expand("<results>/selection/composition_{rank}.tsv", rank=RANKS)
CALLED = {"contaminants": "<results>/controls/contaminants.tsv"}

SAMPLE_PAGE_TABLES += [
    "<results>/selection/asv_table.tsv",
    "<results>/selection/ledger.tsv",
    *COMPOSITIONS,
]
STUDY_PAGE_TABLES += ["<results>/selection/set_apart.tsv"]
LISTED_FILES += ["<results>/selection/asvs.fasta"]


rule select_asvs:
    """Set organelles, what is no 16S gene and removed contaminants apart; write the others."""
    input:
        **(CALLED if STUDY.config["controls"]["remove_contaminants"] else {}),
        table="<results>/denoise/asv_table.tsv",
        asvs="<results>/denoise/asvs.fasta",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
    output:
        table="<results>/selection/asv_table.tsv",
        asvs="<results>/selection/asvs.fasta",
        set_apart="<results>/selection/set_apart.tsv",
        ledger="<results>/selection/ledger.tsv",
    params:
        removal=lambda wildcards, input: name_optional(
            "--contaminants", input, "contaminants"
        ),
    shell:
        "{params.program} --asv-table {input.table:q} --asvs {input.asvs:q} "
        "--taxonomy {input.taxonomy:q} {params.removal:q} --selected-table {output.table:q} "
        "--selected-asvs {output.asvs:q} --set-apart {output.set_apart:q} "
        "--ledger {output.ledger:q} 2> {log:q}"


rule gather_taxa:
    """Sum the counts of ASVs by name at each rank, for composition, tests and diversity."""
    input:
        table="<results>/selection/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
    output:
        table=COMPOSITIONS,
    params:
        table=label_output("table", RANKS),
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q} "
        "{params.table:q} 2> {log:q}"
