"""Choose the denoising engine of each sample of one sequencing run.

Samples of one platform get the same engine: that which suits their reads together. Writes the
engine of each sample, why it was taken, and the numbers behind it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.settings_options import add_settings
from vagus.cli.step import make_main, make_parser
from vagus.denoise.settings import DenoiseSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("uniques", nargs="+", type=Path, help="unique sequences of the run's samples (.npz)")
    add("--engines", type=Path, required=True, help="table to write (.tsv)")
    add_settings(parser, DenoiseSettings, only=["engine"])
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Choose and write."""
    from vagus.denoise.choice import choose_engines
    from vagus.tables import write_table
    from vagus.tables.stages.denoise import ENGINES_OF_RUN

    write_table(
        choose_engines(arguments.uniques, arguments.engine), arguments.engines, ENGINES_OF_RUN
    )


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
