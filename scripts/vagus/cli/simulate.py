"""Simulate reads of a community, for trying things out and for planning depth."""

from __future__ import annotations

import argparse
import runpy
import sys

from vagus.programs import SCRIPTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """All arguments are those of scripts/simulate_reads.py."""


def execute(arguments: argparse.Namespace) -> int:
    """Run the step program with the arguments as they came."""
    program = SCRIPTS / "simulate_reads.py"
    sys.argv = ["vagus simulate", *arguments.extra]
    try:
        runpy.run_path(str(program), run_name="__main__")
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0
