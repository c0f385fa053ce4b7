# Demo: compare the results of simulated reads with their truth (config key `truth`).

TRUTH = (STUDY.config["truth"] or "truth").rstrip("/")


rule compare_with_truth:
    """Compare variants, abundances and names with what was simulated."""
    input:
        truth=f"{TRUTH}/asv_table.tsv",
        variants=f"{TRUTH}/variants.tsv",
        sequences=f"{TRUTH}/variants.fasta",
        chimeras=f"{TRUTH}/chimeras.tsv",
        table="<results>/denoise/asv_table.tsv",
        fasta="<results>/denoise/asvs.fasta",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
    output:
        depth="<results>/demo/truth_by_depth.tsv",
        samples="<results>/demo/truth_by_sample.tsv",
        false="<results>/demo/truth_false.tsv",
        names="<results>/demo/truth_taxonomy.tsv",
    log:
        "<results>/logs/demo/compare_with_truth.log",
    benchmark:
        "<results>/benchmarks/demo/compare_with_truth.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("compare_with_truth"),
        runtime=time_of("compare_with_truth"),
    params:
        program=run_program("compare_with_truth"),
        code=code_of("compare_with_truth"),
        truth=lambda wildcards: TRUTH,
        folder=lambda wildcards: f"{RESULTS}/demo",
    shell:
        "{params.program} --truth {params.truth:q} --asv-table {input.table:q}"
        " --fasta {input.fasta:q} --taxonomy {input.taxonomy:q}"
        " --output {params.folder:q} 2> {log:q}"
