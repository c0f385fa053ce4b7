"""Cut the samples of a run's pool into pieces: one file for each shard, each sample opened once."""

from vagus.cli.denoise_options import add_engine_option, read_engine
from vagus.cli.step import Arguments, Options, make_main
from vagus.denoise.engines import PlanFiles

options = Options(__doc__)
options.read_all("samples", "unique sequences of each sample of the run (.npz)")
options.read("--plan", "plan of the pool (.json)")
options.read("--places", "groups or shards of the sequences (.npz)")
options.write("--pieces", "folder, with a file for each shard")
add_engine_option(options)


def step(arguments: Arguments) -> None:
    """Cut and write."""
    engine = read_engine(arguments, arguments.engine)
    engine.shard(arguments.samples, PlanFiles(arguments.plan, arguments.places), arguments.pieces)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
