"""Learn the phase engine's error model of one run from the unique sequences of its samples.

Writes the counted errors, their chances and the rates by strand, kind and quality. Only samples
that the phase engine denoises are used; without any, the table has no rows.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.denoise_options import add_choice_option, add_engine_settings, read_engine
from vagus.cli.step import make_parser, run_step
from vagus.denoise.engines import PHASE, ModelFiles


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("uniques", nargs="+", type=Path, help="unique sequences of the run's samples (.npz)")
    add("--model", type=Path, required=True, help="error model to write (.tsv)")
    add("--description", type=Path, required=True, help="how it was learned, to write (.json)")
    add_choice_option(parser, PHASE)
    add_engine_settings(parser, PHASE, learning=True)
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Learn and write."""
    from vagus.denoise.door import list_samples

    samples = list_samples(arguments.uniques, PHASE, arguments.engines)
    files = ModelFiles(arguments.model, arguments.description)
    read_engine(arguments, PHASE).learn(samples, files)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
