"""Learn the phase engine's error model of one run from the unique sequences of its samples.

Writes the counted errors, their chances and the rates by strand, kind and quality. Only samples
that the phase engine denoises are used; without any, the table has no rows.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.denoise_options import add_choice_option
from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import make_parser, run_step
from vagus.phase.settings import PhaseSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("uniques", nargs="+", type=Path, help="unique sequences of the run's samples (.npz)")
    add("--model", type=Path, required=True, help="error model to write (.tsv)")
    add("--description", type=Path, required=True, help="how it was learned, to write (.json)")
    add_choice_option(parser, "phase")
    add_settings(parser, PhaseSettings, "phase_")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Learn and write."""
    from vagus.denoise.choice import PHASE
    from vagus.denoise.engines import (
        PHASE_HEADER,
        learn_phase_run,
        list_of_engine,
        read_choices,
        write_unneeded,
    )
    from vagus.files import write_json

    choices = read_choices(arguments.engines) if arguments.engines else None
    uniques = list_of_engine(arguments.uniques, PHASE, choices)
    if not uniques:
        write_unneeded(PHASE_HEADER, arguments.model, arguments.description)
        return
    model, description = learn_phase_run(uniques, read_settings(arguments, PhaseSettings, "phase_"))
    model.save(arguments.model)
    write_json(description, arguments.description)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
