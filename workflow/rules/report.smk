# Report: what people read. One page for the study, one for each sample, and what made them.

import json

TRUTH_TABLES = (
    expand(
        "<results>/demo/truth_{part}.tsv",
        part=["by_depth", "by_sample", "false", "taxonomy"],
    )
    if STUDY.config["truth"]
    else []
)
RESCUED_TABLE = ["<results>/denoise/rescued.tsv"] if RESCUE else []
REPORTED_TABLES = [
    "<results>/denoise/ledger.tsv",
    "<results>/denoise/asv_table.tsv",
    "<results>/taxonomy/asv_table.tsv",
    "<results>/reads/qc.tsv",
    "<results>/taxonomy/taxonomy.tsv",
    *expand(
        "<results>/taxonomy/composition_{rank}.tsv",
        rank=COMPOSITION_RANKS,
    ),
    "<results>/diversity/alpha.tsv",
    "<results>/diversity/excluded.tsv",
    "<results>/controls/contaminants.tsv",
    "<results>/controls/ledger.tsv",
    *CONTROL_TABLES,
    *GUT_BRAIN_TABLES,
]
STUDY_TABLES = [
    *REPORTED_TABLES,
    "<results>/denoise/asvs.tsv",
    "<results>/denoise/asv_table.biom",
    "<results>/denoise/chimeras.tsv",
    *expand("<results>/denoise/runs/{run}/engines.tsv", run=RUNS),
    *expand("<results>/denoise/runs/{run}/error_model.tsv", run=RUNS),
    *expand("<results>/denoise/runs/{run}/phase_error_model.tsv", run=RUNS),
    "<results>/reads/length_histogram.tsv",
    "<results>/reads/expected_errors_histogram.tsv",
    "<results>/reads/quality_profile.tsv",
    "<results>/taxonomy/hits.tsv",
    "<results>/taxonomy/set_apart.tsv",
    *STRAIN_TABLES,
    *COPY_TABLES,
    "<results>/phylogeny/tree.nwk",
    "<results>/diversity/alpha_unrarefied.tsv",
    "<results>/diversity/rarefaction.tsv",
    "<results>/diversity/rarefaction_choices.tsv",
    *list_level_files("alpha.tsv", "hill.tsv", "hill_curves.tsv"),
    *expand("<results>/diversity/{name}.tsv", name=["hill", "hill_curves"]),
    *list_metric_files("ordination", "biplot", "nmds"),
    "<results>/diversity/ordination_explained.tsv",
    "<results>/diversity/nmds_stress.tsv",
    *RESCUED_TABLE,
    *COHORT_TABLES,
    *TRUTH_TABLES,
]


rule write_provenance:
    """Write versions, config and checksums of inputs and references."""
    input:
        samples=STUDY.config["samples"],
        reads=lambda wildcards: [
            path for sample in STUDY.samples for path in sample.reads
        ],
        references=REFERENCE_FILES,
    output:
        provenance="<results>/provenance.json",
    log:
        "<results>/logs/report/write_provenance.log",
    benchmark:
        "<results>/benchmarks/report/write_provenance.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("write_provenance"),
        runtime=time_of("write_provenance"),
    params:
        program=run_program("write_provenance"),
        code=code_of("write_provenance"),
        config=lambda wildcards: json.dumps(STUDY.config, ensure_ascii=False),
        references=[f"--reference={name}" for name in DATABASES.values()],
        digest=[digest_reference(name) for name in DATABASES.values()],
    shell:
        "{params.program} --config {params.config:q} --samples {input.samples:q}"
        " {params.references:q} --provenance {output.provenance:q} 2> {log:q}"


rule write_report:
    """Write the study page with its figures."""
    input:
        STUDY_TABLES,
        EXPORTED_FILES,
        samples=STUDY.config["samples"],
        provenance="<results>/provenance.json",
    output:
        page=report(
            "<results>/report/index.html",
            caption="../report/study.rst",
            category="Study",
        ),
        figures=report(
            directory("<results>/report/figures"),
            patterns=["{name}.svg"],
            caption="../report/figure.rst",
            category="Figures",
        ),
    log:
        "<results>/logs/report/write_report.log",
    benchmark:
        "<results>/benchmarks/report/write_report.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("write_report"),
        runtime=time_of("write_report"),
    params:
        program=run_program("write_report"),
        code=code_of("write_report"),
        results=lambda wildcards: RESULTS,
        truth=lambda wildcards: (["--truth", f"{RESULTS}/demo"] if TRUTH_TABLES else []),
    shell:
        "{params.program} --results {params.results:q} --samples {input.samples:q}"
        " --provenance {input.provenance:q} {params.truth:q} --page {output.page:q}"
        " --figures {output.figures:q} 2> {log:q}"


rule write_sample_reports:
    """Write the page of every sample, each set against the others."""
    input:
        REPORTED_TABLES,
        samples=STUDY.config["samples"],
        provenance="<results>/provenance.json",
    output:
        expand("<results>/report/samples/{key}.html", key=KEYS),
        expand("<results>/report/samples/{key}.taxa.tsv", key=KEYS),
    log:
        "<results>/logs/report/write_sample_reports.log",
    benchmark:
        "<results>/benchmarks/report/write_sample_reports.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("write_sample_reports"),
        runtime=time_of("write_sample_reports"),
    params:
        program=run_program("write_sample_reports"),
        code=code_of("write_sample_reports"),
        results=lambda wildcards: RESULTS,
        folder=lambda wildcards: f"{RESULTS}/report/samples",
    shell:
        "{params.program} --results {params.results:q} --samples {input.samples:q}"
        " --provenance {input.provenance:q} --folder {params.folder:q} 2> {log:q}"


rule write_results_readme:
    """Describe every table of the results: columns and units."""
    input:
        STUDY_TABLES,
        rules.write_report.output.page,
        rules.write_sample_reports.output,
        EXPORTED_FILES,
        samples=STUDY.config["samples"],
        provenance="<results>/provenance.json",
    output:
        readme="<results>/README.md",
    log:
        "<results>/logs/report/write_results_readme.log",
    benchmark:
        "<results>/benchmarks/report/write_results_readme.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("write_results_readme"),
        runtime=time_of("write_results_readme"),
    params:
        program=run_program("write_results_readme"),
        code=code_of("write_results_readme"),
        results=lambda wildcards: RESULTS,
    shell:
        "{params.program} --results {params.results:q} --samples {input.samples:q}"
        " --readme {output.readme:q} 2> {log:q}"


rule write_checksums:
    """Write the checksums of all results, last of all."""
    input:
        rules.write_results_readme.output.readme,
    output:
        "<results>/checksums.sha256",
    log:
        "<results>/logs/report/write_checksums.log",
    benchmark:
        "<results>/benchmarks/report/write_checksums.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("write_checksums"),
        runtime=time_of("write_checksums"),
    params:
        program=run_program("write_checksums"),
        code=code_of("write_checksums"),
        results=lambda wildcards: RESULTS,
    shell:
        "{params.program} --results {params.results:q} --checksums {output:q} 2> {log:q}"
