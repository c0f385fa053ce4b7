# Controls: contaminants, mock communities, replicates, batches, and a verdict for each run.

from vagus.controls.mocks import list_mocks
from vagus.files import digest_file

REMOVAL = STUDY.config["controls"]["remove_contaminants"]
CONTROL_METRICS = [
    metric
    for metric in STUDY.config["diversity"]["metrics"]
    if metric in ("braycurtis", "aitchison")
] or STUDY.config["diversity"]["metrics"][:1]
MOCK_FOLDER = STUDY.config["controls"]["mock_folder"]
OWN_MOCKS = [str(path) for path in list_mocks(Path(MOCK_FOLDER))] if MOCK_FOLDER else []


rule find_contaminants:
    """Find ASVs that are contaminants, and remove them when asked."""
    input:
        samples=STUDY.config["samples"],
        table=UNCLEANED_TABLE,
        asvs=UNCLEANED_ASVS,
        taxonomy="<results>/taxonomy/taxonomy.tsv",
    output:
        **{
            key: path
            for key, path in {
                "kept_table": "<results>/taxonomy/asv_table.tsv",
                "kept_asvs": "<results>/taxonomy/asvs.fasta",
            }.items()
            if REMOVAL
        },
        contaminants="<results>/controls/contaminants.tsv",
        ledger="<results>/controls/ledger.tsv",
        explanation="<results>/controls/contaminants.txt",
    log:
        "<results>/logs/controls/find_contaminants.log",
    benchmark:
        "<results>/benchmarks/controls/find_contaminants.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("find_contaminants"),
        runtime=time_of("find_contaminants"),
    params:
        program=run_program("find_contaminants"),
        code=code_of("find_contaminants"),
        settings=settings_of(
            "contaminants.contaminant_threshold", "contaminants.concentration"
        ),
        removal=name_removal,
    shell:
        "{params.program} --samples {input.samples:q} --asv-table {input.table:q}"
        " --asvs {input.asvs:q} --taxonomy {input.taxonomy:q} {params.settings:q}"
        " --contaminants {output.contaminants:q}"
        " --ledger {output.ledger:q} --explanation {output.explanation:q} {params.removal:q}"
        " 2> {log:q}"


rule assess_controls:
    """Score mock communities, measure repeatability, check batches, judge each run."""
    input:
        beta=expand("<results>/diversity/beta_{metric}.tsv", metric=CONTROL_METRICS),
        mocks=OWN_MOCKS,
        samples=STUDY.config["samples"],
        table=UNCLEANED_TABLE,
        taxonomy="<results>/taxonomy/taxonomy.tsv",
        contaminants="<results>/controls/contaminants.tsv",
        ledger="<results>/controls/ledger.tsv",
        alpha="<results>/diversity/alpha.tsv",
    output:
        tables=CONTROL_TABLES,
    log:
        "<results>/logs/controls/assess_controls.log",
    benchmark:
        "<results>/benchmarks/controls/assess_controls.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("assess_controls"),
        runtime=time_of("assess_controls"),
    params:
        program=run_program("assess_controls"),
        code=code_of("assess_controls"),
        beta=lambda wildcards, input: name_files("--beta", CONTROL_METRICS, input.beta),
        own_mocks=lambda wildcards, input: [f"--mock={path}" for path in input.mocks],
        settings=settings_of(
            "controls.replicate",
            "controls.batch",
            "design.group",
            "design.subject",
            "design.permutations",
            "general.seed",
        ),
        mocks=[digest_file(path) for path in sorted((RESOURCES / "mocks").glob("*"))],
        tables=lambda wildcards, output: name_files(
            "--table", CONTROL_NAMES, output.tables
        ),
    shell:
        "{params.program} --samples {input.samples:q} --asv-table {input.table:q}"
        " --taxonomy {input.taxonomy:q} --contaminants {input.contaminants:q}"
        " --ledger {input.ledger:q} --alpha {input.alpha:q} {params.beta:q} {params.own_mocks:q}"
        " {params.settings:q}"
        " {params.tables:q} 2> {log:q}"
