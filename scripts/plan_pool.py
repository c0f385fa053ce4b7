"""Plan the pool of a run: which unique sequences of its samples are compared in which job.

Writes the plan (JSON) and the group of similar sequences to which each sequence belongs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.denoise_options import add_plan_options, read_engine
from vagus.cli.step import make_parser, run_step
from vagus.denoise.engines import DADA, PlanFiles


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add_plan_options(parser, DADA)
    parser.add_argument(
        "--groups", type=Path, required=True, help="groups of the sequences, to write (.npz)"
    )
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Plan and write."""
    from vagus.denoise.door import list_samples

    samples = list_samples(arguments.uniques, DADA, arguments.engines)
    files = PlanFiles(arguments.plan, arguments.groups)
    read_engine(arguments, DADA).plan(samples, arguments.pool_shard_uniques, files)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
