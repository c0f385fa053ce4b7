"""The lock gives every supported Python the same versions, since versions can change digits."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from vagus.provenance.record import PACKAGES


def read_pins(root: Path) -> list[str]:
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    return re.findall(r"(?m)^([a-z0-9._-]+)==", text)


def test_each_package_has_one_version_for_all_pythons(root: Path) -> None:
    assert [name for name, n in Counter(read_pins(root)).items() if n > 1] == []


def test_packages_of_the_provenance_are_locked(root: Path) -> None:
    assert set(PACKAGES) <= set(read_pins(root))
