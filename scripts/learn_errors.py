"""Learn an engine's error model of one sequencing run from the unique sequences of its samples.

Writes the rates, of errors of the kinds that the engine knows, and how they came about. Only
samples that the engine denoises are used; without any, the table has no rows.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.denoise_options import add_choice_options, add_engine_settings, read_chosen
from vagus.cli.step import make_main, make_parser
from vagus.denoise.engines import ModelFiles


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("uniques", nargs="+", type=Path, help="unique sequences of the run's samples (.npz)")
    add("--model", type=Path, required=True, help="rates to write (.tsv)")
    add("--description", type=Path, required=True, help="how they were learned, to write (.json)")
    add("--partitions", type=Path, help="partitions of the samples used, to write (.npz)")
    add_choice_options(parser)
    add_engine_settings(parser, lambda facts: facts.learning)
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Learn and write."""
    engine, samples = read_chosen(arguments)
    files = ModelFiles(arguments.model, arguments.description, arguments.partitions)
    engine.learn(samples, files)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
