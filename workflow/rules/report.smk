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
    *list_of_metrics("ordination"),
    *list_of_metrics("biplot"),
    *list_of_metrics("nmds"),
    "<results>/diversity/ordination_explained.tsv",
    "<results>/diversity/nmds_stress.tsv",
    *RESCUED_TABLE,
    *COHORT_TABLES,
    *TRUTH_TABLES,
]


SAMPLE_FILES = [
    "reads/samples/{key}/uniques.npz",
    "reads/samples/{key}/qc.json",
    *(["reads/samples/{key}/filtered.fastq.gz"] if FILTERED else []),
    *(
        f"denoise/{place}/{{key}}/variants.tsv"
        for place in dict.fromkeys((ALONE, "samples"))
    ),
    *(
        f"denoise/{place}/{{key}}/losses.json"
        for place in dict.fromkeys((ALONE, "samples"))
    ),
    *(["denoise/samples/{key}/rescued.tsv"] if RESCUE else []),
]
RUN_FILES = [
    "denoise/runs/{run}/error_model.json",
    "denoise/runs/{run}/partitions.npz",
    "denoise/runs/{run}/phase_error_model.json",
]
POOL_FILES = [
    "denoise/pools/{run}/plan.json",
    "denoise/pools/{run}/groups.npz",
    "denoise/pools/{run}/births.tsv",
    "denoise/pools/{run}/shares.npz",
    "denoise/pools/{run}/phase_plan.json",
    "denoise/pools/{run}/phase_shards.npz",
    "denoise/pools/{run}/phase_variants.tsv",
    "denoise/pools/{run}/phase_shares.npz",
]
DATABASE_FILES = ["reference.json", "taxonomy.tsv", "hits.tsv"]
# what the pages list, and whose checksums are written, beside the tables that are shown
OTHER_FILES = [
    *expand("<results>/{name}", name=expand(SAMPLE_FILES, key=KEYS)),
    *expand("<results>/{name}", name=expand(RUN_FILES, run=RUNS)),
    *(
        expand("<results>/{name}", name=expand(POOL_FILES, run=RUNS))
        if POOLING == "pooled"
        else []
    ),
    *(["<results>/denoise/priors.fasta"] if POOLING == "pseudo" else []),
    "<results>/reads/ledger.tsv",
    "<results>/denoise/asvs.fasta",
    "<results>/taxonomy/reference.json",
    "<results>/taxonomy/asvs.fasta",
    UNCLEANED_TABLE,
    UNCLEANED_ASVS,
    *([FIRST_TAXONOMY, FIRST_HITS] if MORE_DATABASES else []),
    *expand(
        "<results>/taxonomy/databases/{database}/{name}",
        database=MORE_DATABASES,
        name=DATABASE_FILES,
    ),
    *(
        expand(
            "<results>/taxonomy/copy_{name}.tsv",
            name=["corrected_asv_table", "number_coverage"],
        )
        if COPY_TABLES
        else []
    ),
    "<results>/controls/contaminants.txt",
    "<results>/phylogeny/alignment.fasta.gz",
    "<results>/diversity/rarefaction_plan.json",
    *list_level_files(
        "table.tsv",
        "alpha_unrarefied.tsv",
        "ordination_explained.tsv",
        "nmds_stress.tsv",
    ),
    *list_of_metrics("beta"),
    *EXPORTED_FILES,
]
PAGES = [
    "<results>/report/index.html",
    "<results>/report/figures",
    "<results>/report/samples",
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
        tables=STUDY_TABLES,
        others=OTHER_FILES,
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
        mem_mb=memory_of("write_report", lambda wildcards, input: input.tables),
        runtime=time_of("write_report", lambda wildcards, input: input.tables),
    params:
        program=run_program("write_report"),
        code=code_of("write_report"),
        truth=["--with-truth"] if TRUTH_TABLES else [],
    shell:
        "{params.program} --samples {input.samples:q}"
        " --provenance {input.provenance:q} {params.truth:q} --page {output.page:q}"
        " --figures {output.figures:q} 2> {log:q}"


rule write_sample_reports:
    """Write the page of every sample, each set against the others."""
    input:
        tables=REPORTED_TABLES,
        samples=STUDY.config["samples"],
        provenance="<results>/provenance.json",
    output:
        folder=directory("<results>/report/samples"),
    log:
        "<results>/logs/report/write_sample_reports.log",
    benchmark:
        "<results>/benchmarks/report/write_sample_reports.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("write_sample_reports", lambda wildcards, input: input.tables),
        runtime=time_of("write_sample_reports", lambda wildcards, input: input.tables),
    params:
        program=run_program("write_sample_reports"),
        code=code_of("write_sample_reports"),
    shell:
        "{params.program} --samples {input.samples:q}"
        " --provenance {input.provenance:q} --folder {output.folder:q} 2> {log:q}"


rule write_results_readme:
    """Describe every table of the results: columns and units."""
    input:
        tables=STUDY_TABLES,
        others=OTHER_FILES,
        pages=PAGES,
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
        mem_mb=memory_of("write_results_readme", lambda wildcards, input: input.tables),
        runtime=time_of("write_results_readme", lambda wildcards, input: input.tables),
    params:
        program=run_program("write_results_readme"),
        code=code_of("write_results_readme"),
    shell:
        "{params.program} --provenance {input.provenance:q} --readme {output.readme:q} 2> {log:q}"


rule write_checksums:
    """Write the checksums of all results, last of all."""
    input:
        tables=STUDY_TABLES,
        others=OTHER_FILES,
        pages=PAGES,
        provenance="<results>/provenance.json",
        readme="<results>/README.md",
    output:
        checksums="<results>/checksums.sha256",
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
    shell:
        "{params.program} --readme {input.readme:q} --checksums {output.checksums:q} 2> {log:q}"
