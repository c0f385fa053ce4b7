"""Put the shards of a pool of the phase engine together: its variants, reads of each sample.

Writes the variants with the evidence of the pool, and what each sample has of them or lost.
"""

from vagus.cli.step import Arguments, Options, make_main

options = Options(__doc__)
options.read("--plan", "plan of the pool (.json)")
options.read_any("--shard-variants", "of each shard (.tsv)")
options.read_any("--shard-shares", "of each shard (.npz)")
options.write("--variants", "variants (.tsv)")
options.write("--shares", "reads of each sample (.npz)")


def step(arguments: Arguments) -> None:
    """Join and write."""
    from vagus.phase.pool_plan import PhasePlan
    from vagus.phase.pool_share import PhasePool, load_shard

    plan = PhasePlan.load(arguments.plan)
    files = zip(arguments.shard_variants, arguments.shard_shares, strict=True)
    shards = [load_shard(variants, shares) for variants, shares in files]
    PhasePool.join(shards, len(plan.samples)).save(arguments.variants, arguments.shares)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
