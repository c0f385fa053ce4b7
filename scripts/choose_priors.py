"""Choose the priors of pseudo-pooling: variants that several samples of the study contain.

Reads the variants of the first pass over each sample and writes a FASTA of those that are in
enough samples; a second pass over each sample takes a few of their reads as evidence enough.
"""

from vagus.cli.settings_options import add_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.denoise.settings import DenoiseSettings

options = Options(__doc__)
options.read_all("variants", "variants of each sample (.tsv)")
options.write("--priors", "priors (.fasta)")
add_settings(options, DenoiseSettings, only=["pseudo_min_samples"])


def step(arguments: Arguments) -> None:
    """Count and write."""
    from vagus.denoise.priors import choose_priors
    from vagus.sequences import write_fasta

    write_fasta(choose_priors(arguments.variants, arguments.pseudo_min_samples), arguments.priors)


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
