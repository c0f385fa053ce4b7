"""The conda environment with the versions of the lock file."""

from __future__ import annotations

from pathlib import Path

from vagus.files import write_text

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
_SYSTEM = {"python_version": "3.11", "python_full_version": "3.11.9", "sys_platform": "linux"}


def write_environment(lock: Path, environment: Path) -> None:
    """Write the pins that apply to Python 3.11 on Linux or macOS as YAML."""
    from packaging.requirements import Requirement

    lines = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if "==" not in line or line.lstrip().startswith(("#", "--hash")):
            continue
        requirement = Requirement(line.rstrip(" \\"))
        if requirement.marker is None or requirement.marker.evaluate(_SYSTEM):
            lines.append(f"      - {requirement.name}{requirement.specifier}\n")
    write_text(environment, _TEXT + "".join(lines))
