"""The conda environment with the versions of the lock file."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
# what the environment is for; what else a marker asks is for pip to say on the machine
_SYSTEMS = ("linux", "darwin")
_PYTHON = {"python_version": "3.11", "python_full_version": "3.11.9"}


def write_environment(lock: Path, environment: Path) -> None:
    """Write the pins that may apply to Python 3.11 on Linux or macOS as YAML, with markers."""
    from packaging.requirements import Requirement

    lines = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if "==" not in line or line.lstrip().startswith(("#", "--hash")):
            continue
        requirement = Requirement(line.rstrip(" \\"))
        marker = requirement.marker
        if marker is None:
            lines.append(f"      - {requirement.name}{requirement.specifier}\n")
        elif any(marker.evaluate(_PYTHON | system) for system in _list_systems()):
            pin = f"{requirement.name}{requirement.specifier} ; {marker}"
            lines.append(f"      - {json.dumps(pin)}\n")
    write_text(environment, _TEXT + "".join(lines))


def _list_systems() -> Iterator[dict[str, str]]:
    """Machines as markers describe them."""
    for system in _SYSTEMS:
        for machine in ("x86_64", "arm64" if system == "darwin" else "aarch64"):
            yield {"sys_platform": system, "platform_machine": machine}
