# Exports: the study in the forms that other programs load.
#
# Inputs:
#     <results>/selection/asv_table.tsv
#     <results>/selection/asvs.fasta
#     <results>/taxonomy/taxonomy.tsv
#     <results>/selection/composition_genus.tsv
#     <results>/phylogeny/tree.nwk
#     <results>/denoise/ledger.tsv
#     <results>/diversity/alpha.tsv
#     the sample sheet
# Outputs, those that are asked for:
#     <results>/exports/asv_table.biom
#     <results>/exports/qiime2
#     <results>/exports/phyloseq
#     <results>/exports/study.h5ad
#     <results>/exports/multiqc

EXPORTS = {
    "biom": "<results>/exports/asv_table.biom",
    "qiime2": "<results>/exports/qiime2",
    "phyloseq": "<results>/exports/phyloseq",
    "anndata": "<results>/exports/study.h5ad",
    "multiqc": "<results>/exports/multiqc",
}
LISTED_FILES += [EXPORTS[name] for name in STUDY.config["exports"]]
# Columns of names: a subject '007' is not a number.
CATEGORICAL = [name for name in [*STUDY.groups, STUDY.subject] if name]
CONTENT = {
    "table": "<results>/selection/asv_table.tsv",
    "taxonomy": "<results>/taxonomy/taxonomy.tsv",
    "samples": STUDY.config["samples"],
}
SEQUENCES = {
    "asvs": "<results>/selection/asvs.fasta",
    "tree": "<results>/phylogeny/tree.nwk",
}


rule export_biom:
    """Write the ASV table as BIOM 2.1 with lineages and the sample sheet."""
    input:
        **CONTENT,
    output:
        biom=EXPORTS["biom"],
    params:
        categorical=CATEGORICAL,
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q} "
        "--samples {input.samples:q} --categorical {params.categorical:q} "
        "--biom {output.biom:q} 2> {log:q}"


rule export_qiime2:
    """Write files that QIIME 2 imports."""
    input:
        **CONTENT,
        **SEQUENCES,
    output:
        folder=directory(EXPORTS["qiime2"]),
    params:
        categorical=CATEGORICAL,
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q} "
        "--samples {input.samples:q} --categorical {params.categorical:q} "
        "--asvs {input.asvs:q} --tree {input.tree:q} --folder {output.folder:q} 2> {log:q}"


rule export_phyloseq:
    """Write plain files and the R program that loads them into phyloseq."""
    input:
        **CONTENT,
        **SEQUENCES,
    output:
        folder=directory(EXPORTS["phyloseq"]),
    params:
        categorical=CATEGORICAL,
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q} "
        "--samples {input.samples:q} --categorical {params.categorical:q} "
        "--asvs {input.asvs:q} --tree {input.tree:q} --folder {output.folder:q} 2> {log:q}"


rule export_anndata:
    """Write the study as AnnData."""
    input:
        **CONTENT,
        **SEQUENCES,
    output:
        h5ad=EXPORTS["anndata"],
    params:
        categorical=CATEGORICAL,
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q} "
        "--samples {input.samples:q} --categorical {params.categorical:q} "
        "--asvs {input.asvs:q} --tree {input.tree:q} --h5ad {output.h5ad:q} 2> {log:q}"


rule export_multiqc:
    """Write custom content for MultiQC."""
    input:
        ledger="<results>/denoise/ledger.tsv",
        alpha="<results>/diversity/alpha.tsv",
        composition="<results>/selection/composition_genus.tsv",
    output:
        folder=directory(EXPORTS["multiqc"]),
    params:
        controls=CONTROL_OPTIONS,
    shell:
        "{params.program} --ledger {input.ledger:q} --alpha {input.alpha:q} "
        "--composition {input.composition:q} {params.controls:q} "
        "--folder {output.folder:q} 2> {log:q}"
