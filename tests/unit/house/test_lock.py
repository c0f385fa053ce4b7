"""The lock gives every supported Python the same versions, since versions can change digits."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from vagus.provenance.environment import write_environment
from vagus.provenance.record import PACKAGES

USERS, DEVELOPERS = "requirements.lock", "requirements-dev.lock"


def read_pins(path: Path) -> list[tuple[str, str]]:
    return re.findall(r"(?m)^([a-z0-9._-]+)==(\S+)", path.read_text(encoding="utf-8"))


def test_the_conda_environment_has_the_pins_of_users(root: Path, tmp_path: Path) -> None:
    """Written anew it is the same, and each package of the lock for Linux or macOS is there."""
    write_environment(root / USERS, tmp_path / "vagus.yaml")
    written = (root / "envs/vagus.yaml").read_text(encoding="utf-8")
    assert written == (tmp_path / "vagus.yaml").read_text(encoding="utf-8"), "run 'make lock'"
    pins = {line.partition(" ; ")[0] for line in yaml.safe_load(written)["dependencies"][-1]["pip"]}
    left_out = {f"{name}=={version}" for name, version in read_pins(root / USERS)} - pins
    assert {pin.partition("==")[0] for pin in left_out} <= {"colorama", "pyreadline3", "tzdata"}
    assert "edlib" in written


@pytest.mark.parametrize("lock", [USERS, DEVELOPERS])
def test_each_package_has_one_version_for_all_pythons(root: Path, lock: str) -> None:
    names = Counter(name for name, _ in read_pins(root / lock))
    assert [name for name, n in names.items() if n > 1] == []


def test_developers_have_what_users_have(root: Path) -> None:
    users, developers = (set(read_pins(root / lock)) for lock in (USERS, DEVELOPERS))
    assert users < developers
    only = {name for name, _ in developers - users}
    assert {"pytest", "mypy", "ruff", "hypothesis", "moto"} <= only


def test_packages_of_the_provenance_are_locked(root: Path) -> None:
    assert set(PACKAGES) <= {name for name, _ in read_pins(root / DEVELOPERS)}
    assert set(PACKAGES) - {"pyfamsa"} <= {name for name, _ in read_pins(root / USERS)}
