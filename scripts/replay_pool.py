"""Partition the pool of a run from the comparisons of its shards, and share out its variants.

Writes the birth records of the variants and the counts of each sample.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import make_parser, run_step
from vagus.dada.settings import DadaSettings
from vagus.denoise.settings import DenoiseSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--plan", type=Path, required=True, help="plan of the pool (.json)")
    add("--uniques", nargs="*", type=Path, default=[], help="sequences of each shard (.npz)")
    add("--origins", nargs="*", type=Path, default=[], help="their samples, shard by shard (.npz)")
    add("--pairs", nargs="*", type=Path, default=[], help="comparisons of each shard (.npz)")
    add("--founders", nargs="*", type=Path, default=[], help="founders of all bundles (.tsv)")
    add("--error-model", type=Path, required=True, help="rates of the run (.tsv)")
    add("--births", type=Path, required=True, help="birth records to write (.tsv)")
    add("--shares", type=Path, required=True, help="counts of the samples, to write (.npz)")
    add_settings(parser, DadaSettings)
    add_settings(parser, DenoiseSettings, only=["omega_rescue"])
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Partition, share out and write."""
    from vagus.dada.error_model import ErrorModel
    from vagus.dada.pool_founders import load_founders
    from vagus.dada.pool_pairs import Pairs
    from vagus.dada.pool_partition import PoolMender
    from vagus.dada.pool_share import PoolBirths, PoolShares
    from vagus.pool.plan import PoolPlan
    from vagus.pool.shard import Origins
    from vagus.reads.uniques import Uniques

    mender = PoolMender(
        load=lambda number: Uniques.load(arguments.uniques[number]),
        founders=load_founders(arguments.founders),
        pairs=[Pairs.load(path) for path in arguments.pairs],
        model=lambda: ErrorModel.load(arguments.error_model),
        settings=read_settings(arguments, DadaSettings),
    )
    births, founders, result = mender.run()
    shares = PoolShares(result, len(PoolPlan.load(arguments.plan).samples), arguments.omega_rescue)
    for number, path in enumerate(arguments.origins):
        shares.add(number, Origins.load(path))
    PoolBirths.describe(births, founders).save(arguments.births)
    shares.save(arguments.shares)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
