"""Compile the kernels of a stage once, before many jobs start; later jobs find them compiled.

The compiled kernels are kept in $VAGUS_CACHE, else in the user's cache folder.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module

from vagus.cli.step import make_parser, run_step

STAGES = ("denoise",)


def step(arguments: argparse.Namespace) -> None:
    """Let each stage run its kernels once."""
    for stage in arguments.stages or STAGES:
        import_module(f"vagus.{stage}.warmup").warm_kernels()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    parser = make_parser(__doc__)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=f"of {', '.join(STAGES)}; all")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
