"""Denoise one sample with the phase engine: from reads nearly all unique to variants.

Writes the variants with their evidence and a JSON file in which every read is accounted for.
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
    add("--uniques", type=Path, required=True, help="unique sequences of the sample (.npz)")
    add("--model", type=Path, help="error model of the run (.tsv); else learned from the sample")
    add("--priors", type=Path, help="FASTA of variants seen in other samples")
    add("--variants", type=Path, required=True, help="variants to write (.tsv)")
    add("--losses", type=Path, required=True, help="account of the reads to write (.json)")
    add_phase_options(parser)
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Denoise and write."""
    from vagus.phase.engine import denoise
    from vagus.phase.error_model import PhaseErrorModel
    from vagus.reads.uniques import Uniques
    from vagus.sequences import read_fasta

    uniques = Uniques.load(arguments.uniques)
    model = PhaseErrorModel.load(arguments.model) if arguments.model else None
    priors = [s for _, s in read_fasta(arguments.priors)] if arguments.priors else []
    sample = denoise(uniques, model, read_phase_settings(arguments), priors)
    sample.save(arguments.variants, arguments.losses)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
