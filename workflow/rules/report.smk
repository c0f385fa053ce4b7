# Report: what people read. One page for the study, one for each sample, and what made them.
#
# Inputs:
#     what the stages put on SAMPLE_PAGE_TABLES, STUDY_PAGE_TABLES and LISTED_FILES
#     the sample sheet, the config, the read files
# Outputs:
#     <results>/provenance.json
#     <results>/report/index.html
#     <results>/report/figures
#     <results>/report/samples
#     <results>/README.md
#     <results>/checksums.sha256

import json

STUDY_PAGE_TABLES += SAMPLE_PAGE_TABLES
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
        references=OWN_REFERENCES[REFERENCE],
    output:
        provenance="<results>/provenance.json",
    params:
        config=lambda wildcards: json.dumps(STUDY.config, ensure_ascii=False),
        references=[f"--reference={name}" for name in DATABASES.values()],
        digest=[digest_reference(name) for name in DATABASES.values()],
    shell:
        "{params.program} --config {params.config:q} --samples {input.samples:q} "
        "{params.references:q} --provenance {output.provenance:q} 2> {log:q}"


rule write_report:
    """Write the study page with its figures."""
    input:
        tables=STUDY_PAGE_TABLES,
        others=LISTED_FILES,
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
    resources:
        **ask("write_report", lambda wildcards, input: input.tables),
    params:
        truth=["--with-truth"] if STUDY.config["truth"] else [],
    shell:
        "{params.program} --samples {input.samples:q} "
        "--provenance {input.provenance:q} {params.truth:q} --page {output.page:q} "
        "--figures {output.figures:q} 2> {log:q}"


rule write_sample_reports:
    """Write the page of every sample, each set against the others."""
    input:
        tables=SAMPLE_PAGE_TABLES,
        samples=STUDY.config["samples"],
        provenance="<results>/provenance.json",
    output:
        folder=directory("<results>/report/samples"),
    resources:
        **ask("write_sample_reports", lambda wildcards, input: input.tables),
    shell:
        "{params.program} --samples {input.samples:q} "
        "--provenance {input.provenance:q} --folder {output.folder:q} 2> {log:q}"


rule write_results_readme:
    """Describe every table of the results: columns and units."""
    input:
        tables=STUDY_PAGE_TABLES,
        others=LISTED_FILES,
        pages=PAGES,
        provenance="<results>/provenance.json",
    output:
        readme="<results>/README.md",
    resources:
        **ask("write_results_readme", lambda wildcards, input: input.tables),
    shell:
        "{params.program} --provenance {input.provenance:q} --readme {output.readme:q} 2> {log:q}"


rule write_checksums:
    """Write the checksums of all results, last of all."""
    input:
        tables=STUDY_PAGE_TABLES,
        others=LISTED_FILES,
        pages=PAGES,
        provenance="<results>/provenance.json",
        readme="<results>/README.md",
    output:
        checksums="<results>/checksums.sha256",
    shell:
        "{params.program} --readme {input.readme:q} --checksums {output.checksums:q} 2> {log:q}"
