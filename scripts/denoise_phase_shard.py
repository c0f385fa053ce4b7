"""Denoise one shard of a pool by the phase engine: variants, and the reads of each sample.

Writes the variants with the evidence of the pool, and what each sample has of them or lost.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import make_main, make_parser
from vagus.phase.settings import PhaseSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("--shard", type=int, required=True, help="number of the shard")
    add("--plan", type=Path, required=True, help="plan of the pool (.json)")
    add("--pieces", type=Path, required=True, help="folder with the sequences of each shard")
    add("--model", type=Path, required=True, help="error model of the run (.tsv)")
    add("--variants", type=Path, required=True, help="variants to write (.tsv)")
    add("--shares", type=Path, required=True, help="reads of each sample, to write (.npz)")
    add_settings(parser, PhaseSettings, "phase_")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Gather, denoise and write."""
    from vagus.phase.error_model import PhaseErrorModel
    from vagus.phase.pool_plan import PhasePlan
    from vagus.phase.pool_shard import denoise_shard, gather_reads
    from vagus.phase.pool_share import save_shard

    plan = PhasePlan.load(arguments.plan)
    uniques, origins = gather_reads(arguments.pieces, arguments.shard)
    model = PhaseErrorModel.load(arguments.model)
    settings = read_settings(arguments, PhaseSettings, "phase_")
    result = denoise_shard(uniques, origins, plan, model, settings)
    save_shard(result, arguments.variants, arguments.shares)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
