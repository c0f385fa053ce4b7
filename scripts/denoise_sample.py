"""Denoise one sample: from unique sequences and an error model to variants with evidence.

Writes the variants with their birth records and a JSON file with the reads that were lost.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.denoise_options import add_partition_options, read_settings
from vagus.cli.step import make_parser, run_step


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--uniques", type=Path, required=True, help="unique sequences of the sample (.npz)")
    add("--error-model", type=Path, required=True, help="rates of the sample's run (.tsv)")
    add("--variants", type=Path, required=True, help="variants to write (.tsv)")
    add("--losses", type=Path, required=True, help="lost reads to write (.json)")
    add_partition_options(parser)
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Denoise and write."""
    from vagus.denoise.error_model import ErrorModel
    from vagus.denoise.variants import denoise_sample
    from vagus.reads.uniques import Uniques

    uniques = Uniques.load(arguments.uniques)
    model = ErrorModel.load(arguments.error_model)
    sample = denoise_sample(uniques, model, read_settings(arguments))
    sample.save(arguments.variants, arguments.losses)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
