"""Learn an engine's error model of one sequencing run from the unique sequences of its samples.

Writes the rates, of errors of the kinds that the engine knows, and how they came about. Only
samples that the engine denoises are used; without any, the table has no rows.
"""

from vagus.cli.denoise_options import add_choice_options, add_engine_settings, read_chosen
from vagus.cli.step import Arguments, Options, make_main
from vagus.denoise.engines import ModelFiles

options = Options(__doc__)
options.read_all("uniques", "unique sequences of the run's samples (.npz)")
options.write("--model", "rates (.tsv)")
options.write("--description", "how they were learned (.json)")
options.write_if_asked("--partitions", "partitions of the samples used (.npz)")
add_choice_options(options)
add_engine_settings(options, lambda facts: facts.learning)


def step(arguments: Arguments) -> None:
    """Learn and write."""
    engine, samples = read_chosen(arguments)
    files = ModelFiles(arguments.model, arguments.description, arguments.partitions)
    engine.learn(samples, files)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
