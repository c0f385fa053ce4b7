"""Denoise one sample: from unique sequences and an error model to variants with evidence.

Writes the variants with their birth records and a JSON file with the reads that were lost.
The engine is that of the sample in the table of choose_engines.py, else the one that is named.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import make_parser, run_step
from vagus.dada.settings import DadaSettings
from vagus.denoise.settings import DenoiseSettings
from vagus.phase.settings import PhaseSettings

if TYPE_CHECKING:
    from vagus.dada.pool_share import PoolFiles
    from vagus.phase.pool_share import PhasePoolFiles


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--uniques", type=Path, required=True, help="unique sequences of the sample (.npz)")
    add("--error-model", type=Path, required=True, help="rates of the sample's run (.tsv)")
    add("--phase-model", type=Path, help="the same for phase; else learned from the sample (.tsv)")
    add("--partitions", type=Path, help="partitions made while the rates were learned (.npz)")
    add("--variants", type=Path, required=True, help="variants to write (.tsv)")
    add("--losses", type=Path, required=True, help="lost reads to write (.json)")
    add("--priors", type=Path, help="sequences that are believed to exist (.fasta)")
    add("--pool", nargs=3, type=Path, metavar=("PLAN", "BIRTHS", "SHARES"),
        help="results of the run's pool, to take variants from (.json, .tsv, .npz)")  # fmt: skip
    add("--phase-pool", nargs=3, type=Path, metavar=("PLAN", "VARIANTS", "SHARES"),
        help="the same for a sample that phase denoises (.json, .tsv, .npz)")  # fmt: skip
    add("--rescued", type=Path, help="lost reads near a variant, to write (.tsv)")
    add("--engines", type=Path, help="engine of each sample, used instead (.tsv)")
    add_settings(parser, DenoiseSettings, only=["engine", "omega_rescue"])
    add_settings(parser, DadaSettings)
    add_settings(parser, PhaseSettings, "phase_")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Denoise and write."""
    from vagus.denoise.choice import PHASE
    from vagus.denoise.engines import Denoiser, choose_for_sample
    from vagus.denoise.priors import read_priors
    from vagus.reads.uniques import RoundedUniques, Uniques
    from vagus.tables import write_table

    priors = read_priors(arguments.priors) if arguments.priors else []
    denoiser = Denoiser(
        error_model=arguments.error_model,
        phase_model=arguments.phase_model,
        dada=read_settings(arguments, DadaSettings),
        phase=read_settings(arguments, PhaseSettings, "phase_"),
        priors=priors,
        omega_rescue=arguments.omega_rescue,
        pool=_open_pool(arguments),
        phase_pool=_open_phase_pool(arguments),
        partitions=arguments.partitions,
    )
    choice = choose_for_sample(arguments.uniques, arguments.engine, arguments.engines)
    form = RoundedUniques if choice.engine == PHASE else Uniques
    sample = denoiser.denoise(form.load(arguments.uniques), choice)
    sample.save(arguments.variants, arguments.losses)
    if arguments.rescued:
        write_table(sample.rescued, arguments.rescued)


def _open_pool(arguments: argparse.Namespace) -> PoolFiles | None:
    if not arguments.pool:
        return None
    from vagus.dada.pool_share import PoolFiles

    return PoolFiles(*arguments.pool)


def _open_phase_pool(arguments: argparse.Namespace) -> PhasePoolFiles | None:
    if not arguments.phase_pool:
        return None
    from vagus.phase.pool_share import PhasePoolFiles

    return PhasePoolFiles(*arguments.phase_pool)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
