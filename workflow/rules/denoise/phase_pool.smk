# Denoise with pooling 'pooled': the shards of a pool of the phase engine, each denoised by a job of
# its own.
#
# Inputs:
#     <results>/denoise/pools/{run}/phase_plan.json
#     <results>/denoise/pools/{run}/phase_pieces
#     <results>/denoise/runs/{run}/phase_error_model.tsv
# Outputs:
#     <results>/denoise/pools/{run}/phase_variants.tsv
#     <results>/denoise/pools/{run}/phase_shares.npz
#     <results>/denoise/pools/{run}/phase_shards/{shard}.variants.tsv  until the pool is done
#     <results>/denoise/pools/{run}/phase_shards/{shard}.shares.npz


include: "phase_files.smk"


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
