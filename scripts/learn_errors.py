"""Learn the error model of one sequencing run from the unique sequences of its samples.

Writes the rates of the 16 transitions at each quality and, beside them, how they came about.
Only samples that the dada engine denoises are used; without any, the table has no rows.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.denoise_options import add_choice_option
from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import make_parser, run_step
from vagus.dada.settings import DadaSettings, LearningSettings


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    add = parser.add_argument
    add("uniques", nargs="+", type=Path, help="unique sequences of the run's samples (.npz)")
    add("--error-model", type=Path, required=True, help="rates to write (.tsv)")
    add("--description", type=Path, required=True, help="how they were learned, to write (.json)")
    add("--partitions", type=Path, help="partitions of the samples used, to write (.npz)")
    add_choice_option(parser, "dada")
    add_settings(parser, LearningSettings)
    add_settings(parser, DadaSettings)
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Learn and write."""
    from vagus.dada.error_model import COLUMNS
    from vagus.dada.known_partitions import save_partitions
    from vagus.dada.learning_set import learn_run
    from vagus.denoise.choice import DADA
    from vagus.denoise.engines import list_of_engine, read_choices, write_unneeded

    choices = read_choices(arguments.engines) if arguments.engines else None
    uniques = list_of_engine(arguments.uniques, DADA, choices)
    if not uniques:
        write_unneeded(COLUMNS, arguments.error_model, arguments.description)
        if arguments.partitions:
            save_partitions({}, arguments.partitions)
        return
    model = learn_run(
        uniques,
        read_settings(arguments, DadaSettings),
        read_settings(arguments, LearningSettings),
        partitions=arguments.partitions,
    )
    model.save(arguments.error_model, arguments.description)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
