# Further references that name the same ASVs, and the consensus of all.

import re

from vagus.files import digest_file

# files of the user are inputs; installed references are told apart by their digests
FILES_OF_DATABASES = {
    name: [reference] if find_reference(reference) == Path(reference) else []
    for name, reference in DATABASES.items()
}


wildcard_constraints:
    database="|".join(map(re.escape, MORE_DATABASES)),


use rule index_reference as index_database with:
    input:
        own=lambda wildcards: FILES_OF_DATABASES[wildcards.database],
    output:
        record="<results>/taxonomy/databases/{database}/reference.json",
    log:
        "<results>/logs/taxonomy/index_database.{database}.log",
    benchmark:
        "<results>/benchmarks/taxonomy/index_database.{database}.tsv"
    resources:
        mem_mb=memory_of(
            "index_database",
            lambda wildcards, input: [find_reference(DATABASES[wildcards.database])],
        ),
        runtime=time_of(
            "index_database",
            lambda wildcards, input: [find_reference(DATABASES[wildcards.database])],
        ),
    params:
        program=run_program("index_reference"),
        code=code_of("index_reference"),
        reference=lambda wildcards, input: (input.own or DATABASES[wildcards.database]),
        digest=lambda wildcards: digest_reference(DATABASES[wildcards.database]),


use rule classify_asvs as classify_with_database with:
    input:
        asvs="<results>/denoise/asvs.fasta",
        record="<results>/taxonomy/databases/{database}/reference.json",
        files=lambda wildcards: FILES_OF_DATABASES[wildcards.database],
    output:
        taxonomy="<results>/taxonomy/databases/{database}/taxonomy.tsv",
        hits="<results>/taxonomy/databases/{database}/hits.tsv",
    log:
        "<results>/logs/taxonomy/classify_with_database.{database}.log",
    benchmark:
        "<results>/benchmarks/taxonomy/classify_with_database.{database}.tsv"
    resources:
        mem_mb=memory_of("classify_with_database"),
        runtime=time_of("classify_with_database"),
    params:
        program=run_program("classify_asvs"),
        code=code_of("classify_asvs"),
        reference=lambda wildcards, input: input.files or DATABASES[wildcards.database],
        settings=settings_of("search", "thresholds", "general.seed"),
        known=name_known_calls,


rule join_databases:
    """Join the names of all databases, the first of highest priority."""
    input:
        first=FIRST_TAXONOMY,
        more=expand(
            "<results>/taxonomy/databases/{database}/taxonomy.tsv",
            database=MORE_DATABASES,
        ),
        hits=expand(
            "<results>/taxonomy/databases/{database}/hits.tsv", database=DATABASES
        ),
    output:
        taxonomy="<results>/taxonomy/taxonomy.tsv",
        hits="<results>/taxonomy/hits.tsv",
    log:
        "<results>/logs/taxonomy/join_databases.log",
    benchmark:
        "<results>/benchmarks/taxonomy/join_databases.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("join_databases"),
        runtime=time_of("join_databases"),
    params:
        program=run_program("join_databases"),
        code=code_of("join_databases"),
        synonyms=digest_file(RESOURCES / "taxon_synonyms.tsv"),
        databases=lambda wildcards, input: [
            part
            for triple in zip(DATABASES, [input.first, *input.more], input.hits)
            for part in ("--database", *triple)
        ],
    shell:
        "{params.program} {params.databases:q} --taxonomy {output.taxonomy:q} "
        "--hits {output.hits:q} 2> {log:q}"
