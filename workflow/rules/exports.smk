# Exports: the study in the forms that other programs load.

EXPORTS = {
    "biom": "<results>/exports/asv_table.biom",
    "qiime2": "<results>/exports/qiime2",
    "phyloseq": "<results>/exports/phyloseq",
    "anndata": "<results>/exports/study.h5ad",
    "multiqc": "<results>/exports/multiqc",
}
EXPORTED_FILES = [EXPORTS[name] for name in STUDY.config["exports"]]
# Columns of names: a subject '007' is no number.
CATEGORICAL = [
    name for name in [*STUDY.groups, STUDY.subject] if name
]


rule export_biom:
    """Write the ASV table as BIOM 2.1 with lineages and the sample sheet."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
        samples=STUDY.config["samples"],
    output:
        biom="<results>/exports/asv_table.biom",
    log:
        "<results>/logs/exports/export_biom.log",
    benchmark:
        "<results>/benchmarks/exports/export_biom.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("export_biom"),
        runtime=time_of("export_biom"),
    params:
        program=run_program("export_biom"),
        code=code_of("export_biom"),
        categorical=CATEGORICAL,
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q}"
        " --samples {input.samples:q} --categorical {params.categorical:q}"
        " --biom {output.biom:q}"
        " 2> {log:q}"


rule export_qiime2:
    """Write files that QIIME 2 imports."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
        samples=STUDY.config["samples"],
        asvs="<results>/taxonomy/asvs.fasta",
        tree="<results>/phylogeny/tree.nwk",
    output:
        folder=directory(EXPORTS["qiime2"]),
    log:
        "<results>/logs/exports/export_qiime2.log",
    benchmark:
        "<results>/benchmarks/exports/export_qiime2.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("export_qiime2"),
        runtime=time_of("export_qiime2"),
    params:
        program=run_program("export_qiime2"),
        code=code_of("export_qiime2"),
        categorical=CATEGORICAL,
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q}"
        " --samples {input.samples:q} --categorical {params.categorical:q}"
        " --asvs {input.asvs:q} --tree {input.tree:q} --folder {output.folder:q}"
        " 2> {log:q}"


rule export_phyloseq:
    """Write plain files and the R program that loads them into phyloseq."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
        samples=STUDY.config["samples"],
        asvs="<results>/taxonomy/asvs.fasta",
        tree="<results>/phylogeny/tree.nwk",
    output:
        folder=directory(EXPORTS["phyloseq"]),
    log:
        "<results>/logs/exports/export_phyloseq.log",
    benchmark:
        "<results>/benchmarks/exports/export_phyloseq.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("export_phyloseq"),
        runtime=time_of("export_phyloseq"),
    params:
        program=run_program("export_phyloseq"),
        code=code_of("export_phyloseq"),
        categorical=CATEGORICAL,
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q}"
        " --samples {input.samples:q} --categorical {params.categorical:q}"
        " --asvs {input.asvs:q} --tree {input.tree:q} --folder {output.folder:q}"
        " 2> {log:q}"


rule export_anndata:
    """Write the study as AnnData."""
    input:
        table="<results>/taxonomy/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
        samples=STUDY.config["samples"],
        asvs="<results>/taxonomy/asvs.fasta",
        tree="<results>/phylogeny/tree.nwk",
    output:
        h5ad="<results>/exports/study.h5ad",
    log:
        "<results>/logs/exports/export_anndata.log",
    benchmark:
        "<results>/benchmarks/exports/export_anndata.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("export_anndata"),
        runtime=time_of("export_anndata"),
    params:
        program=run_program("export_anndata"),
        code=code_of("export_anndata"),
        categorical=CATEGORICAL,
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q}"
        " --samples {input.samples:q} --categorical {params.categorical:q}"
        " --asvs {input.asvs:q} --tree {input.tree:q} --h5ad {output.h5ad:q}"
        " 2> {log:q}"


rule export_multiqc:
    """Write custom content for MultiQC."""
    input:
        ledger="<results>/denoise/ledger.tsv",
        alpha="<results>/diversity/alpha.tsv",
        composition="<results>/taxonomy/composition_genus.tsv",
    output:
        folder=directory(EXPORTS["multiqc"]),
    log:
        "<results>/logs/exports/export_multiqc.log",
    benchmark:
        "<results>/benchmarks/exports/export_multiqc.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("export_multiqc"),
        runtime=time_of("export_multiqc"),
    params:
        program=run_program("export_multiqc"),
        code=code_of("export_multiqc"),
        controls=CONTROL_OPTIONS,
    shell:
        "{params.program} --ledger {input.ledger:q} --alpha {input.alpha:q}"
        " --composition {input.composition:q} {params.controls:q} --folder {output.folder:q}"
        " 2> {log:q}"
