"""Command-line options that the programs of the denoise stage share."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from vagus.cli.settings_options import add_settings
from vagus.denoise.settings import DenoiseSettings


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
