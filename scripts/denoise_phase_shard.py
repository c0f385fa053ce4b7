"""Denoise one shard of a pool by the phase engine: variants, and the reads of each sample.

Writes the variants with the evidence of the pool, and what each sample has of them or lost.
"""

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.phase.settings import PhaseSettings

options = Options(__doc__)
options.add("--shard", type=int, required=True, help="number of the shard")
options.read("--plan", "plan of the pool (.json)")
options.read("--pieces", "folder with the sequences of each shard")
options.read("--model", "error model of the run (.tsv)")
options.write("--variants", "variants (.tsv)")
options.write("--shares", "reads of each sample (.npz)")
add_settings(options, PhaseSettings, "phase_")


def step(arguments: Arguments) -> None:
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


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
