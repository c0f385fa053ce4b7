# Taxonomy: further references that name the same ASVs, and the consensus of all.
#
# Inputs:
#     <results>/denoise/asvs.fasta
#     <results>/taxonomy/databases/{database}/{file}       names by the first reference
#     the references
# Outputs:
#     <results>/taxonomy/databases/{database}/reference.json
#     <results>/taxonomy/databases/{database}/taxonomy.tsv
#     <results>/taxonomy/databases/{database}/hits.tsv
#     <results>/taxonomy/taxonomy.tsv
#     <results>/taxonomy/hits.tsv

import re

PLACE = "<results>/taxonomy/databases/{database}"
LISTED_FILES += [
    FIRST_TAXONOMY,
    FIRST_HITS,
    *expand(
        f"{PLACE}/{{name}}",
        database=MORE_DATABASES,
        name=["reference.json", "taxonomy.tsv", "hits.tsv"],
    ),
]


wildcard_constraints:
    database="|".join(map(re.escape, MORE_DATABASES)),


use rule index_reference as index_database with:
    input:
        own=lambda wildcards: OWN_REFERENCES[DATABASES[wildcards.database]],
    output:
        record=f"{PLACE}/reference.json",
    resources:
        **ask(
            "index_database",
            lambda wildcards, input: [find_reference(DATABASES[wildcards.database])],
        ),
    params:
        reference=lambda wildcards, input: input.own or DATABASES[wildcards.database],
        digest=lambda wildcards: digest_reference(DATABASES[wildcards.database]),


use rule classify_asvs as classify_with_database with:
    input:
        asvs="<results>/denoise/asvs.fasta",
        record=f"{PLACE}/reference.json",
        own=lambda wildcards: OWN_REFERENCES[DATABASES[wildcards.database]],
    output:
        taxonomy=f"{PLACE}/taxonomy.tsv",
        hits=f"{PLACE}/hits.tsv",
    params:
        reference=lambda wildcards, input: input.own or DATABASES[wildcards.database],


rule join_databases:
    """Join the names of all databases, the first of highest priority."""
    input:
        first=FIRST_TAXONOMY,
        more=expand(f"{PLACE}/taxonomy.tsv", database=MORE_DATABASES),
        hits=expand(f"{PLACE}/hits.tsv", database=DATABASES),
    output:
        taxonomy="<results>/taxonomy/taxonomy.tsv",
        hits="<results>/taxonomy/hits.tsv",
    params:
        databases=lambda wildcards, input: [
            part
            for triple in zip(DATABASES, [input.first, *input.more], input.hits)
            for part in ("--database", *triple)
        ],
    shell:
        "{params.program} {params.databases:q} --taxonomy {output.taxonomy:q} "
        "--hits {output.hits:q} 2> {log:q}"
