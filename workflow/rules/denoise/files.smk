# Denoise: which files its steps read, by sample, run and pool.

POOL = "<results>/denoise/pools/{run}"


def list_samples(wildcards):
    """Unique sequences of the samples of a run."""
    return [
        f"<results>/reads/samples/{sample.key}/uniques.npz"
        for sample in STUDY.runs[wildcards.run]
    ]


def of_run(*files):
    """Files of a sample's run, below <results>/denoise."""
    return lambda wildcards: [
        f"<results>/denoise/{file}".format(run=STUDY.sample(wildcards.key).run_key)
        for file in files
    ]


MODELS = {
    "model": of_run("runs/{run}/error_model.tsv"),
    "phase_model": of_run("runs/{run}/phase_error_model.tsv"),
    "engines": of_run("runs/{run}/engines.tsv"),
    "partitions": of_run("runs/{run}/partitions.npz"),
}
# the variants of a sample are taken from the pool of its run
POOLS = {
    "pool": of_run(
        "pools/{run}/plan.json", "pools/{run}/births.tsv", "pools/{run}/shares.npz"
    ),
    "phase_pool": of_run(
        "pools/{run}/phase_plan.json",
        "pools/{run}/phase_variants.tsv",
        "pools/{run}/phase_shares.npz",
    ),
}


def bring_here(file):
    """A file that may be in a store only, as a path on this machine."""
    with file.open():
        return file


def read_plan(wildcards):
    """The plan of the pool of a run, once it is made."""
    from vagus.pool.plan import PoolPlan

    made = checkpoints.plan_pool.get(run=wildcards.run)
    return PoolPlan.load(bring_here(made.output.plan))


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


def read_phase_plan(wildcards):
    """The plan of the pool of a run's phase samples, once it is made."""
    from vagus.phase.pool_plan import PhasePlan

    made = checkpoints.plan_phase_pool.get(run=wildcards.run)
    return PhasePlan.load(bring_here(made.output.plan))


def list_phase_shards(name):
    """Files of all shards of the pool of a run's phase samples."""
    return lambda wildcards: [
        f"{POOL}/phase_shards/{number}.{name}".format(run=wildcards.run)
        for number in range(len(read_phase_plan(wildcards).shards))
    ]
