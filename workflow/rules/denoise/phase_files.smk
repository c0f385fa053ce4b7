# Denoise: which files the steps of a pool of the phase engine read, by shard.


def list_phase_shards(name):
    """Files of all shards of the pool of a run's phase samples."""
    from vagus.phase.pool_plan import PhasePlan

    return lambda wildcards: [
        f"{POOL}/phase_shards/{number}.{name}".format(run=wildcards.run)
        for number in range(
            len(PhasePlan.load(find_plan("plan_phase_pool", wildcards)).shards)
        )
    ]
