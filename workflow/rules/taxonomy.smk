# Taxonomy: from ASVs to lineages. Further references are in taxonomy/databases.smk, optional views
# in taxonomy/strains.smk.
#
# Inputs:
#     <results>/denoise/asvs.fasta
#     the reference
# Outputs:
#     <results>/taxonomy/reference.json
#     <results>/taxonomy/taxonomy.tsv                      below databases/ with several references
#     <results>/taxonomy/hits.tsv
#     <results>/taxonomy/databases/{database}/{file}

from vagus.reference.catalogue import (
    digest_reference,
    find_reference,
    name_databases,
)

REFERENCE = STUDY.config["taxonomy"]["reference"]
try:
    DATABASES = name_databases(
        [REFERENCE, *STUDY.config["taxonomy"]["more_references"]]
    )
except VagusError as error:
    sys.exit(f"error: {error}")
# A file of the user is an input. The place of a shipped or installed one must not matter: its
# digest is a parameter instead.
OWN_REFERENCES = {
    reference: [reference] if find_reference(reference) == Path(reference) else []
    for reference in DATABASES.values()
}
FIRST_DATABASE, *MORE_DATABASES = DATABASES
FIRST_PLACE = f"databases/{FIRST_DATABASE}/" if MORE_DATABASES else ""
FIRST_TAXONOMY = f"<results>/taxonomy/{FIRST_PLACE}taxonomy.tsv"
FIRST_HITS = f"<results>/taxonomy/{FIRST_PLACE}hits.tsv"

SAMPLE_PAGE_TABLES += [
    "<results>/taxonomy/taxonomy.tsv",
]
STUDY_PAGE_TABLES += ["<results>/taxonomy/hits.tsv"]
LISTED_FILES += [
    "<results>/taxonomy/reference.json",
]


rule index_reference:
    """Index the reference for all studies, unless that was done; record what it is."""
    input:
        own=OWN_REFERENCES[REFERENCE],
    output:
        record="<results>/taxonomy/reference.json",
    resources:
        **ask("index_reference", lambda wildcards, input: [find_reference(REFERENCE)]),
    params:
        reference=lambda wildcards, input: input.own or REFERENCE,
        digest="" if OWN_REFERENCES[REFERENCE] else digest_reference(REFERENCE),
    shell:
        "{params.program} --reference {params.reference:q} --record {output.record:q} 2> {log:q}"


rule classify_asvs:
    """Name ASVs by naive Bayes and by alignment, with confidence and ties."""
    input:
        asvs="<results>/denoise/asvs.fasta",
        record="<results>/taxonomy/reference.json",
        own=OWN_REFERENCES[REFERENCE],
    output:
        taxonomy=FIRST_TAXONOMY,
        hits=FIRST_HITS,
    threads: 8
    params:
        reference=lambda wildcards, input: input.own or REFERENCE,
        settings=settings_of("search", "thresholds", "general.seed"),
        # The calls so far, so that added samples cost only their new ASVs. They are no result:
        # where results are in a store, they stay on the machine that ran the step.
        known=lambda wildcards, output: str(
            Path(output.taxonomy).with_name(".known_calls.jsonl.gz")
        ),
    shell:
        "{params.program} --asvs {input.asvs:q} --reference {params.reference:q} "
        "--record {input.record:q} {params.settings:q} --threads {threads} "
        "--known {params.known:q} --taxonomy {output.taxonomy:q} --hits {output.hits:q} 2> {log:q}"


if MORE_DATABASES:

    include: "taxonomy/databases.smk"
