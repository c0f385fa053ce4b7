"""Partition the pool of a run from the comparisons of its shards, and share out its variants.

Writes the birth records of the variants and the counts of each sample.
"""

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.dada.settings import DadaSettings
from vagus.denoise.settings import DenoiseSettings

options = Options(__doc__)
options.read("--plan", "plan of the pool (.json)")
options.read_any("--uniques", "sequences of each shard (.npz)")
options.read_any("--origins", "their samples, shard by shard (.npz)")
options.read_any("--pairs", "comparisons of each shard (.npz)")
options.read_any("--founders", "founders of all bundles (.tsv)")
options.read("--error-model", "rates of the run (.tsv)")
options.write("--births", "birth records (.tsv)")
options.write("--shares", "counts of the samples (.npz)")
add_settings(options, DadaSettings)
add_settings(options, DenoiseSettings, only=["omega_rescue"])


def step(arguments: Arguments) -> None:
    """Partition, share out and write."""
    from vagus.dada.pool_files import ReplayFiles, replay_pool

    parts = (arguments.uniques, arguments.origins, arguments.pairs, arguments.founders)
    files = ReplayFiles(arguments.plan, arguments.error_model, *parts)
    settings = read_settings(arguments, DadaSettings)
    births, shares = replay_pool(files, settings, arguments.omega_rescue)
    births.save(arguments.births)
    shares.save(arguments.shares)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
