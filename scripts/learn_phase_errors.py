"""Learn the phase engine's error model of one run from the unique sequences of its samples.

Writes the counted errors, their chances and the rates by strand, kind and quality.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.phase_options import add_phase_options, read_phase_settings
from vagus.cli.step import make_parser, run_step


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("uniques", nargs="+", type=Path, help="unique sequences of the run's samples (.npz)")
    add("--model", type=Path, required=True, help="error model to write (.tsv)")
    add_phase_options(parser)
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Learn and write."""
    from vagus.phase.learning import choose_teachers, learn_phase_errors
    from vagus.reads.uniques import Uniques

    teachers = choose_teachers(arguments.uniques)
    samples = (Uniques.load(path) for path in teachers)
    settings = read_phase_settings(arguments)
    learn_phase_errors(samples, settings, len(teachers)).save(arguments.model)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
