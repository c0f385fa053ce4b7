# Controls: contaminants, mock communities, replicates, batches, and a verdict for each run.
#
# Inputs:
#     <results>/denoise/asv_table.tsv
#     <results>/selection/asv_table.tsv
#     <results>/taxonomy/taxonomy.tsv
#     <results>/diversity/alpha.tsv
#     <results>/diversity/beta_{metric}.tsv
#     the sample sheet, what mock communities consist of
# Outputs:
#     <results>/controls/contaminants.tsv
#     <results>/controls/contaminants.txt
#     <results>/controls/ledger.tsv
#     <results>/controls/mocks.tsv
#     <results>/controls/mock_taxa.tsv
#     <results>/controls/replicates.tsv
#     <results>/controls/repeatability.tsv
#     <results>/controls/batches.tsv
#     <results>/controls/checks.tsv
#     <results>/controls/verdict.tsv

from vagus.controls.mocks import list_mocks

CONTROL_NAMES = [
    "mocks",
    "mock_taxa",
    "replicates",
    "repeatability",
    "batches",
    "checks",
    "verdict",
]
CONTROL_METRICS = [
    metric
    for metric in STUDY.config["diversity"]["metrics"]
    if metric in ("braycurtis", "aitchison")
] or STUDY.config["diversity"]["metrics"][:1]
MOCK_FOLDER = STUDY.config["controls"]["mock_folder"]
OWN_MOCKS = [str(path) for path in list_mocks(Path(MOCK_FOLDER))] if MOCK_FOLDER else []
SAMPLE_PAGE_TABLES += expand(
    "<results>/controls/{name}.tsv", name=["contaminants", "ledger", *CONTROL_NAMES]
)
LISTED_FILES += ["<results>/controls/contaminants.txt"]


rule find_contaminants:
    """Find ASVs that are contaminants, before any is removed."""
    input:
        samples=STUDY.config["samples"],
        table="<results>/denoise/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
    output:
        contaminants="<results>/controls/contaminants.tsv",
        ledger="<results>/controls/ledger.tsv",
        explanation="<results>/controls/contaminants.txt",
    params:
        settings=settings_of(
            "contaminants.contaminant_threshold", "contaminants.concentration"
        ),
    shell:
        "{params.program} --samples {input.samples:q} --asv-table {input.table:q} "
        "--taxonomy {input.taxonomy:q} {params.settings:q} "
        "--contaminants {output.contaminants:q} --ledger {output.ledger:q} "
        "--explanation {output.explanation:q} 2> {log:q}"


rule assess_controls:
    """Score mock communities, measure repeatability, check batches, judge each run."""
    input:
        beta=expand("<results>/diversity/beta_{metric}.tsv", metric=CONTROL_METRICS),
        mocks=OWN_MOCKS,
        samples=STUDY.config["samples"],
        table="<results>/selection/asv_table.tsv",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
        contaminants="<results>/controls/contaminants.tsv",
        ledger="<results>/controls/ledger.tsv",
        alpha="<results>/diversity/alpha.tsv",
    output:
        table=expand("<results>/controls/{name}.tsv", name=CONTROL_NAMES),
    params:
        settings=settings_of(
            "controls.replicate",
            "controls.batch",
            "design.group",
            "design.subject",
            "design.permutations",
            "general.seed",
        ),
        beta=label_input("beta", CONTROL_METRICS),
        own_mocks=lambda wildcards, input: [f"--mock={path}" for path in input.mocks],
        table=label_output("table", CONTROL_NAMES),
    shell:
        "{params.program} --samples {input.samples:q} --asv-table {input.table:q} "
        "--taxonomy {input.taxonomy:q} --contaminants {input.contaminants:q} "
        "--ledger {input.ledger:q} --alpha {input.alpha:q} {params.beta:q} {params.own_mocks:q} "
        "{params.settings:q} {params.table:q} 2> {log:q}"
