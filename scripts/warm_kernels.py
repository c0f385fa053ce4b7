"""Compile the denoising engines' kernels once, before many jobs start; later jobs find them.

The compiled kernels are kept in $VAGUS_CACHE, else in the user's cache folder.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module

from vagus.cli.step import make_parser, run_step

WARMERS = {
    "dada": ("vagus.denoise.warmup", "warm_kernels"),
    "phase": ("vagus.phase.warmup", "warm_phase_kernels"),
}


def step(arguments: argparse.Namespace) -> None:
    """Let each engine run its kernels once."""
    for engine in arguments.engines or WARMERS:
        module, function = WARMERS[engine]
        getattr(import_module(module), function)()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    parser = make_parser(__doc__)
    names = ", ".join(WARMERS)
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help=f"of {names}; all")
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
