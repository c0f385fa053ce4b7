"""Compare the sequences of one shard of a run's pool with the founders of the whole pool."""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import make_main, make_parser
from vagus.dada.settings import DadaSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("founders", nargs="+", type=Path, help="founders of all bundles (.tsv)")
    add("--uniques", type=Path, required=True, help="sequences of the shard (.npz)")
    add("--plan", type=Path, required=True, help="plan of the pool (.json)")
    add("--error-model", type=Path, required=True, help="rates of the run (.tsv)")
    add("--pairs", type=Path, required=True, help="comparisons to write (.npz)")
    add_settings(parser, DadaSettings)
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Compare and write."""
    from vagus.dada.error_model import ErrorModel
    from vagus.dada.pool_founders import load_founders
    from vagus.dada.pool_pairs import find_pairs
    from vagus.pool.plan import PoolPlan
    from vagus.reads.uniques import Uniques

    pairs = find_pairs(
        Uniques.load(arguments.uniques),
        load_founders(arguments.founders),
        ErrorModel.load(arguments.error_model),
        read_settings(arguments, DadaSettings),
        PoolPlan.load(arguments.plan).n_reads,
    )
    pairs.save(arguments.pairs)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
