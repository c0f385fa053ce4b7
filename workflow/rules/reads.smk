# Reads: from raw reads to filtered, oriented, dereplicated reads, and the ledger of all reads.
#
# Inputs:
#     the read files of the sample sheet
# Outputs:
#     <results>/reads/samples/{key}/uniques.npz
#     <results>/reads/samples/{key}/qc.json
#     <results>/reads/samples/{key}/filtered.fastq.gz      with reads.keep_filtered
#     <results>/reads/ledger.tsv
#     <results>/reads/qc.tsv
#     <results>/reads/length_histogram.tsv
#     <results>/reads/expected_errors_histogram.tsv
#     <results>/reads/quality_profile.tsv

from vagus.study.options import list_read_options

FILTERED = (
    {"filtered": "<results>/reads/samples/{key}/filtered.fastq.gz"}
    if STUDY.config["reads"]["keep_filtered"]
    else {}
)
SAMPLE_PAGE_TABLES += ["<results>/reads/qc.tsv"]
STUDY_PAGE_TABLES += [
    "<results>/reads/length_histogram.tsv",
    "<results>/reads/expected_errors_histogram.tsv",
    "<results>/reads/quality_profile.tsv",
]
LISTED_FILES += [
    "<results>/reads/ledger.tsv",
    *expand("<results>/reads/samples/{key}/uniques.npz", key=KEYS),
    *expand("<results>/reads/samples/{key}/qc.json", key=KEYS),
    *expand(list(FILTERED.values()), key=KEYS),
]


rule prepare_reads:
    """Find primers, orient, trim, filter and dereplicate the reads of one sample."""
    input:
        reads=lambda wildcards: STUDY.sample(wildcards.key).reads,
    output:
        **FILTERED,
        uniques="<results>/reads/samples/{key}/uniques.npz",
        qc="<results>/reads/samples/{key}/qc.json",
    params:
        sample=lambda wildcards: STUDY.sample(wildcards.key).name,
        settings=lambda wildcards: list_read_options(STUDY, wildcards.key),
        filtered=lambda wildcards, output: (
            ["--filtered", output.filtered] if FILTERED else []
        ),
    shell:
        "{params.program} --sample={params.sample:q} --uniques {output.uniques:q} "
        "--qc {output.qc:q} {params.filtered:q} {params.settings:q} "
        '--primer-table "$VAGUS_RESOURCES/primers.tsv" -- {input.reads:q} 2> {log:q}'


rule collect_ledger:
    """Merge the read ledgers and QC numbers of all samples."""
    input:
        samples=expand("<results>/reads/samples/{key}/qc.json", key=KEYS),
    output:
        ledger="<results>/reads/ledger.tsv",
        qc="<results>/reads/qc.tsv",
        length_histogram="<results>/reads/length_histogram.tsv",
        expected_errors_histogram="<results>/reads/expected_errors_histogram.tsv",
        quality_profile="<results>/reads/quality_profile.tsv",
    shell:
        "{params.program} --ledger {output.ledger:q} "
        "--qc {output.qc:q} --length-histogram {output.length_histogram:q} "
        "--expected-errors-histogram {output.expected_errors_histogram:q} "
        "--quality-profile {output.quality_profile:q} -- {input.samples:q} 2> {log:q}"
