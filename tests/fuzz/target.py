"""A reader with whole files to start from; what it gives is checked by what must be true of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SHORT = 60  # bp of the genes in the seeds: what is wrong with a file shows in short ones too


@dataclass(frozen=True)
class Target:
    """One reader. ``read`` raises VagusError (or ValueError, where it says so) and no other."""

    name: str
    suffix: str
    seeds: tuple[bytes, ...]
    read: Callable[[Path], object]
    refuses: tuple[type[Exception], ...] = ()


def check(holds: bool, what: str) -> None:
    """Complain when a reader gave something that cannot be."""
    if not holds:
        raise AssertionError(what)
