"""Denoise one sample: from unique sequences and an error model to variants with evidence.

Writes the variants with their birth records and a JSON file with the reads that were lost.
The engine is that of the sample in the table of choose_engines.py, else the one that is named.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.denoise_options import (
    add_engine_settings,
    add_run_files,
    read_engine,
    read_run_files,
)
from vagus.cli.settings_options import add_settings
from vagus.cli.step import make_main, make_parser
from vagus.denoise.settings import DenoiseSettings
from vagus.engines import FALLBACK


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--uniques", type=Path, required=True, help="unique sequences of the sample (.npz)")
    add("--variants", type=Path, required=True, help="variants to write (.tsv)")
    add("--losses", type=Path, required=True, help="lost reads to write (.json)")
    add("--priors", type=Path, help="sequences that are believed to exist (.fasta)")
    add("--rescued", type=Path, help="lost reads near a variant, to write (.tsv)")
    add("--engines", type=Path, help="engine of each sample, used instead (.tsv)")
    add_settings(parser, DenoiseSettings, only=["engine", "omega_rescue"])
    add_run_files(parser)
    add_engine_settings(parser, lambda facts: facts.denoising)
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Denoise and write."""
    from vagus.denoise.choice import choose_for_sample
    from vagus.denoise.door import denoise_chosen
    from vagus.denoise.priors import read_priors
    from vagus.tables import write_table
    from vagus.tables.stages.denoise import RESCUED

    priors = read_priors(arguments.priors) if arguments.priors else []
    choice = choose_for_sample(arguments.uniques, arguments.engine, arguments.engines)
    name = choice.engine or FALLBACK
    sample = denoise_chosen(
        arguments.uniques, choice, read_engine(arguments, name), read_run_files(arguments, name),
        priors, arguments.omega_rescue,
    )  # fmt: skip
    sample.save(arguments.variants, arguments.losses)
    if arguments.rescued:
        write_table(sample.rescued, arguments.rescued, RESCUED)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
