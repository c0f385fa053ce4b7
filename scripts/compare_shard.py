"""Compare the sequences of one shard of a run's pool with the founders of the whole pool."""

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.dada.settings import DadaSettings

options = Options(__doc__)
options.read_all("founders", "founders of all bundles (.tsv)")
options.read("--uniques", "sequences of the shard (.npz)")
options.read("--plan", "plan of the pool (.json)")
options.read("--error-model", "rates of the run (.tsv)")
options.write("--pairs", "comparisons (.npz)")
add_settings(options, DadaSettings)


def step(arguments: Arguments) -> None:
    """Compare and write."""
    from vagus.dada.error_model import ErrorModel
    from vagus.dada.pool_founders import load_founders
    from vagus.dada.pool_pairs import find_pairs
    from vagus.pool.plan import PoolPlan
    from vagus.reads.uniques import Uniques

    pairs = find_pairs(
        Uniques.load(arguments.uniques),
        load_founders(arguments.founders),
        ErrorModel.load(arguments.error_model),
        read_settings(arguments, DadaSettings),
        PoolPlan.load(arguments.plan).n_reads,
    )
    pairs.save(arguments.pairs)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
