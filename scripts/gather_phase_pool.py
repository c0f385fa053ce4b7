"""Put the shards of a pool of the phase engine together: its variants, reads of each sample.

Writes the variants with the evidence of the pool, and what each sample has of them or lost.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--plan", type=Path, required=True, help="plan of the pool (.json)")
    add("--shard-variants", nargs="*", type=Path, default=[], help="of each shard (.tsv)")
    add("--shard-shares", nargs="*", type=Path, default=[], help="of each shard (.npz)")
    add("--variants", type=Path, required=True, help="variants to write (.tsv)")
    add("--shares", type=Path, required=True, help="reads of each sample, to write (.npz)")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Join and write."""
    from vagus.phase.pool_plan import PhasePlan
    from vagus.phase.pool_share import PhasePool, load_shard

    plan = PhasePlan.load(arguments.plan)
    files = zip(arguments.shard_variants, arguments.shard_shares, strict=True)
    shards = [load_shard(variants, shares) for variants, shares in files]
    PhasePool.join(shards, len(plan.samples)).save(arguments.variants, arguments.shares)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
