# Denoise: from dereplicated reads to the variants of each sample, and the ASV table of the study.
# Error models are in denoise/errors.smk, what pooling adds in denoise/{pseudo,pool}.smk.
#
# Inputs:
#     <results>/reads/samples/{key}/uniques.npz
#     <results>/reads/ledger.tsv
#     <results>/denoise/runs/{run}/{file}                  error models, of denoise/errors.smk
#     <results>/denoise/pools/{run}/{file}                 with pooling 'pooled', of denoise/pool.smk
# Outputs:
#     <results>/denoise/runs/{run}/engines.tsv
#     <results>/denoise/samples/{key}/variants.tsv
#     <results>/denoise/samples/{key}/losses.json
#     <results>/denoise/first_pass/{key}/{file}            instead, with pooling 'pseudo'
#     <results>/denoise/samples/{key}/rescued.tsv          with denoise.rescue
#     <results>/denoise/rescued.tsv
#     <results>/denoise/asv_table.tsv
#     <results>/denoise/asv_table.biom
#     <results>/denoise/asvs.fasta
#     <results>/denoise/asvs.tsv
#     <results>/denoise/chimeras.tsv
#     <results>/denoise/ledger.tsv

POOLING = STUDY.config["denoise"]["pooling"]
# the place of what each sample gives when it is denoised by itself
ALONE = "first_pass" if POOLING == "pseudo" else "samples"
# the last pass over a sample counts reads near a variant apart, if wanted
RESCUE = STUDY.config["denoise"]["rescue"]
# settings of all engines that denoising takes
DENOISING = [name for facts in ENGINES.values() for name in facts.denoising]
RESCUED = {"rescued": "<results>/denoise/samples/{key}/rescued.tsv"} if RESCUE else {}

SAMPLE_PAGE_TABLES += expand(
    "<results>/denoise/{name}.tsv", name=["ledger", "asv_table"]
)
STUDY_PAGE_TABLES += [
    *expand(
        "<results>/denoise/{name}", name=["asvs.tsv", "asv_table.biom", "chimeras.tsv"]
    ),
    *expand("<results>/denoise/runs/{run}/engines.tsv", run=RUNS),
    *(["<results>/denoise/rescued.tsv"] if RESCUE else []),
]
LISTED_FILES += [
    "<results>/denoise/asvs.fasta",
    *expand("<results>/denoise/samples/{key}/variants.tsv", key=KEYS),
    *expand("<results>/denoise/samples/{key}/losses.json", key=KEYS),
    *expand(list(RESCUED.values()), key=KEYS),
]


rule choose_engines:
    """Choose the denoising engine of each sample of one sequencing run."""
    input:
        uniques=list_samples,
    output:
        engines="<results>/denoise/runs/{run}/engines.tsv",
    params:
        settings=settings_of("engines.engine"),
    shell:
        "{params.program} {params.settings:q} --engines {output.engines:q} "
        "-- {input.uniques:q} 2> {log:q}"


rule denoise_sample:
    """Find the sequence variants of one sample by the engine that suits its reads."""
    input:
        **({"pool": list_pools} if POOLING == "pooled" else {}),
        **MODELS,
        uniques="<results>/reads/samples/{key}/uniques.npz",
    output:
        **(RESCUED if ALONE == "samples" else {}),
        variants=f"<results>/denoise/{ALONE}/{{key}}/variants.tsv",
        losses=f"<results>/denoise/{ALONE}/{{key}}/losses.json",
    params:
        settings=settings_of("engines.omega_rescue", *DENOISING),
        priors=lambda wildcards, input: name_optional("--priors", input, "priors"),
        rescued=lambda wildcards, output: name_optional("--rescued", output, "rescued"),
        files=label_files,
    shell:
        "{params.program} {params.settings:q} {params.priors:q} {params.rescued:q} {params.files:q} "
        "--uniques {input.uniques:q} --engines {input.engines:q} "
        "--variants {output.variants:q} --losses {output.losses:q} 2> {log:q}"


rule merge_variants:
    """Merge the variants of all samples, remove chimeras and account for every read."""
    input:
        variants=expand("<results>/denoise/samples/{key}/variants.tsv", key=KEYS),
        losses=expand("<results>/denoise/samples/{key}/losses.json", key=KEYS),
        ledger="<results>/reads/ledger.tsv",
    output:
        table="<results>/denoise/asv_table.tsv",
        biom="<results>/denoise/asv_table.biom",
        fasta="<results>/denoise/asvs.fasta",
        asvs="<results>/denoise/asvs.tsv",
        chimeras="<results>/denoise/chimeras.tsv",
        ledger="<results>/denoise/ledger.tsv",
    params:
        settings=settings_of("engines.remove_chimeras", "chimeras"),
    shell:
        "{params.program} --reads-ledger {input.ledger:q} {params.settings:q} "
        "--asv-table {output.table:q} --biom {output.biom:q} --fasta {output.fasta:q} "
        "--asvs {output.asvs:q} --chimeras {output.chimeras:q} --ledger {output.ledger:q} "
        "--variants {input.variants:q} --losses {input.losses:q} 2> {log:q}"


if RESCUE:

    rule merge_rescued:
        """Merge the reads that were rescued in each sample, beside the ASV table."""
        input:
            samples=expand("<results>/denoise/samples/{key}/rescued.tsv", key=KEYS),
            asvs="<results>/denoise/asvs.tsv",
        output:
            rescued="<results>/denoise/rescued.tsv",
        shell:
            "{params.program} --asvs {input.asvs:q} --rescued {output.rescued:q} "
            "-- {input.samples:q} 2> {log:q}"


if POOLING == "pseudo":

    include: "denoise/pseudo.smk"
