"""All readers that are given damaged files."""

from __future__ import annotations

from pathlib import Path

from fuzz.pool_readers import make_pool_targets
from fuzz.readers import make_input_targets
from fuzz.target import Target


def make_targets(folder: Path) -> list[Target]:
    """All targets, their seeds made in ``folder``."""
    return [*make_input_targets(folder), *make_pool_targets(folder)]
