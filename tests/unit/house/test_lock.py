"""The lock gives every supported Python the same versions, since versions can change digits."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from vagus.provenance.record import PACKAGES

USERS, DEVELOPERS = "requirements.lock", "requirements-dev.lock"


def read_pins(path: Path) -> list[tuple[str, str]]:
    return re.findall(r"(?m)^([a-z0-9._-]+)==(\S+)", path.read_text(encoding="utf-8"))


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
