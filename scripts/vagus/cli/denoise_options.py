"""Command-line options that the programs of the denoise stage share."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from vagus.cli.settings_options import add_settings, read_settings
from vagus.cli.step import add_named_files
from vagus.denoise.engines import Engine, RunFiles
from vagus.engine_facts import EngineFacts
from vagus.engines import ENGINES
from vagus.study.sections import PARTS


def add_engine_option(parser: ArgumentParser) -> None:
    """The option that names the engine of a step that each engine has."""
    parser.add_argument("--engine", choices=tuple(ENGINES), required=True,
        help="engine whose verb this is")  # fmt: skip


def add_choice_options(parser: ArgumentParser) -> None:
    """The engine, and the table by which it takes only its own samples."""
    add_engine_option(parser)
    parser.add_argument("--engines", type=Path,
        help="engine of each sample (.tsv): only those of --engine are used")  # fmt: skip


def add_engine_settings(
    parser: ArgumentParser, list_names: Callable[[EngineFacts], Sequence[str]]
) -> None:
    """Options of the settings of every engine that a step takes."""
    for facts in ENGINES.values():
        for name in list_names(facts):
            add_settings(parser, PARTS[name].settings, PARTS[name].prefix)


def read_engine(arguments: Namespace, engine: str) -> Engine:
    """An engine with the settings that were given; others have their defaults."""
    from vagus.denoise.door import open_engine

    parts = [PARTS[name] for name in ENGINES[engine].settings]
    return open_engine(engine, *(read_settings(arguments, p.settings, p.prefix) for p in parts))


def read_chosen(arguments: Namespace) -> tuple[Engine, Sequence[Path]]:
    """The engine of a step and the samples that are its own."""
    from vagus.denoise.door import list_samples

    samples = list_samples(arguments.uniques, arguments.engine, arguments.engines)
    return read_engine(arguments, arguments.engine), [Path(path) for path in samples]


def add_run_files(parser: ArgumentParser) -> None:
    """Options for what a run has made for each engine."""
    form = "ENGINE=PATH"
    add_named_files(parser, "--model", form, "error model of the run for an engine (.tsv)", False)
    add_named_files(parser, "--partitions", form, "partitions of its learning (.npz)", False)
    words = "files of the run's pool to take variants from, in the engine's order"
    add_named_files(parser, "--pool", form, words, False)


def read_run_files(arguments: Namespace, engine: str) -> RunFiles:
    """What a run has made for one engine."""
    pool = [path for name, path in arguments.pool if name == engine]
    return RunFiles(
        dict(arguments.model).get(engine), dict(arguments.partitions).get(engine), pool or None
    )
