"""Cut the samples of a run's pool into pieces: one file for each shard, each sample opened once."""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.denoise_options import add_engine_option, read_engine
from vagus.cli.step import make_main, make_parser
from vagus.denoise.engines import PlanFiles


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("samples", nargs="+", type=Path, help="unique sequences of each sample of the run (.npz)")
    add("--plan", type=Path, required=True, help="plan of the pool (.json)")
    add("--places", type=Path, required=True, help="groups or shards of the sequences (.npz)")
    add("--pieces", type=Path, required=True, help="folder to write, with a file for each shard")
    add_engine_option(parser)
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Cut and write."""
    engine = read_engine(arguments, arguments.engine)
    engine.shard(arguments.samples, PlanFiles(arguments.plan, arguments.places), arguments.pieces)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
