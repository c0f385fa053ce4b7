# Identity: is each sample of the subject that the sheet names?
#
# Inputs:
#     <results>/selection/asv_table.tsv
#     the sample sheet
# Outputs, if a subject has several samples:
#     <results>/identity/samples.tsv
#     <results>/identity/findings.tsv

from vagus.study.options import has_repeated_subjects

if STUDY.config["identity"]["enabled"] and has_repeated_subjects(STUDY):
    STUDY_PAGE_TABLES += expand(
        "<results>/identity/{name}.tsv", name=["samples", "findings"]
    )


rule check_identity:
    """Check whether samples are of their subjects, by exact ASVs."""
    input:
        table="<results>/selection/asv_table.tsv",
        samples=STUDY.config["samples"],
    output:
        samples="<results>/identity/samples.tsv",
        findings="<results>/identity/findings.tsv",
    params:
        settings=settings_of("design.subject", "identity"),
    shell:
        "{params.program} --asv-table {input.table:q} --samples {input.samples:q} "
        "{params.settings:q} --identities {output.samples:q} --findings {output.findings:q} "
        "2> {log:q}"
