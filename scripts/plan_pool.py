"""Plan the pool of a run: which unique sequences of its samples are compared in which job.

Writes the plan (JSON) and the group of similar sequences to which each sequence belongs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.denoise_options import add_plan_options
from vagus.cli.step import make_parser, run_step


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add_plan_options(parser, "dada")
    parser.add_argument(
        "--groups", type=Path, required=True, help="groups of the sequences, to write (.npz)"
    )
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Plan and write."""
    from vagus.denoise.choice import DADA
    from vagus.denoise.engines import list_of_engine, read_choices
    from vagus.pool.plan import plan_pool
    from vagus.pool.shard import save_groups

    choices = read_choices(arguments.engines) if arguments.engines else None
    paths = list_of_engine(arguments.uniques, DADA, choices)
    plan, groups = plan_pool(paths, arguments.pool_shard_uniques)
    save_groups(arguments.groups, groups)
    plan.save(arguments.plan)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
