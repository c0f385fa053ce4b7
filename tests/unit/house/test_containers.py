"""The container files install what the lock file pins, on the Python that conda would give."""

from __future__ import annotations

import re

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from workflow.studies import ROOT

FILES = ("envs/Dockerfile", "envs/vagus.def")
NEEDED = ("requirements.lock", "pyproject.toml", "setup.py", "README.md", "LICENSE", "config",
          "resources", "workflow", "scripts")  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_versions_come_from_the_lock_alone(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    installs = re.findall(r"pip install (.*)", text)
    assert len(installs) == 2
    assert "--require-hashes -r /opt/vagus/requirements.lock" in installs[0]
    assert "--no-deps" in installs[1]
    assert "==" not in text
    assert "index-url" not in text


@pytest.mark.parametrize("name", FILES)
def test_all_that_a_run_needs_is_copied(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("COPY") or "/opt/" in line]
    for item in NEEDED:
        assert (ROOT / item).exists()
        assert any(item in line.split() or item in line.split()[1:] for line in lines), item


@pytest.mark.parametrize("name", FILES)
def test_python_is_that_of_the_conda_environment(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    found = re.search(r"python:(\d+\.\d+)", text)
    assert found is not None
    environment = yaml.safe_load((ROOT / "envs/vagus.yaml").read_text(encoding="utf-8"))
    assert f"python={found[1]}" in environment["dependencies"]
    needed = re.search(r'requires-python = "(.*)"', (ROOT / "pyproject.toml").read_text())
    assert needed is not None
    assert SpecifierSet(needed[1]).contains(found[1])


@pytest.mark.parametrize("name", FILES)
def test_kernels_are_compiled_into_the_image_and_no_cache_is_in_a_shared_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "python /opt/vagus/scripts/warm_kernels.py --shared" in text
    assert text.index("pip install --no-cache-dir --no-deps") < text.index("warm_kernels.py")
    assert "VAGUS_CACHE" not in text
    assert "/tmp" not in text
