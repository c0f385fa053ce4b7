# From raw reads to filtered, oriented, dereplicated reads, and the ledger of all reads.

from vagus.files import digest_file
from vagus.reads.primers import write_choice

FILTERED = (
    {"filtered": RESULTS + "/reads/samples/{key}/filtered.fastq.gz"}
    if STUDY.config["reads"]["keep_filtered"]
    else {}
)


def list_read_options(wildcards):
    """Settings of the reads stage for one sample; the sheet's platform goes first."""
    reads = STUDY.config["reads"]
    platform = STUDY.sample(wildcards.key).platform
    options = {
        "--platform": reads["platform"] if platform == "auto" else platform,
        "--primers": write_choice(reads["primers"]),
        "--require": reads["require"],
        "--max-primer-error-rate": reads["max_primer_error_rate"],
        "--min-length-bp": reads["min_length_bp"],
        "--max-length-bp": reads["max_length_bp"],
        "--max-expected-errors": reads["max_expected_errors"],
        "--min-accuracy": reads["min_accuracy"],
        "--min-reads": reads["min_reads"],
        "--on-failed-sample": STUDY.config["on_failed_sample"],
    }
    given = {option: value for option, value in options.items() if value is not None}
    return [str(word) for item in given.items() for word in item]


rule prepare_reads:
    """Find primers, orient, trim, filter and dereplicate the reads of one sample."""
    input:
        reads=lambda wildcards: STUDY.sample(wildcards.key).reads,
    output:
        **FILTERED,
        uniques=RESULTS + "/reads/samples/{key}/uniques.npz",
        qc=RESULTS + "/reads/samples/{key}/qc.json",
    log:
        RESULTS + "/logs/reads/prepare_reads.{key}.log",
    benchmark:
        RESULTS + "/benchmarks/reads/prepare_reads.{key}.tsv"
    threads: 1
    resources:
        mem_mb=lambda wildcards, input, attempt: attempt
        * max(500, int(12 * input.size_mb)),
    params:
        program=run_program("prepare_reads"),
        code=code_of("prepare_reads"),
        primer_table=digest_file(RESOURCES / "primers.tsv"),
        sample=lambda wildcards: STUDY.sample(wildcards.key).name,
        options=list_read_options,
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
        expand(RESULTS + "/reads/samples/{key}/qc.json", key=KEYS),
    output:
        ledger=RESULTS + "/reads/ledger.tsv",
        qc=RESULTS + "/reads/qc.tsv",
        length_histogram=RESULTS + "/reads/length_histogram.tsv",
        expected_errors_histogram=RESULTS + "/reads/expected_errors_histogram.tsv",
        quality_profile=RESULTS + "/reads/quality_profile.tsv",
    log:
        RESULTS + "/logs/reads/collect_ledger.log",
    benchmark:
        RESULTS + "/benchmarks/reads/collect_ledger.tsv"
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: attempt * 500,
    params:
        program=run_program("collect_ledger"),
        code=code_of("collect_ledger"),
        folder=lambda wildcards, input: str(Path(input[0]).parents[1]),
        samples=KEYS,
    shell:
        "{params.program} --folder {params.folder:q} --ledger {output.ledger:q} "
        "--qc {output.qc:q} --length-histogram {output.length_histogram:q} "
        "--expected-errors-histogram {output.expected_errors_histogram:q} "
        "--quality-profile {output.quality_profile:q} {params.samples:q} 2> {log:q}"
