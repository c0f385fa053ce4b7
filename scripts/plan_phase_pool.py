"""Plan the pool of the samples that phase denoises: which reads are denoised in which job.

Writes the plan (JSON) and the shard of similar reads to which each unique sequence belongs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.denoise_options import add_plan_options
from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import make_parser, run_step
from vagus.phase.settings import PhaseSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add_plan_options(parser, "phase")
    parser.add_argument(
        "--shards", type=Path, required=True, help="shards of the sequences, to write (.npz)"
    )
    add_settings(parser, PhaseSettings, "phase_")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Plan and write."""
    from vagus.denoise.choice import PHASE
    from vagus.denoise.engines import list_of_engine, read_choices
    from vagus.phase.pool_plan import plan_phase_pool
    from vagus.pool.plan import sort_samples
    from vagus.pool.shard import save_groups

    choices = read_choices(arguments.engines) if arguments.engines else None
    paths = sort_samples(list_of_engine(arguments.uniques, PHASE, choices))
    settings = read_settings(arguments, PhaseSettings, "phase_")
    plan, shards = plan_phase_pool(paths, arguments.pool_shard_uniques, settings)
    save_groups(arguments.shards, shards)
    plan.save(arguments.plan)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
