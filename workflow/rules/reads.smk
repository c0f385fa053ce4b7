# From raw reads to filtered, oriented, dereplicated reads, and the ledger of all reads.

from vagus.study.options import list_read_options
from vagus.files import digest_file

FILTERED = (
    {"filtered": "<results>/reads/samples/{key}/filtered.fastq.gz"}
    if STUDY.config["reads"]["keep_filtered"]
    else {}
)


rule prepare_reads:
    """Find primers, orient, trim, filter and dereplicate the reads of one sample."""
    input:
        reads=lambda wildcards: STUDY.sample(wildcards.key).reads,
    output:
        **FILTERED,
        uniques="<results>/reads/samples/{key}/uniques.npz",
        qc="<results>/reads/samples/{key}/qc.json",
    log:
        "<results>/logs/reads/prepare_reads.{key}.log",
    benchmark:
        "<results>/benchmarks/reads/prepare_reads.{key}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("prepare_reads"),
        runtime=time_of("prepare_reads"),
    params:
        program=run_program("prepare_reads"),
        code=code_of("prepare_reads"),
        primer_table=digest_file(RESOURCES / "primers.tsv"),
        sample=lambda wildcards: STUDY.sample(wildcards.key).name,
        options=lambda wildcards: list_read_options(STUDY, wildcards.key),
        filtered=lambda wildcards, output: (
            ["--filtered", output.filtered] if FILTERED else []
        ),
    shell:
        "{params.program} --sample={params.sample:q} --uniques {output.uniques:q} "
        "--qc {output.qc:q} {params.filtered:q} {params.options:q} "
        '--primer-table "$VAGUS_RESOURCES/primers.tsv" -- {input.reads:q} 2> {log:q}'


rule collect_ledger:
    """Merge the read ledgers and QC numbers of all samples."""
    input:
        expand("<results>/reads/samples/{key}/qc.json", key=KEYS),
    output:
        ledger="<results>/reads/ledger.tsv",
        qc="<results>/reads/qc.tsv",
        length_histogram="<results>/reads/length_histogram.tsv",
        expected_errors_histogram="<results>/reads/expected_errors_histogram.tsv",
        quality_profile="<results>/reads/quality_profile.tsv",
    log:
        "<results>/logs/reads/collect_ledger.log",
    benchmark:
        "<results>/benchmarks/reads/collect_ledger.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("collect_ledger"),
        runtime=time_of("collect_ledger"),
    params:
        program=run_program("collect_ledger"),
        code=code_of("collect_ledger"),
    shell:
        "{params.program} --ledger {output.ledger:q} "
        "--qc {output.qc:q} --length-histogram {output.length_histogram:q} "
        "--expected-errors-histogram {output.expected_errors_histogram:q} "
        "--quality-profile {output.quality_profile:q} -- {input:q} 2> {log:q}"
