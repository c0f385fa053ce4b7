"""Fixtures that every test may use."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes minutes, and keep together, when several processes test, what shares.

    Tests of one file share its fixtures, those of the finished study one run, those of the house
    the parsed files.
    """
    for item in items:
        folder = item.path.relative_to(ROOT / "tests").parts[0]
        if folder == "faults":
            item.add_marker("long")
            item.add_marker("workflow")
        shares_study = "finished" in getattr(item, "fixturenames", ())
        group = "finished study" if shares_study else str(item.path)
        group = "house" if item.path.parent.name == "house" else group
        item.add_marker(pytest.mark.xdist_group(group))
    # what takes longest is started first, so that no process waits for the other at the end
    items.sort(key=lambda item: "workflow" not in item.keywords)


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
