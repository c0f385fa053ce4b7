"""Plan the pool of the samples that phase denoises: which reads are denoised in which job.

Writes the plan (JSON) and the shard of similar reads to which each unique sequence belongs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.denoise_options import add_engine_settings, add_plan_options, read_engine
from vagus.cli.step import make_parser, run_step
from vagus.denoise.engines import PHASE, PlanFiles


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add_plan_options(parser, PHASE)
    parser.add_argument(
        "--shards", type=Path, required=True, help="shards of the sequences, to write (.npz)"
    )
    add_engine_settings(parser, PHASE)
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Plan and write."""
    from vagus.denoise.door import list_samples

    samples = list_samples(arguments.uniques, PHASE, arguments.engines)
    files = PlanFiles(arguments.plan, arguments.shards)
    read_engine(arguments, PHASE).plan(samples, arguments.pool_shard_uniques, files)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
