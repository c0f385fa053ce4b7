"""Denoise one sample: from unique sequences and an error model to variants with evidence.

Writes the variants with their birth records and a JSON file with the reads that were lost.
The engine is that of the sample in the table of choose_engines.py, else the one that is named.
"""

from vagus.cli.denoise_options import (
    add_engine_settings,
    add_run_files,
    read_engine,
    read_run_files,
)
from vagus.cli.settings_options import add_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.denoise.settings import DenoiseSettings
from vagus.engines import FALLBACK

options = Options(__doc__)
options.read("--uniques", "unique sequences of the sample (.npz)")
options.write("--variants", "variants (.tsv)")
options.write("--losses", "lost reads (.json)")
options.read_if_given("--priors", "sequences that are believed to exist (.fasta)")
options.write_if_asked("--rescued", "lost reads near a variant (.tsv)")
options.read_if_given("--engines", "engine of each sample, used instead (.tsv)")
add_settings(options, DenoiseSettings, only=["engine", "omega_rescue"])
add_run_files(options)
add_engine_settings(options, lambda facts: facts.denoising)


def step(arguments: Arguments) -> None:
    """Denoise and write."""
    from vagus.denoise.choice import choose_for_sample
    from vagus.denoise.door import denoise_chosen
    from vagus.denoise.priors import read_priors
    from vagus.tables import write_table
    from vagus.tables.stages.denoise import RESCUED

    priors = read_priors(arguments.priors) if arguments.priors else []
    choice = choose_for_sample(arguments.uniques, arguments.engine, arguments.engines)
    name = choice.engine or FALLBACK
    sample = denoise_chosen(
        arguments.uniques, choice, read_engine(arguments, name), read_run_files(arguments, name),
        priors, arguments.omega_rescue,
    )  # fmt: skip
    sample.save(arguments.variants, arguments.losses)
    if arguments.rescued:
        write_table(sample.rescued, arguments.rescued, RESCUED)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
