"""Write the conda environment file from the lock file, so that both have the same versions.

Packages come through pip inside the environment: conda gives Python itself, the lock file
everything else.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vagus.cli.step import make_main, make_parser


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    parser.add_argument("lock", type=Path, help="requirements.lock")
    parser.add_argument("environment", type=Path, help="file to write, envs/vagus.yaml")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read the pins and write them as YAML."""
    from vagus.provenance.environment import write_environment

    write_environment(arguments.lock, arguments.environment)


main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
