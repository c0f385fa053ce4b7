# Demo: compare the results of simulated reads with their truth (config key `truth`).

TRUTH = (STUDY.config["truth"] or "truth").rstrip("/")


rule compare_with_truth:
    """Compare variants, abundances and names with what was simulated."""
    input:
        truth=TRUTH + "/asv_table.tsv",
        variants=TRUTH + "/variants.tsv",
        sequences=TRUTH + "/variants.fasta",
        chimeras=TRUTH + "/chimeras.tsv",
        table=RESULTS + "/denoise/asv_table.tsv",
        fasta=RESULTS + "/denoise/asvs.fasta",
        taxonomy=RESULTS + "/taxonomy/taxonomy.tsv",
    output:
        depth=RESULTS + "/demo/truth_by_depth.tsv",
        samples=RESULTS + "/demo/truth_by_sample.tsv",
        false=RESULTS + "/demo/truth_false.tsv",
        names=RESULTS + "/demo/truth_taxonomy.tsv",
    log:
        RESULTS + "/logs/demo/compare_with_truth.log",
    benchmark:
        RESULTS + "/benchmarks/demo/compare_with_truth.tsv"
    threads: 1
    params:
        program=run_program("compare_with_truth"),
        code=code_of("compare_with_truth"),
        truth=TRUTH,
        folder=RESULTS + "/demo",
    shell:
        "{params.program} --truth {params.truth:q} --asv-table {input.table:q}"
        " --fasta {input.fasta:q} --taxonomy {input.taxonomy:q}"
        " --output {params.folder:q} 2> {log:q}"
