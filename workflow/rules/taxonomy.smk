# From ASVs to lineages, and counts of each name at each rank.

from vagus.files import digest_file
from vagus.reference.catalogue import find_reference

REFERENCE = STUDY.config["taxonomy"]["reference"]
# A shipped reference is named, not listed as a file: its place is that of the checkout.
REFERENCE_FILES = [REFERENCE] if Path(REFERENCE).is_file() else []
COMPOSITION_RANKS = ["phylum", "class", "order", "family", "genus", "species"]


rule index_reference:
    """Index the reference ({params.reference}) for classification and alignment."""
    input:
        REFERENCE_FILES,
    output:
        index=RESULTS + "/taxonomy/reference.index",
    log:
        RESULTS + "/logs/taxonomy/index_reference.log",
    benchmark:
        RESULTS + "/benchmarks/taxonomy/index_reference.tsv"
    threads: 1
    resources:
        mem_mb=lambda wildcards, input, attempt: attempt
        * max(1000, int(25 * input.size_mb)),
    params:
        program=run_program("index_reference"),
        code=code_of("index_reference"),
        reference=REFERENCE,
        digest=digest_file(find_reference(REFERENCE)),
    shell:
        "{params.program} --reference {params.reference:q} --index {output.index:q} 2> {log:q}"


rule classify_asvs:
    """Name ASVs: confidence from {params.confidence}, species from identity {params.species}."""
    input:
        asvs=RESULTS + "/denoise/asvs.fasta",
        index=RESULTS + "/taxonomy/reference.index",
    output:
        taxonomy=RESULTS + "/taxonomy/taxonomy.tsv",
        hits=RESULTS + "/taxonomy/hits.tsv",
    log:
        RESULTS + "/logs/taxonomy/classify_asvs.log",
    benchmark:
        RESULTS + "/benchmarks/taxonomy/classify_asvs.tsv"
    threads: 8
    resources:
        mem_mb=lambda wildcards, input, attempt: attempt
        * max(1000, int(2 * input.size_mb)),
    params:
        program=run_program("classify_asvs"),
        code=code_of("classify_asvs"),
        bootstraps=STUDY.config["taxonomy"]["bootstraps"],
        confidence=STUDY.config["taxonomy"]["min_confidence"],
        species=STUDY.config["taxonomy"]["min_identity_species"],
        genus=STUDY.config["taxonomy"]["min_identity_genus"],
        max_hits=STUDY.config["taxonomy"]["max_hits"],
        seed=STUDY.config["seed"],
    shell:
        "{params.program} --asvs {input.asvs:q} --index {input.index:q} "
        "--bootstraps {params.bootstraps} --min-confidence {params.confidence} "
        "--min-identity-species {params.species} --min-identity-genus {params.genus} "
        "--max-hits {params.max_hits} --seed {params.seed} --threads {threads} "
        "--taxonomy {output.taxonomy:q} --hits {output.hits:q} 2> {log:q}"


rule summarise_composition:
    """Sum ASV counts by name at each rank."""
    input:
        table=RESULTS + "/denoise/asv_table.tsv",
        taxonomy=RESULTS + "/taxonomy/taxonomy.tsv",
    output:
        expand(RESULTS + "/taxonomy/composition_{rank}.tsv", rank=COMPOSITION_RANKS),
    log:
        RESULTS + "/logs/taxonomy/summarise_composition.log",
    benchmark:
        RESULTS + "/benchmarks/taxonomy/summarise_composition.tsv"
    threads: 1
    resources:
        mem_mb=lambda wildcards, input, attempt: attempt
        * max(500, int(20 * input.size_mb)),
    params:
        program=run_program("summarise_composition"),
        code=code_of("summarise_composition"),
        folder=RESULTS + "/taxonomy",
    shell:
        "{params.program} --asv-table {input.table:q} --taxonomy {input.taxonomy:q} "
        "--output-folder {params.folder:q} 2> {log:q}"
