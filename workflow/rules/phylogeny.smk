# Phylogeny: from ASVs to a rooted tree.
#
# Inputs:
#     <results>/selection/asvs.fasta
# Outputs:
#     <results>/phylogeny/alignment.fasta.gz
#     <results>/phylogeny/tree.nwk

STUDY_PAGE_TABLES += ["<results>/phylogeny/tree.nwk"]
LISTED_FILES += ["<results>/phylogeny/alignment.fasta.gz"]


rule align_asvs:
    """Align ASVs to each other."""
    input:
        asvs="<results>/selection/asvs.fasta",
    output:
        alignment="<results>/phylogeny/alignment.fasta.gz",
    threads: 8
    params:
        settings=settings_of("tree"),
    shell:
        "{params.program} --asvs {input.asvs:q} {params.settings:q} "
        "--threads {threads} --alignment {output.alignment:q} 2> {log:q}"


rule build_tree:
    """Infer a tree by maximum likelihood and root it at its midpoint."""
    input:
        alignment="<results>/phylogeny/alignment.fasta.gz",
    output:
        tree="<results>/phylogeny/tree.nwk",
    params:
        settings=settings_of("general.seed"),
    shell:
        "{params.program} --alignment {input.alignment:q} {params.settings:q} "
        "--tree {output.tree:q} 2> {log:q}"
