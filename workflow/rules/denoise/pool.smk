# Denoise with pooling 'pooled': the samples of a run that one engine denoises are one pool, cut into
# shards by similarity. A checkpoint plans the shards, one job opens each sample once and cuts it;
# what becomes of the shards differs by engine and is in denoise/{engine}_pool.smk.
#
# Inputs:
#     <results>/reads/samples/{key}/uniques.npz
#     <results>/denoise/runs/{run}/engines.tsv
# Outputs, where an engine's names have its prefix:
#     <results>/denoise/pools/{run}/{prefix}plan.json
#     <results>/denoise/pools/{run}/{prefix}groups.npz     or shards
#     <results>/denoise/pools/{run}/{prefix}shards.npz
#     <results>/denoise/pools/{run}/{prefix}pieces         until the pool is done

for FACTS in POOLING_ENGINES:
    PLAN, PLACES = (f"{POOL}/{FACTS.name_file(name)}" for name in FACTS.plan)
    if POOLING == "pooled":
        LISTED_FILES += expand(
            list(dict.fromkeys([PLAN, PLACES, *POOLS[FACTS.name]])), run=RUNS
        )

    checkpoint:
        """Choose which sequences of a run's samples of an engine are seen in which job."""
        name:
            FACTS.name_rule("plan", "pool")
        input:
            samples=list_samples,
            engines="<results>/denoise/runs/{run}/engines.tsv",
        output:
            plan=PLAN,
            places=PLACES,
        params:
            **run_program("plan_pool"),
            settings=[
                f"--engine={FACTS.name}",
                *settings_of("engines.pool_shard_uniques", *FACTS.planning),
            ],
        shell:
            "{params.program} {params.settings:q} --engines {input.engines:q} "
            "--plan {output.plan:q} --places {output.places:q} -- {input.samples:q} 2> {log:q}"

    rule:
        """Cut the samples of a pool into pieces, one file for each shard."""
        name:
            FACTS.name_rule("split", "pool")
        input:
            samples=list_samples,
            plan=PLAN,
            places=PLACES,
        output:
            pieces=temp(directory(f"{POOL}/{FACTS.pieces}")),
        params:
            **run_program("split_pool"),
            engine=FACTS.name,
        shell:
            "{params.program} --engine {params.engine} --plan {input.plan:q} "
            "--places {input.places:q} --pieces {output.pieces:q} -- {input.samples:q} 2> {log:q}"

    include: f"{FACTS.name}_pool.smk"
