# Denoise: which files the steps of a pool of the dada engine read, by shard and bundle.


def read_plan(wildcards):
    """The plan of the pool of a run, once it is made."""
    from vagus.pool.plan import PoolPlan

    return PoolPlan.load(find_plan("plan_pool", wildcards))


def list_shards(pattern):
    """Files of all shards of a pool."""
    return lambda wildcards: [
        pattern.format(run=wildcards.run, shard=number)
        for number in range(len(read_plan(wildcards).shards))
    ]


def list_shards_of_bundle(wildcards):
    """Sequences of the shards of a bundle."""
    return [
        f"{POOL}/shards/{number}.npz".format(run=wildcards.run)
        for number in read_plan(wildcards).shards_of(int(wildcards.bundle))
    ]


def list_founders(wildcards):
    """Founders of all bundles of a pool."""
    return [
        f"{POOL}/founders/{bundle}.tsv".format(run=wildcards.run)
        for bundle in range(read_plan(wildcards).n_bundles)
    ]
