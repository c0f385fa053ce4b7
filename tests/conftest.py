"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

# The same examples every time, on machines of any speed.
settings.register_profile("vagus", derandomize=True, deadline=None)
settings.load_profile("vagus")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes minutes, and start it first: no process waits for the other at the end."""
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        if folder == "faults":
            item.add_marker("long")
            item.add_marker("workflow")
    items.sort(key=lambda item: "workflow" not in item.keywords)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Where several processes test, they take whole groups of tests."""
    from grouping import GroupScheduling

    return GroupScheduling(config, log)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real reads and tables that live beside the checkout and are never committed."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("real test data is absent: ../shared/data beside the checkout")
    return folder
