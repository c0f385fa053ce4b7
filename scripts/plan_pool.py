"""Plan the pool of an engine's samples of a run: which unique sequences are seen in which job.

Writes the plan (JSON) and the group or shard of similar sequences to which each one belongs.
"""

from vagus.cli.denoise_options import add_choice_options, add_engine_settings, read_chosen
from vagus.cli.settings_options import add_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.denoise.engines import PlanFiles
from vagus.denoise.settings import DenoiseSettings

options = Options(__doc__)
options.read_all("uniques", "unique sequences of each sample of the run (.npz)")
options.write("--plan", "plan (.json)")
options.write("--places", "groups or shards of them (.npz)")
add_settings(options, DenoiseSettings, only=["pool_shard_uniques"])
add_choice_options(options)
add_engine_settings(options, lambda facts: facts.planning)


def step(arguments: Arguments) -> None:
    """Plan and write."""
    engine, samples = read_chosen(arguments)
    files = PlanFiles(arguments.plan, arguments.places)
    engine.plan(samples, arguments.pool_shard_uniques, files)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
