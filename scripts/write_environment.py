"""Write the conda environment file from the lock file, so that both have the same versions.

Packages come through pip inside the environment: conda gives Python itself, the lock file
everything else.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from vagus.cli.step import make_parser, run_step

_TEXT = """\
# For users who prefer conda or mamba: the same versions as requirements.lock.
#   conda env create -f envs/vagus.yaml && conda activate vagus && pip install --no-deps -e .
# Written by scripts/write_environment.py ('make lock').
name: vagus
channels:
  - conda-forge
dependencies:
  - python=3.11
  - pip
  - pip:
"""


def build_parser() -> argparse.ArgumentParser:
    """Options of the program."""
    parser = make_parser(__doc__)
    parser.add_argument("lock", type=Path, help="requirements.lock")
    parser.add_argument("environment", type=Path, help="file to write, envs/vagus.yaml")
    return parser


def step(arguments: argparse.Namespace) -> None:
    """Read the pins that hold for Python 3.11 on Linux or macOS and write them as YAML."""
    from packaging.requirements import Requirement

    from vagus.files import open_whole

    system = {"python_version": "3.11", "python_full_version": "3.11.9", "sys_platform": "linux"}
    lines = []
    for line in arguments.lock.read_text(encoding="utf-8").splitlines():
        if "==" not in line or line.lstrip().startswith(("#", "--hash")):
            continue
        requirement = Requirement(line.rstrip(" \\"))
        if requirement.marker is None or requirement.marker.evaluate(system):
            lines.append(f"      - {requirement.name}{requirement.specifier}\n")
    with open_whole(arguments.environment) as stream:
        stream.write(_TEXT + "".join(lines))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    return run_step(step, build_parser(), argv)


if __name__ == "__main__":
    raise SystemExit(main())
