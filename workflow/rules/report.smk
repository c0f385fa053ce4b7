# Report: what people read. One page for the study, one for each sample, and what made them.

import json

TRUTH_TABLES = (
    expand(
        RESULTS + "/demo/truth_{part}.tsv",
        part=["by_depth", "by_sample", "false", "taxonomy"],
    )
    if Path(TRUTH, "asv_table.tsv").is_file()
    else []
)
COHORT_TABLES = (
    [RESULTS + "/cohort/alpha_tests.tsv", RESULTS + "/cohort/beta_tests.tsv"]
    if STUDY.groups
    else []
)
REPORTED_TABLES = [
    RESULTS + "/denoise/ledger.tsv",
    RESULTS + "/denoise/asv_table.tsv",
    RESULTS + "/reads/qc.tsv",
    RESULTS + "/taxonomy/taxonomy.tsv",
    *expand(
        RESULTS + "/taxonomy/composition_{rank}.tsv",
        rank=COMPOSITION_RANKS,
    ),
    RESULTS + "/diversity/alpha.tsv",
    RESULTS + "/diversity/excluded.tsv",
]
STUDY_TABLES = [
    *REPORTED_TABLES,
    RESULTS + "/denoise/asvs.tsv",
    RESULTS + "/denoise/asv_table.biom",
    RESULTS + "/denoise/chimeras.tsv",
    *expand(RESULTS + "/denoise/runs/{run}/error_model.tsv", run=RUNS),
    RESULTS + "/reads/length_histogram.tsv",
    RESULTS + "/reads/expected_errors_histogram.tsv",
    RESULTS + "/reads/quality_profile.tsv",
    RESULTS + "/taxonomy/hits.tsv",
    RESULTS + "/phylogeny/tree.nwk",
    RESULTS + "/diversity/alpha_unrarefied.tsv",
    RESULTS + "/diversity/rarefaction.tsv",
    *expand(RESULTS + "/diversity/ordination_{metric}.tsv", metric=BETA_METRICS),
    RESULTS + "/diversity/ordination_explained.tsv",
    *COHORT_TABLES,
    *TRUTH_TABLES,
]


rule write_provenance:
    """Write versions, config and checksums of inputs and references."""
    input:
        samples=STUDY.config["samples"],
        reads=[path for sample in STUDY.samples for path in sample.reads],
        references=REFERENCE_FILES,
    output:
        provenance=RESULTS + "/provenance.json",
    log:
        RESULTS + "/logs/report/write_provenance.log",
    benchmark:
        RESULTS + "/benchmarks/report/write_provenance.tsv"
    threads: 1
    params:
        program=run_program("write_provenance"),
        code=code_of("write_provenance"),
        config=json.dumps(STUDY.config, ensure_ascii=False),
        reference=REFERENCE,
        digest=digest_file(find_reference(REFERENCE)),
    shell:
        "{params.program} --config {params.config:q} --samples {input.samples:q}"
        " --reference {params.reference:q} --provenance {output.provenance:q} 2> {log:q}"


rule write_report:
    """Write the study page with its figures."""
    input:
        STUDY_TABLES,
        samples=STUDY.config["samples"],
        provenance=RESULTS + "/provenance.json",
    output:
        page=report(
            RESULTS + "/report/index.html",
            caption="../report/study.rst",
            category="Study",
        ),
        figures=report(
            directory(RESULTS + "/report/figures"),
            patterns=["{name}.svg"],
            caption="../report/figure.rst",
            category="Figures",
        ),
    log:
        RESULTS + "/logs/report/write_report.log",
    benchmark:
        RESULTS + "/benchmarks/report/write_report.tsv"
    threads: 1
    resources:
        mem_mb=lambda wildcards, input, attempt: attempt
        * max(1000, int(10 * input.size_mb)),
    params:
        program=run_program("write_report"),
        code=code_of("write_report"),
        results=RESULTS,
        truth=["--truth", RESULTS + "/demo"] if TRUTH_TABLES else [],
    shell:
        "{params.program} --results {params.results:q} --samples {input.samples:q}"
        " --provenance {input.provenance:q} {params.truth:q} --page {output.page:q}"
        " --figures {output.figures:q} 2> {log:q}"


rule write_sample_reports:
    """Write the page of every sample, each set against the others."""
    input:
        REPORTED_TABLES,
        samples=STUDY.config["samples"],
        provenance=RESULTS + "/provenance.json",
    output:
        expand(RESULTS + "/report/samples/{key}.html", key=KEYS),
        expand(RESULTS + "/report/samples/{key}.taxa.tsv", key=KEYS),
    log:
        RESULTS + "/logs/report/write_sample_reports.log",
    benchmark:
        RESULTS + "/benchmarks/report/write_sample_reports.tsv"
    threads: 1
    resources:
        mem_mb=lambda wildcards, input, attempt: attempt
        * max(1000, int(10 * input.size_mb)),
    params:
        program=run_program("write_sample_reports"),
        code=code_of("write_sample_reports"),
        results=RESULTS,
        folder=RESULTS + "/report/samples",
    shell:
        "{params.program} --results {params.results:q} --samples {input.samples:q}"
        " --provenance {input.provenance:q} --folder {params.folder:q} 2> {log:q}"


rule write_results_readme:
    """Describe every table of the results: columns and units."""
    input:
        STUDY_TABLES,
        rules.write_report.output.page,
        rules.write_sample_reports.output,
        samples=STUDY.config["samples"],
        provenance=RESULTS + "/provenance.json",
    output:
        readme=RESULTS + "/README.md",
    log:
        RESULTS + "/logs/report/write_results_readme.log",
    benchmark:
        RESULTS + "/benchmarks/report/write_results_readme.tsv"
    threads: 1
    params:
        program=run_program("write_results_readme"),
        code=code_of("write_results_readme"),
        results=RESULTS,
    shell:
        "{params.program} --results {params.results:q} --samples {input.samples:q}"
        " --readme {output.readme:q} 2> {log:q}"
