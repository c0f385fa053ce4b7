# Demo: compare the results of simulated reads with their truth (config key `truth`).
#
# Inputs:
#     the folder of the truth
#     <results>/denoise/asv_table.tsv
#     <results>/denoise/asvs.fasta
#     <results>/taxonomy/taxonomy.tsv
# Outputs:
#     <results>/demo/truth_by_depth.tsv
#     <results>/demo/truth_by_sample.tsv
#     <results>/demo/truth_false.tsv
#     <results>/demo/truth_taxonomy.tsv

TRUTH = (STUDY.config["truth"] or "truth").rstrip("/")
if STUDY.config["truth"]:
    STUDY_PAGE_TABLES += expand(
        "<results>/demo/truth_{part}.tsv",
        part=["by_depth", "by_sample", "false", "taxonomy"],
    )


rule compare_with_truth:
    """Compare variants, abundances and names with what was simulated."""
    input:
        true_table=f"{TRUTH}/asv_table.tsv",
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
    shell:
        "{params.program} --true-table {input.true_table:q} --variants {input.variants:q} "
        "--sequences {input.sequences:q} --true-chimeras {input.chimeras:q} "
        "--asv-table {input.table:q} --fasta {input.fasta:q} --taxonomy {input.taxonomy:q} "
        "--by-depth {output.depth:q} --by-sample {output.samples:q} "
        "--false {output.false:q} --names {output.names:q} 2> {log:q}"
