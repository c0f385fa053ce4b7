# Denoise with pooling 'pooled': the shards of a pool of the dada engine. Gathering, comparing and
# finding founders are jobs of their own for each shard; one job partitions the whole pool.
#
# Inputs:
#     <results>/denoise/pools/{run}/plan.json
#     <results>/denoise/pools/{run}/pieces
#     <results>/denoise/runs/{run}/error_model.tsv
# Outputs:
#     <results>/denoise/pools/{run}/births.tsv
#     <results>/denoise/pools/{run}/shares.npz
#     <results>/denoise/pools/{run}/shards/{shard}.npz     these until the pool is done
#     <results>/denoise/pools/{run}/shards/{shard}.origins.npz
#     <results>/denoise/pools/{run}/shards/{shard}.pairs.npz
#     <results>/denoise/pools/{run}/founders/{bundle}.tsv


include: "dada_files.smk"


rule gather_shard:
    """Sum the reads and qualities of a shard's sequences over the samples."""
    input:
        pieces=f"{POOL}/pieces",
    output:
        uniques=temp(f"{POOL}/shards/{{shard}}.npz"),
        origins=temp(f"{POOL}/shards/{{shard}}.origins.npz"),
    shell:
        "{params.program} --shard {wildcards.shard} --pieces {input.pieces:q} "
        "--uniques {output.uniques:q} --origins {output.origins:q} 2> {log:q}"


rule find_founders:
    """Find the sequences that may found a variant in one bundle of shards."""
    input:
        shards=list_shards_of_bundle,
        plan=f"{POOL}/plan.json",
        model="<results>/denoise/runs/{run}/error_model.tsv",
    output:
        founders=temp(f"{POOL}/founders/{{bundle}}.tsv"),
    params:
        settings=settings_of("dada"),
    shell:
        "{params.program} {params.settings:q} --bundle {wildcards.bundle} --plan {input.plan:q} "
        "--error-model {input.model:q} --founders {output.founders:q} "
        "-- {input.shards:q} 2> {log:q}"


rule compare_shard:
    """Compare the sequences of a shard with the founders of the whole pool."""
    input:
        founders=list_founders,
        uniques=f"{POOL}/shards/{{shard}}.npz",
        plan=f"{POOL}/plan.json",
        model="<results>/denoise/runs/{run}/error_model.tsv",
    output:
        pairs=temp(f"{POOL}/shards/{{shard}}.pairs.npz"),
    params:
        settings=settings_of("dada"),
    shell:
        "{params.program} {params.settings:q} --uniques {input.uniques:q} --plan {input.plan:q} "
        "--error-model {input.model:q} --pairs {output.pairs:q} -- {input.founders:q} 2> {log:q}"


rule replay_pool:
    """Partition a pool from the comparisons of its shards; counts of each sample."""
    input:
        plan=f"{POOL}/plan.json",
        uniques=list_shards(f"{POOL}/shards/{{shard}}.npz"),
        origins=list_shards(f"{POOL}/shards/{{shard}}.origins.npz"),
        pairs=list_shards(f"{POOL}/shards/{{shard}}.pairs.npz"),
        founders=list_founders,
        model="<results>/denoise/runs/{run}/error_model.tsv",
    output:
        births=f"{POOL}/births.tsv",
        shares=f"{POOL}/shares.npz",
    params:
        settings=settings_of("engines.omega_rescue", "dada"),
    shell:
        "{params.program} {params.settings:q} "
        "--plan {input.plan:q} --uniques {input.uniques:q} --origins {input.origins:q} "
        "--pairs {input.pairs:q} --founders {input.founders:q} --error-model {input.model:q} "
        "--births {output.births:q} --shares {output.shares:q} 2> {log:q}"
