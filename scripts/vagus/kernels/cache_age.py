"""Compiled kernels of versions that are not used any more are removed from a cache.

Each edit of a kernel, and each version of the compiler, starts folders of its own
(``vagus.kernels.jit``). A process that uses a folder sets the folder's time; one that no process
has used for three months, and that this checkout does not use either, is removed. A folder is
first renamed, so that no other process finds half of it. One that was taken into use at the very
moment is put back.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import time
from contextlib import suppress
from pathlib import Path

UNUSED_S = 90 * 86400.0
_MARK_S = 86400.0
_FOLDER = re.compile(r"[a-z_]+(?:\.[a-z_]+)*-[0-9a-f]{16}")
_REMOVED = ".old-"
# a compiled version, or what a process that was killed left of one
_FILE = re.compile(r".+\.nbc|\.tmp\..+")


def mark_used(folder: Path) -> None:
    """Set the time of a folder that exists, at most once a day."""
    with suppress(OSError):
        if time.time() - folder.stat().st_mtime > _MARK_S:
            os.utime(folder)


def remove_unused(cache: Path, kept: frozenset[str]) -> list[str]:
    """Remove folders of compiled kernels that were not used for 90 days; their names.

    Only folders of this user with nothing but compiled kernels are removed, and none that is named
    in ``kept``.
    """
    before_s = time.time() - UNUSED_S
    removed = []
    for name in sorted(_list_names(cache)):
        folder = cache / name
        if name in kept or not _is_unused(folder, before_s):
            continue
        if name.startswith(_REMOVED):  # the process that was to remove it has been killed
            _remove(folder)
        elif _FOLDER.fullmatch(name):
            aside = cache / f"{_REMOVED}{secrets.token_hex(8)}"
            with suppress(OSError):
                os.rename(folder, aside)
                if _is_unused(aside, before_s):
                    removed.append(name)
                    _remove(aside)
                else:
                    os.rename(aside, folder)
    return removed


def _list_names(cache: Path) -> list[str]:
    try:
        return os.listdir(cache)
    except OSError:
        return []


def _is_unused(folder: Path, before_s: float) -> bool:
    """Whether a folder of ours has only compiled kernels, older than that time."""
    try:
        found = folder.lstat()
        is_old = found.st_mtime < before_s
        is_ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
        return is_old and is_ours and all(map(_FILE.fullmatch, os.listdir(folder)))
    except OSError:
        return False


def _remove(folder: Path) -> None:
    with suppress(OSError):
        for name in os.listdir(folder):
            if _FILE.fullmatch(name):
                (folder / name).unlink(missing_ok=True)
        folder.rmdir()
