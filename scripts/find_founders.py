"""Find the sequences that may found a variant in one bundle of shards of a run's pool."""

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
    add("shards", nargs="+", type=Path, help="sequences of the bundle's shards in order (.npz)")
    add("--bundle", type=int, required=True, help="number of the bundle")
    add("--plan", type=Path, required=True, help="plan of the pool (.json)")
    add("--error-model", type=Path, required=True, help="rates of the run (.tsv)")
    add("--founders", type=Path, required=True, help="founders to write (.tsv)")
    add_settings(parser, DadaSettings)
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Find and write."""
    from vagus.dada.error_model import ErrorModel
    from vagus.dada.pool_founders import find_founders, save_founders
    from vagus.pool.plan import PoolPlan
    from vagus.reads.uniques import Uniques

    numbers = PoolPlan.load(arguments.plan).shards_of(arguments.bundle)
    shards = ((n, Uniques.load(path)) for n, path in zip(numbers, arguments.shards, strict=True))
    model = ErrorModel.load(arguments.error_model)
    settings = read_settings(arguments, DadaSettings)
    save_founders(find_founders(shards, model, settings), arguments.founders)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
