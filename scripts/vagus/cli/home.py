"""What programs expect of an account and a container may not have: a home, a cache, a name.

Snakemake stops with a traceback when it cannot create its cache, or cannot find out whose
process it is. A run without them gets a private temporary folder, and a name made of the
user's number.
"""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vagus.errors import VagusError
from vagus.kernels.cache_files import CACHE_VARIABLE, READ_VARIABLE, choose_folder, find_danger

# those that Python's getpass asks, in its order
_NAMES = ("LOGNAME", "USER", "LNAME", "USERNAME")
_CACHE_HOME = "XDG_CACHE_HOME"


@contextmanager
def provide() -> Iterator[str]:
    """Set what is missing, for this process and its children; undone at the end.

    Yields why compiled kernels are kept for this run only; empty when they are kept.
    """
    before = dict(os.environ)
    _provide_name()
    if own := os.environ.get(CACHE_VARIABLE):
        os.environ[CACHE_VARIABLE] = os.path.abspath(own)
    folder = None
    try:
        obstacle = _find_obstacle(choose_folder())
        if obstacle or _find_obstacle(_find_cache_home()):
            folder = _make_temporary()
            _move_caches(folder, is_moved=bool(obstacle))
        yield obstacle
    finally:
        os.environ.clear()
        os.environ.update(before)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _make_temporary() -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix="vagus-"))
    except OSError:
        raise VagusError(
            "there is neither a home folder nor a temporary folder that can be written",
            fix="Set HOME or TMPDIR to a folder of yours",
        ) from None


def _provide_name() -> None:
    if not any(os.environ.get(name) for name in _NAMES):
        try:
            pwd.getpwuid(os.getuid())
        except KeyError:
            os.environ["USER"] = f"user{os.getuid()}"


def _move_caches(folder: Path, is_moved: bool) -> None:
    """Let caches be in ``folder``; compiled kernels that can only be read are still used."""
    old = choose_folder()
    if _find_cache_home() is None:
        os.environ["HOME"] = str(folder)
    os.environ[_CACHE_HOME] = str(folder)
    if old is not None and not is_moved:
        os.environ[CACHE_VARIABLE] = str(old)
    elif is_moved:
        os.environ[CACHE_VARIABLE] = str(folder / "vagus")
        if old is not None and not find_danger(old):
            os.environ[READ_VARIABLE] = str(old)


def _find_cache_home() -> Path | None:
    """Where programs keep their caches; None without a home."""
    named = os.environ.get(_CACHE_HOME) or os.path.expanduser("~/.cache")
    return Path(named) if os.path.isabs(named) else None


def _find_obstacle(folder: Path | None) -> str:
    """Why nothing can be kept in a folder safely; empty when it can be used, or created."""
    if folder is None:
        return "there is no home folder"
    existing = folder
    while not os.path.lexists(existing):
        existing = existing.parent
    if not os.access(existing, os.W_OK | os.X_OK, effective_ids=True):
        return f"{existing} cannot be written"
    return find_danger(folder)
