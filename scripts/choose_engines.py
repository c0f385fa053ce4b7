"""Choose the denoising engine of each sample of one sequencing run.

Samples of one platform get the same engine: that which suits their reads together. Writes the
engine of each sample, why it was taken, and the numbers behind it.
"""

from vagus.cli.settings_options import add_settings
from vagus.cli.step import Arguments, Options, make_main
from vagus.denoise.settings import DenoiseSettings

options = Options(__doc__)
options.read_all("uniques", "unique sequences of the run's samples (.npz)")
options.write("--engines", "table (.tsv)")
add_settings(options, DenoiseSettings, only=["engine"])


def step(arguments: Arguments) -> None:
    """Choose and write."""
    from vagus.denoise.choice import choose_engines
    from vagus.tables import write_table
    from vagus.tables.stages.denoise import ENGINES_OF_RUN

    write_table(
        choose_engines(arguments.uniques, arguments.engine), arguments.engines, ENGINES_OF_RUN
    )


main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
