"""Command-line options that the programs of the denoise stage share."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from vagus.cli.settings_options import add_settings, read_settings
from vagus.denoise.engines import ENGINES, Engine
from vagus.denoise.settings import DenoiseSettings
from vagus.study.sections import PARTS, Part


def list_parts(engine: str, learning: bool = True) -> list[Part]:
    """Settings of an engine, with or without those that only learning takes."""
    registered = ENGINES[engine]
    names = [registered.settings, *(registered.learning if learning else ())]
    return [PARTS[name] for name in names]


def add_engine_settings(parser: ArgumentParser, engine: str, learning: bool = False) -> None:
    """Options of the settings of an engine."""
    for part in list_parts(engine, learning):
        add_settings(parser, part.settings, part.prefix)


def read_engine(arguments: Namespace, engine: str) -> Engine:
    """An engine with the settings that were given; others have their defaults."""
    from vagus.denoise.door import open_engine

    parts = list_parts(engine)
    return open_engine(engine, *(read_settings(arguments, p.settings, p.prefix) for p in parts))


def add_choice_option(parser: ArgumentParser, engine: str) -> None:
    """The option by which a learning program takes only its engine's samples."""
    parser.add_argument("--engines", type=Path,
        help=f"engine of each sample (.tsv): only those of {engine} are used")  # fmt: skip


def add_plan_options(parser: ArgumentParser, engine: str) -> None:
    """What a program that plans a pool takes and writes, whichever engine denoises it."""
    add = parser.add_argument
    add("uniques", nargs="+", type=Path, help="unique sequences of each sample of the run (.npz)")
    add("--plan", type=Path, required=True, help="plan to write (.json)")
    add_settings(parser, DenoiseSettings, only=["pool_shard_uniques"])
    add_choice_option(parser, engine)


def add_split_options(parser: ArgumentParser, places: str) -> None:
    """What a program that cuts a pool takes; ``places`` names the option that says where."""
    add = parser.add_argument
    add("samples", nargs="+", type=Path, help="unique sequences of each sample of the run (.npz)")
    add("--plan", type=Path, required=True, help="plan of the pool (.json)")
    add(f"--{places}", type=Path, required=True, help=f"{places} of the sequences (.npz)")
    add("--pieces", type=Path, required=True, help="folder to write, with a file for each shard")
