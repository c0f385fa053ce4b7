# Denoise: the error model of each sequencing run, one for each engine.
#
# Inputs:
#     <results>/reads/samples/{key}/uniques.npz
#     <results>/denoise/runs/{run}/engines.tsv
# Outputs, where an engine's names have its prefix:
#     <results>/denoise/runs/{run}/{prefix}error_model.tsv
#     <results>/denoise/runs/{run}/{prefix}error_model.json
#     <results>/denoise/runs/{run}/{prefix}partitions.npz      of an engine that keeps them

for FACTS in ENGINES.values():
    MODEL = f"<results>/denoise/runs/{{run}}/{FACTS.model}"
    STUDY_PAGE_TABLES += expand(f"{MODEL}.tsv", run=RUNS)
    LISTED_FILES += expand(
        [f"{MODEL}.json", *name_partitions(FACTS).values()], run=RUNS
    )

    rule:
        """Learn the error model of one sequencing run for the samples of an engine."""
        name:
            FACTS.name_rule("learn", "errors")
        input:
            uniques=list_samples,
            engines="<results>/denoise/runs/{run}/engines.tsv",
        output:
            **name_partitions(FACTS),
            model=f"{MODEL}.tsv",
            description=f"{MODEL}.json",
        params:
            **run_program("learn_errors"),
            settings=[f"--engine={FACTS.name}", *settings_of(*FACTS.learning)],
            partitions=lambda wildcards, output: name_optional(
                "--partitions", output, "partitions"
            ),
        shell:
            "{params.program} {params.settings:q} --model {output.model:q} "
            "--description {output.description:q} {params.partitions:q} "
            "--engines {input.engines:q} -- {input.uniques:q} 2> {log:q}"
