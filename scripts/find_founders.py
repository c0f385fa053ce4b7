"""Find the sequences that may found a variant in one bundle of shards of a run's pool."""

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.dada.settings import DadaSettings

options = Options(__doc__)
options.read_all("shards", "sequences of the bundle's shards in order (.npz)")
options.add("--bundle", type=int, required=True, help="number of the bundle")
options.read("--plan", "plan of the pool (.json)")
options.read("--error-model", "rates of the run (.tsv)")
options.write("--founders", "founders (.tsv)")
add_settings(options, DadaSettings)


def step(arguments: Arguments) -> None:
    """Find and write."""
    from vagus.dada.error_model import ErrorModel
    from vagus.dada.pool_founders import find_founders, save_founders
    from vagus.pool.plan import PoolPlan
    from vagus.reads.uniques import Uniques

    numbers = PoolPlan.load(arguments.plan).shards_of(arguments.bundle)
    shards = ((n, Uniques.load(path)) for n, path in zip(numbers, arguments.shards, strict=True))
    model = ErrorModel.load(arguments.error_model)
    settings = read_settings(arguments, DadaSettings)
    save_founders(find_founders(shards, model, settings), arguments.founders)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
