# Denoise: the error model of each sequencing run, one for each engine.
#
# Inputs:
#     <results>/reads/samples/{key}/uniques.npz
#     <results>/denoise/runs/{run}/engines.tsv
# Outputs:
#     <results>/denoise/runs/{run}/error_model.tsv
#     <results>/denoise/runs/{run}/error_model.json
#     <results>/denoise/runs/{run}/partitions.npz
#     <results>/denoise/runs/{run}/phase_error_model.tsv
#     <results>/denoise/runs/{run}/phase_error_model.json

STUDY_PAGE_TABLES += [
    *expand("<results>/denoise/runs/{run}/error_model.tsv", run=RUNS),
    *expand("<results>/denoise/runs/{run}/phase_error_model.tsv", run=RUNS),
]
LISTED_FILES += [
    *expand("<results>/denoise/runs/{run}/error_model.json", run=RUNS),
    *expand("<results>/denoise/runs/{run}/partitions.npz", run=RUNS),
    *expand("<results>/denoise/runs/{run}/phase_error_model.json", run=RUNS),
]


rule learn_errors:
    """Learn the error model of one sequencing run for the samples that dada denoises."""
    input:
        uniques=list_samples,
        engines="<results>/denoise/runs/{run}/engines.tsv",
    output:
        model="<results>/denoise/runs/{run}/error_model.tsv",
        description="<results>/denoise/runs/{run}/error_model.json",
        partitions="<results>/denoise/runs/{run}/partitions.npz",
    params:
        settings=settings_of("learning", "dada"),
    shell:
        "{params.program} {params.settings:q} --error-model {output.model:q} "
        "--description {output.description:q} --partitions {output.partitions:q} "
        "--engines {input.engines:q} -- {input.uniques:q} 2> {log:q}"


rule learn_phase_errors:
    """Learn the error model of one sequencing run for the samples that phase denoises."""
    input:
        uniques=list_samples,
        engines="<results>/denoise/runs/{run}/engines.tsv",
    output:
        model="<results>/denoise/runs/{run}/phase_error_model.tsv",
        description="<results>/denoise/runs/{run}/phase_error_model.json",
    params:
        settings=settings_of("phase"),
    shell:
        "{params.program} {params.settings:q} --model {output.model:q} "
        "--description {output.description:q} "
        "--engines {input.engines:q} -- {input.uniques:q} 2> {log:q}"
