# From ASVs to lineages, and counts of each name at each rank.

from vagus.reference.catalogue import (
    digest_reference,
    find_reference,
    name_databases,
)

REFERENCE = STUDY.config["taxonomy"]["reference"]
try:
    REFERENCE_FASTA = find_reference(REFERENCE)
    DATABASES = name_databases(
        [REFERENCE, *STUDY.config["taxonomy"]["more_references"]]
    )
except VagusError as error:
    sys.exit(f"error: {error}")
# A file of the user is an input. The place of a shipped or installed one must not matter: its
# digest is a parameter instead.
REFERENCE_FILES = [REFERENCE] if REFERENCE_FASTA == Path(REFERENCE) else []
REFERENCE_DIGEST = "" if REFERENCE_FILES else digest_reference(REFERENCE)
FIRST_DATABASE, *MORE_DATABASES = DATABASES
FIRST_PLACE = f"databases/{FIRST_DATABASE}/" if MORE_DATABASES else ""
FIRST_TAXONOMY = f"<results>/taxonomy/{FIRST_PLACE}taxonomy.tsv"
FIRST_HITS = f"<results>/taxonomy/{FIRST_PLACE}hits.tsv"
COMPOSITION_RANKS = ["phylum", "class", "order", "family", "genus", "species"]


rule index_reference:
    """Index the reference for all studies, unless that was done; record what it is."""
    input:
        own=REFERENCE_FILES,
    output:
        record="<results>/taxonomy/reference.json",
    log:
        "<results>/logs/taxonomy/index_reference.log",
    benchmark:
        "<results>/benchmarks/taxonomy/index_reference.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("index_reference", lambda wildcards, input: [REFERENCE_FASTA]),
        runtime=time_of("index_reference", lambda wildcards, input: [REFERENCE_FASTA]),
    params:
        program=run_program("index_reference"),
        code=code_of("index_reference"),
        reference=lambda wildcards, input: input.own or REFERENCE,
        digest=REFERENCE_DIGEST,
    shell:
        "{params.program} --reference {params.reference:q} --record {output.record:q} 2> {log:q}"


rule classify_asvs:
    """Name ASVs by naive Bayes and by alignment, with confidence and ties."""
    input:
        asvs="<results>/denoise/asvs.fasta",
        record="<results>/taxonomy/reference.json",
        files=REFERENCE_FILES,
    output:
        taxonomy=FIRST_TAXONOMY,
        hits=FIRST_HITS,
    log:
        "<results>/logs/taxonomy/classify_asvs.log",
    benchmark:
        "<results>/benchmarks/taxonomy/classify_asvs.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 8
    resources:
        mem_mb=memory_of("classify_asvs"),
        runtime=time_of("classify_asvs"),
    params:
        program=run_program("classify_asvs"),
        code=code_of("classify_asvs"),
        reference=lambda wildcards, input: input.files or REFERENCE,
        settings=settings_of("search", "thresholds", "general.seed"),
        known=name_known_calls,
    shell:
        "{params.program} --asvs {input.asvs:q} --reference {params.reference:q} --record {input.record:q} "
        "{params.settings:q} --threads {threads} "
        "--known {params.known:q} "
        "--taxonomy {output.taxonomy:q} --hits {output.hits:q} 2> {log:q}"


if MORE_DATABASES:

    include: "databases.smk"


rule summarise_composition:
    """Sum ASV counts by name at each rank; without contaminants when these are removed."""
    input:
        table=(
            "<results>/taxonomy/asv_table.tsv"
            if STUDY.config["controls"]["remove_contaminants"]
            else "<results>/denoise/asv_table.tsv"
        ),
        taxonomy="<results>/taxonomy/taxonomy.tsv",
    output:
        tables=expand(
            "<results>/taxonomy/composition_{rank}.tsv", rank=COMPOSITION_RANKS
        ),
    log:
        "<results>/logs/taxonomy/summarise_composition.log",
    benchmark:
        "<results>/benchmarks/taxonomy/summarise_composition.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("summarise_composition"),
        runtime=time_of("summarise_composition"),
    params:
        program=run_program("summarise_composition"),
        code=code_of("summarise_composition"),
        tables=lambda wildcards, output: name_files(
            "--composition", COMPOSITION_RANKS, output.tables
        ),
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q} "
        "{params.tables:q} 2> {log:q}"


rule select_asvs:
    """Set organelles and what is no 16S gene apart; later stages go on with the others."""
    input:
        table="<results>/denoise/asv_table.tsv",
        asvs="<results>/denoise/asvs.fasta",
        taxonomy="<results>/taxonomy/taxonomy.tsv",
    output:
        table=UNCLEANED_TABLE,
        asvs=UNCLEANED_ASVS,
        set_apart="<results>/taxonomy/set_apart.tsv",
    log:
        "<results>/logs/taxonomy/select_asvs.log",
    benchmark:
        "<results>/benchmarks/taxonomy/select_asvs.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("select_asvs"),
        runtime=time_of("select_asvs"),
    params:
        program=run_program("select_asvs"),
        code=code_of("select_asvs"),
    shell:
        "{params.program} --asv-table {input.table:q} --asvs {input.asvs:q} "
        "--taxonomy {input.taxonomy:q} --selected-table {output.table:q} "
        "--selected-asvs {output.asvs:q} --set-apart {output.set_apart:q} 2> {log:q}"
