"""The user's cache folder, used only where no other user can have written.

What is read from it (indexes, compiled code) is trusted. A folder or file counts therefore only
when it belongs to this user or to root and nobody else may write it; folders are made with 0700.
"""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

log = logging.getLogger(__name__)

CACHE_VARIABLE = "VAGUS_CACHE"


def find_user_cache(part: str = "") -> Path | None:
    """``$VAGUS_CACHE``, else ``vagus`` in the user's cache folder, or a part of it; it is made.

    None, with a warning, where it cannot be made or other users may write it.
    """
    folder = choose_user_cache()
    if folder is None:
        return None
    for place in (folder, *([folder / part] if part else [])):
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            is_safe = stat.S_ISDIR(place.stat().st_mode) and is_own(place.stat())
        except OSError as error:
            log.warning("the cache folder cannot be used: %s: %s", place, error.strerror)
            return None
        if not is_safe:
            log.warning("the cache folder is not used, since others may write it: %s", place)
            return None
    return folder / part


def choose_user_cache() -> Path | None:
    """Where the cache folder would be; None when neither it nor a home folder is known."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).absolute()
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(caches, "vagus") if os.path.isabs(caches) else None


def is_own(state: os.stat_result) -> bool:
    """Whether only this user and root can have written a file or folder."""
    is_closed = not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return state.st_uid in (os.geteuid(), 0) and is_closed
