# Denoise with pooling 'pseudo': the second pass over each sample, with priors of the study.
#
# Inputs:
#     <results>/reads/samples/{key}/uniques.npz
#     <results>/denoise/runs/{run}/{file}                  engines and error models
#     <results>/denoise/first_pass/{key}/variants.tsv
# Outputs:
#     <results>/denoise/priors.fasta
#     <results>/denoise/samples/{key}/variants.tsv
#     <results>/denoise/samples/{key}/losses.json
#     <results>/denoise/samples/{key}/rescued.tsv          with denoise.rescue

LISTED_FILES += [
    "<results>/denoise/priors.fasta",
    *expand("<results>/denoise/first_pass/{key}/variants.tsv", key=KEYS),
    *expand("<results>/denoise/first_pass/{key}/losses.json", key=KEYS),
]


rule choose_priors:
    """Choose the variants that several samples have as priors for the second pass."""
    input:
        variants=expand("<results>/denoise/first_pass/{key}/variants.tsv", key=KEYS),
    output:
        priors="<results>/denoise/priors.fasta",
    params:
        settings=settings_of("engines.pseudo_min_samples"),
    shell:
        "{params.program} {params.settings:q} --priors {output.priors:q} "
        "-- {input.variants:q} 2> {log:q}"


use rule denoise_sample as denoise_sample_again with:
    input:
        **MODELS,
        uniques="<results>/reads/samples/{key}/uniques.npz",
        priors="<results>/denoise/priors.fasta",
    output:
        **RESCUED,
        variants="<results>/denoise/samples/{key}/variants.tsv",
        losses="<results>/denoise/samples/{key}/losses.json",
