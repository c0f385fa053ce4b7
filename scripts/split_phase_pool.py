"""Cut the samples of a pool of the phase engine into pieces: one file for each shard.

Each sample is opened once.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from vagus.cli.denoise_options import add_split_options, read_engine
from vagus.cli.step import make_parser, run_step
from vagus.denoise.engines import PHASE, PlanFiles


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add_split_options(parser, "shards")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Cut and write."""
    files = PlanFiles(arguments.plan, arguments.shards)
    read_engine(arguments, PHASE).shard(arguments.samples, files, arguments.pieces)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
