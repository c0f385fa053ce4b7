"""Choose the priors of pseudo-pooling: variants that several samples of the study contain.

Reads the variants of the first pass over each sample and writes a FASTA of those that are in
enough samples; a second pass over each sample takes a few of their reads as evidence enough.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.settings_options import add_settings
from vagus.cli.step import make_main, make_parser
from vagus.denoise.settings import DenoiseSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("variants", nargs="+", type=Path, help="variants of each sample (.tsv)")
    add("--priors", type=Path, required=True, help="priors to write (.fasta)")
    add_settings(parser, DenoiseSettings, only=["pseudo_min_samples"])
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Count and write."""
    from vagus.denoise.priors import choose_priors
    from vagus.sequences import write_fasta

    write_fasta(choose_priors(arguments.variants, arguments.pseudo_min_samples), arguments.priors)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
