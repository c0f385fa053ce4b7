"""The tree along which test sequences evolve."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def clades() -> str:
    """Eight tips in two clades of two cherries each, root in the middle of the longest path."""
    return (
        "(((a1:0.02,a2:0.02):0.03,(a3:0.02,a4:0.02):0.03):0.06,"
        "((b1:0.02,b2:0.02):0.03,(b3:0.02,b4:0.04):0.03):0.08);"
    )
