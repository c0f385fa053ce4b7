"""Plan the pool of an engine's samples of a run: which unique sequences are seen in which job.

Writes the plan (JSON) and the group or shard of similar sequences to which each one belongs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.denoise_options import add_choice_options, add_engine_settings, read_chosen
from vagus.cli.settings_options import add_settings
from vagus.cli.step import make_main, make_parser
from vagus.denoise.engines import PlanFiles
from vagus.denoise.settings import DenoiseSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("uniques", nargs="+", type=Path, help="unique sequences of each sample of the run (.npz)")
    add("--plan", type=Path, required=True, help="plan to write (.json)")
    add("--places", type=Path, required=True, help="groups or shards of them, to write (.npz)")
    add_settings(parser, DenoiseSettings, only=["pool_shard_uniques"])
    add_choice_options(parser)
    add_engine_settings(parser, lambda facts: facts.planning)
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Plan and write."""
    engine, samples = read_chosen(arguments)
    files = PlanFiles(arguments.plan, arguments.places)
    engine.plan(samples, arguments.pool_shard_uniques, files)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
