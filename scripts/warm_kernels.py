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


def name_engine(text: str) -> str:
    """An engine's name as the command line gives it."""
    if text not in WARMERS:
        raise argparse.ArgumentTypeError(f"'{text}' is no engine; there are {', '.join(WARMERS)}")
    return text


def step(arguments: argparse.Namespace) -> None:
    """Let each engine run its kernels once."""
    for engine in arguments.engines or WARMERS:
        module, function = WARMERS[engine]
        getattr(import_module(module), function)()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    parser = make_parser(__doc__)
    words = f"of {', '.join(WARMERS)}; all"
    parser.add_argument("engines", nargs="*", type=name_engine, metavar="ENGINE", help=words)
    return run_step(step, parser, argv)


if __name__ == "__main__":
    raise SystemExit(main())
