# Denoise with pooling 'pooled': the phase samples of a run as one pool, cut into shards. A
# checkpoint plans them, one job cuts the samples, and each shard is denoised by a job of its own.
#
# Inputs:
#     <results>/reads/samples/{key}/uniques.npz
#     <results>/denoise/runs/{run}/engines.tsv
#     <results>/denoise/runs/{run}/phase_error_model.tsv
# Outputs:
#     <results>/denoise/pools/{run}/phase_plan.json
#     <results>/denoise/pools/{run}/phase_shards.npz
#     <results>/denoise/pools/{run}/phase_variants.tsv
#     <results>/denoise/pools/{run}/phase_shares.npz
#     <results>/denoise/pools/{run}/phase_pieces           these until the pool is done
#     <results>/denoise/pools/{run}/phase_shards/{shard}.variants.tsv
#     <results>/denoise/pools/{run}/phase_shards/{shard}.shares.npz

if POOLING == "pooled":
    LISTED_FILES += expand(
        f"{POOL}/phase_{{name}}",
        run=RUNS,
        name=["plan.json", "shards.npz", "variants.tsv", "shares.npz"],
    )


checkpoint plan_phase_pool:
    """Choose which reads of a run's phase samples are denoised in which job."""
    input:
        samples=list_samples,
        engines="<results>/denoise/runs/{run}/engines.tsv",
    output:
        plan=f"{POOL}/phase_plan.json",
        shards=f"{POOL}/phase_shards.npz",
    params:
        settings=settings_of("engines.pool_shard_uniques", "phase"),
    shell:
        "{params.program} {params.settings:q} --engines {input.engines:q} "
        "--plan {output.plan:q} --shards {output.shards:q} -- {input.samples:q} 2> {log:q}"


rule split_phase_pool:
    """Cut the samples of a pool of phase samples into pieces, one file for each shard."""
    input:
        samples=list_samples,
        plan=f"{POOL}/phase_plan.json",
        shards=f"{POOL}/phase_shards.npz",
    output:
        pieces=temp(directory(f"{POOL}/phase_pieces")),
    shell:
        "{params.program} --plan {input.plan:q} --shards {input.shards:q} "
        "--pieces {output.pieces:q} -- {input.samples:q} 2> {log:q}"


rule denoise_phase_shard:
    """Denoise the reads of one shard of a pool by phase; count variants in each sample."""
    input:
        pieces=f"{POOL}/phase_pieces",
        plan=f"{POOL}/phase_plan.json",
        model="<results>/denoise/runs/{run}/phase_error_model.tsv",
    output:
        variants=temp(f"{POOL}/phase_shards/{{shard}}.variants.tsv"),
        shares=temp(f"{POOL}/phase_shards/{{shard}}.shares.npz"),
    params:
        settings=settings_of("phase"),
    shell:
        "{params.program} {params.settings:q} --shard {wildcards.shard} --plan {input.plan:q} "
        "--pieces {input.pieces:q} --model {input.model:q} --variants {output.variants:q} "
        "--shares {output.shares:q} 2> {log:q}"


rule gather_phase_pool:
    """Put the shards of a pool of phase samples together."""
    input:
        plan=f"{POOL}/phase_plan.json",
        variants=list_phase_shards("variants.tsv"),
        shares=list_phase_shards("shares.npz"),
    output:
        variants=f"{POOL}/phase_variants.tsv",
        shares=f"{POOL}/phase_shares.npz",
    shell:
        "{params.program} --plan {input.plan:q} --shard-variants {input.variants:q} "
        "--shard-shares {input.shares:q} --variants {output.variants:q} "
        "--shares {output.shares:q} 2> {log:q}"
