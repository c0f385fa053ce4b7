"""The user's cache folder, used only where no other user can have written.

What is read from it (indexes, compiled code) is trusted. What counts as safe is defined beside the
cache of compiled kernels (``vagus.kernels.cache_files``); folders are made with 0700.
"""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

from vagus.kernels.cache_files import choose_folder, find_danger, make_folder

log = logging.getLogger(__name__)


def find_user_cache(part: str = "") -> Path | None:
    """``$VAGUS_CACHE``, else ``vagus`` in the user's cache folder, or a part of it; it is made.

    None, with a warning, where it cannot be made or other users may write it.
    """
    folder = choose_folder()
    if folder is None:
        return None
    place = folder / part
    if danger := find_danger(place):
        log.warning("the cache folder cannot be used: %s", danger)
        return None
    try:
        make_folder(place)
    except OSError as error:
        log.warning("the cache folder cannot be used: %s: %s", place, error.strerror)
        return None
    return place


def is_own(state: os.stat_result) -> bool:
    """Whether only this user and root can have written a file or folder."""
    is_closed = not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return state.st_uid in (os.geteuid(), 0) and is_closed
