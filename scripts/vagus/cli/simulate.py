"""Simulate reads of a community, for trying things out and for planning depth."""

from __future__ import annotations

import argparse
import importlib.util
import sys

from vagus.programs import SCRIPTS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """All arguments are those of scripts/simulate_reads.py."""


def execute(arguments: argparse.Namespace) -> int:
    """Run the step program with the arguments as they came."""
    spec = importlib.util.spec_from_file_location("simulate", SCRIPTS / "simulate_reads.py")
    assert spec is not None
    assert spec.loader is not None
    program = importlib.util.module_from_spec(spec)
    sys.argv[0] = "vagus simulate"  # the name that its help and messages use
    spec.loader.exec_module(program)
    return int(program.main(arguments.extra))
