"""Levels that diversity is measured of: ASVs, species, genera and so on."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def select_level(named: Iterable[tuple[str, Path]], level: str) -> dict[str, Path]:
    """Files of a level by metric, of files that are named LEVEL/METRIC; in their order."""
    prefix = f"{level}/"
    return {name.removeprefix(prefix): path for name, path in named if name.startswith(prefix)}
