"""Partition the pool of a run from the comparisons of its shards, and share out its variants.

Writes the birth records of the variants and the counts of each sample.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import make_main, make_parser
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
    from vagus.dada.pool_files import ReplayFiles, replay_pool

    parts = (arguments.uniques, arguments.origins, arguments.pairs, arguments.founders)
    files = ReplayFiles(arguments.plan, arguments.error_model, *parts)
    settings = read_settings(arguments, DadaSettings)
    births, shares = replay_pool(files, settings, arguments.omega_rescue)
    births.save(arguments.births)
    shares.save(arguments.shares)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
