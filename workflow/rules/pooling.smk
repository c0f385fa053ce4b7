# Pooled denoising: the samples of a run as one pool, cut into shards by similarity. A checkpoint
# plans the shards, one job opens each sample once and cuts it; gathering, comparing and finding
# founders are jobs of their own for each shard.

POOL = "<results>/denoise/pools/{run}"


checkpoint plan_pool:
    """Choose which sequences of a run's samples are compared in which job."""
    input:
        samples=list_samples,
        engines="<results>/denoise/runs/{run}/engines.tsv",
    output:
        plan=f"{POOL}/plan.json",
        groups=f"{POOL}/groups.npz",
    log:
        "<results>/logs/denoise/plan_pool.{run}.log",
    benchmark:
        "<results>/benchmarks/denoise/plan_pool.{run}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("plan_pool"),
        runtime=time_of("plan_pool"),
    params:
        program=run_program("plan_pool"),
        code=code_of("plan_pool"),
        settings=settings_of("engines.pool_shard_uniques"),
    shell:
        "{params.program} {params.settings:q} --engines {input.engines:q} "
        "--plan {output.plan:q} --groups {output.groups:q} -- {input.samples:q} 2> {log:q}"


rule split_pool:
    """Cut the samples of a pool into pieces, one file for each shard."""
    input:
        samples=list_samples,
        plan=f"{POOL}/plan.json",
        groups=f"{POOL}/groups.npz",
    output:
        temp(directory(f"{POOL}/pieces")),
    log:
        "<results>/logs/denoise/split_pool.{run}.log",
    benchmark:
        "<results>/benchmarks/denoise/split_pool.{run}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("split_pool"),
        runtime=time_of("split_pool"),
    params:
        program=run_program("split_pool"),
        code=code_of("split_pool"),
    shell:
        "{params.program} --plan {input.plan:q} --groups {input.groups:q} --pieces {output:q} "
        "-- {input.samples:q} 2> {log:q}"


rule gather_shard:
    """Sum the reads and qualities of a shard's sequences over the samples."""
    input:
        f"{POOL}/pieces",
    output:
        uniques=temp(f"{POOL}/shards/{{shard}}.npz"),
        origins=temp(f"{POOL}/shards/{{shard}}.origins.npz"),
    log:
        "<results>/logs/denoise/gather_shard.{run}.{shard}.log",
    benchmark:
        "<results>/benchmarks/denoise/gather_shard.{run}.{shard}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("gather_shard"),
        runtime=time_of("gather_shard"),
    params:
        program=run_program("gather_shard"),
        code=code_of("gather_shard"),
    shell:
        "{params.program} --shard {wildcards.shard} --pieces {input:q} "
        "--uniques {output.uniques:q} --origins {output.origins:q} 2> {log:q}"


rule find_founders:
    """Find the sequences that may found a variant in one bundle of shards."""
    input:
        shards=list_shards_of_bundle,
        plan=f"{POOL}/plan.json",
        model="<results>/denoise/runs/{run}/error_model.tsv",
    output:
        temp(f"{POOL}/founders/{{bundle}}.tsv"),
    log:
        "<results>/logs/denoise/find_founders.{run}.{bundle}.log",
    benchmark:
        "<results>/benchmarks/denoise/find_founders.{run}.{bundle}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("find_founders"),
        runtime=time_of("find_founders"),
    params:
        program=run_program("find_founders"),
        code=code_of("find_founders"),
        settings=settings_of("dada"),
    shell:
        "{params.program} {params.settings:q} --bundle {wildcards.bundle} --plan {input.plan:q} "
        "--error-model {input.model:q} --founders {output:q} -- {input.shards:q} 2> {log:q}"


rule compare_shard:
    """Compare the sequences of a shard with the founders of the whole pool."""
    input:
        founders=list_founders,
        uniques=f"{POOL}/shards/{{shard}}.npz",
        plan=f"{POOL}/plan.json",
        model="<results>/denoise/runs/{run}/error_model.tsv",
    output:
        temp(f"{POOL}/shards/{{shard}}.pairs.npz"),
    log:
        "<results>/logs/denoise/compare_shard.{run}.{shard}.log",
    benchmark:
        "<results>/benchmarks/denoise/compare_shard.{run}.{shard}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("compare_shard"),
        runtime=time_of("compare_shard"),
    params:
        program=run_program("compare_shard"),
        code=code_of("compare_shard"),
        settings=settings_of("dada"),
    shell:
        "{params.program} {params.settings:q} --uniques {input.uniques:q} --plan {input.plan:q} "
        "--error-model {input.model:q} --pairs {output:q} -- {input.founders:q} 2> {log:q}"


rule replay_pool:
    """Partition a pool from the comparisons of its shards; counts of each sample."""
    input:
        plan=f"{POOL}/plan.json",
        uniques=list_shards("<results>/denoise/pools/{run}/shards/{shard}.npz"),
        origins=list_shards("<results>/denoise/pools/{run}/shards/{shard}.origins.npz"),
        pairs=list_shards("<results>/denoise/pools/{run}/shards/{shard}.pairs.npz"),
        founders=list_founders,
        model="<results>/denoise/runs/{run}/error_model.tsv",
    output:
        births=f"{POOL}/births.tsv",
        shares=f"{POOL}/shares.npz",
    log:
        "<results>/logs/denoise/replay_pool.{run}.log",
    benchmark:
        "<results>/benchmarks/denoise/replay_pool.{run}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("replay_pool"),
        runtime=time_of("replay_pool"),
    params:
        program=run_program("replay_pool"),
        code=code_of("replay_pool"),
        settings=settings_of("engines.omega_rescue", "dada"),
    shell:
        "{params.program} {params.settings:q} "
        "--plan {input.plan:q} --uniques {input.uniques:q} --origins {input.origins:q} "
        "--pairs {input.pairs:q} --founders {input.founders:q} --error-model {input.model:q} "
        "--births {output.births:q} --shares {output.shares:q} 2> {log:q}"


checkpoint plan_phase_pool:
    """Choose which reads of a run's phase samples are denoised in which job."""
    input:
        samples=list_samples,
        engines="<results>/denoise/runs/{run}/engines.tsv",
    output:
        plan=f"{POOL}/phase_plan.json",
        shards=f"{POOL}/phase_shards.npz",
    log:
        "<results>/logs/denoise/plan_phase_pool.{run}.log",
    benchmark:
        "<results>/benchmarks/denoise/plan_phase_pool.{run}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("plan_phase_pool"),
        runtime=time_of("plan_phase_pool"),
    params:
        program=run_program("plan_phase_pool"),
        code=code_of("plan_phase_pool"),
        settings=settings_of("engines.pool_shard_uniques", "phase"),
    shell:
        "{params.program} {params.settings:q} --engines {input.engines:q} "
        "--plan {output.plan:q} --shards {output.shards:q} "
        "-- {input.samples:q} 2> {log:q}"


rule split_phase_pool:
    """Cut the samples of a pool of phase samples into pieces, one file for each shard."""
    input:
        samples=list_samples,
        plan=f"{POOL}/phase_plan.json",
        shards=f"{POOL}/phase_shards.npz",
    output:
        temp(directory(f"{POOL}/phase_pieces")),
    log:
        "<results>/logs/denoise/split_phase_pool.{run}.log",
    benchmark:
        "<results>/benchmarks/denoise/split_phase_pool.{run}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("split_phase_pool"),
        runtime=time_of("split_phase_pool"),
    params:
        program=run_program("split_phase_pool"),
        code=code_of("split_phase_pool"),
    shell:
        "{params.program} --plan {input.plan:q} --shards {input.shards:q} --pieces {output:q} "
        "-- {input.samples:q} 2> {log:q}"


rule denoise_phase_shard:
    """Denoise the reads of one shard of a pool by phase; count variants in each sample."""
    input:
        pieces=f"{POOL}/phase_pieces",
        plan=f"{POOL}/phase_plan.json",
        model="<results>/denoise/runs/{run}/phase_error_model.tsv",
    output:
        variants=temp(f"{POOL}/phase_shards/{{shard}}.variants.tsv"),
        shares=temp(f"{POOL}/phase_shards/{{shard}}.shares.npz"),
    log:
        "<results>/logs/denoise/denoise_phase_shard.{run}.{shard}.log",
    benchmark:
        "<results>/benchmarks/denoise/denoise_phase_shard.{run}.{shard}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("denoise_phase_shard"),
        runtime=time_of("denoise_phase_shard"),
    params:
        program=run_program("denoise_phase_shard"),
        code=code_of("denoise_phase_shard"),
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
    log:
        "<results>/logs/denoise/gather_phase_pool.{run}.log",
    benchmark:
        "<results>/benchmarks/denoise/gather_phase_pool.{run}.tsv"
    conda:
        "../../envs/vagus.yaml"
    threads: 1
    resources:
        mem_mb=memory_of("gather_phase_pool"),
        runtime=time_of("gather_phase_pool"),
    params:
        program=run_program("gather_phase_pool"),
        code=code_of("gather_phase_pool"),
    shell:
        "{params.program} --plan {input.plan:q} --shard-variants {input.variants:q} "
        "--shard-shares {input.shares:q} --variants {output.variants:q} "
        "--shares {output.shares:q} 2> {log:q}"
