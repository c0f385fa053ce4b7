"""Simulate a gut cohort with known truth and run the whole pipeline on it.

12 people in two groups at two time points, one negative control and one mock community. The reads
are simulated from the starter reference, so the report can compare its results with the truth.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from vagus.cli.run import parse_cores


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments of ``vagus demo``."""
    parser.add_argument(
        "--folder", type=Path, default=Path("demo"), help="study folder (default: demo)"
    )
    parser.add_argument(
        "--cores", "-c", default="all", type=parse_cores, help="cores to use at once (default: all)"
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the simulation (default: 1)")


def execute(arguments: argparse.Namespace) -> int:
    """Write the cohort where it is absent, then do what ``vagus run`` does in its folder."""
    from vagus.cli import run
    from vagus.demo.cohort import write_demo
    from vagus.errors import ConfigError

    folder: Path = arguments.folder
    if not (folder / "config.yaml").exists():
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ConfigError(
                "contains files that are not the demo's", file=folder, fix="Name an empty --folder"
            )
        print(f"Simulating the demo cohort in {folder} ...", flush=True)
        write_demo(folder, arguments.seed)
    os.chdir(folder)
    arguments.configfile = Path("config.yaml")
    arguments.no_check = False
    arguments.verbose_snakemake = False
    return run.execute(arguments)
