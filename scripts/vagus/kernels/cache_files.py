"""Files of compiled kernels: used only when nobody else can have written them.

Compiled code is run, so a file that another user can write is a way into this user's account.
A folder or file counts as ours when it and everything on the way to it is owned by this user
or by root, and nobody else may write there. A digest of name and content precedes the content:
a file that is cut, garbled or renamed is not used.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from vagus.product import find_product

CACHE_VARIABLE = "VAGUS_CACHE"
# set by a run whose cache can only be read, for its own jobs
READ_VARIABLE = "VAGUS_READ_CACHE"
# compiled when an image is built, or by an administrator, for all who use this checkout
SHARED = find_product("build", "kernels")

_HEAD = b"vagus kernel 1\n"
_DIGEST_BYTES = 32
_MOST_LINKS = 40
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
# how many user ids a namespace knows in which each owner is shown as it is
_ALL_IDS = 0xFFFFFFFF


def choose_folder() -> Path | None:
    """``$VAGUS_CACHE``, else ``vagus`` in the user's cache folder; None without a home."""
    own = os.environ.get(CACHE_VARIABLE)
    if own:
        return Path(os.path.abspath(own))
    cache = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(cache):
        cache = os.path.expanduser("~/.cache")
    return Path(cache, "vagus") if os.path.isabs(cache) else None


def list_folders() -> list[Path]:
    """Folders in which compiled kernels may be, the user's own first."""
    more = os.environ.get(READ_VARIABLE)
    own = [choose_folder(), Path(more) if more else None, SHARED]
    return [folder for folder in own if folder is not None]


def find_danger(folder: Path) -> str:
    """Why another user could put files into ``folder``; empty when nobody else can.

    What does not exist yet is no danger: it is created for this user alone.
    """
    owners = _list_owners(folder)
    # a container without root's id shows root's folders as those of a user unknown
    above = owners | ({_read_id("overflowuid")} if not _knows_all_users() else set())
    try:
        for place in _walk(os.path.abspath(folder)):
            found = os.lstat(place)
            is_last = os.path.realpath(place) == os.path.realpath(folder)
            if found.st_uid not in (owners if is_last else above):
                return f"{place} belongs to another user"
            if stat.S_ISLNK(found.st_mode):
                continue
            if not stat.S_ISDIR(found.st_mode):
                return f"{place} is not a folder"
            is_sticky = bool(found.st_mode & stat.S_ISVTX) and not is_last
            if found.st_mode & _OTHERS_WRITE and not is_sticky:
                return f"other users can write in {place}"
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"{folder}: {error.strerror}"
    return ""


def _walk(path: str) -> Iterator[str]:
    """Each folder and symbolic link on the way to an absolute path, then the path itself."""
    here, n_links = os.sep, 0
    yield here
    pending = path.split(os.sep)[::-1]
    while pending:
        part = pending.pop()
        if part == os.pardir:
            here = os.path.dirname(here)
        elif part not in ("", os.curdir):
            entry = os.path.join(here, part)
            yield entry
            if not os.path.islink(entry):
                here = entry
                continue
            n_links += 1
            if n_links > _MOST_LINKS:
                raise OSError(errno.ELOOP, "too many symbolic links")
            target = os.readlink(entry)
            here = os.sep if os.path.isabs(target) else here
            pending += target.split(os.sep)[::-1]


def _is_shared(path: Path) -> bool:
    return path == SHARED or SHARED in path.parents


def _list_owners(path: Path) -> set[int]:
    """Users whose files are trusted; in the checkout also those who own the programs in it."""
    owners = {os.geteuid(), 0}
    return owners | {os.stat(__file__).st_uid} if _is_shared(path) else owners


def _read_id(name: str) -> int:
    try:
        return int(Path("/proc/sys/kernel", name).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 65534


def _knows_all_users() -> bool:
    """Whether every owner is shown as it is, as outside of containers."""
    try:
        lines = Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines()
    except OSError:
        return True
    return any(int(line.split()[2]) >= _ALL_IDS for line in lines)


def read_checked(path: Path) -> bytes | None:
    """Content of a file of ours; None unless it is there, safe and as it was written.

    The folder is looked at by the caller, once.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with open(descriptor, "rb") as stream:
        found = os.fstat(descriptor)
        is_ours = found.st_uid in _list_owners(path) and not found.st_mode & _OTHERS_WRITE
        if not stat.S_ISREG(found.st_mode) or not is_ours:
            return None
        try:
            data = stream.read()
        except OSError:
            return None
    start = len(_HEAD) + _DIGEST_BYTES
    content = data[start:]
    return content if data[:start] == _HEAD + _digest(path.name, content) else None


def _digest(name: str, content: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + content).digest()


def write_checked(path: Path, content: bytes) -> None:
    """Write a file with its digest under another name, then rename it.

    Raises OSError where that is not possible, or not safe.
    """
    is_shared = _is_shared(path)
    make_folder(path.parent)
    temporary = path.with_name(f".tmp.{secrets.token_hex(8)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(temporary, flags, 0o600)
    try:
        with open(descriptor, "wb") as stream:
            stream.write(_HEAD + _digest(path.name, content) + content)
            if is_shared:
                os.fchmod(descriptor, 0o644)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def make_folder(folder: Path) -> None:
    """Create a folder and those above it, for this user alone; the shared one for all to read.

    Raises OSError where that is not possible, or not safe.
    """
    _refuse_danger(folder)
    missing = [place for place in (folder, *folder.parents) if not os.path.lexists(place)]
    for place in reversed(missing):
        try:
            os.mkdir(place, 0o700)
        except FileExistsError:
            continue
        if _is_shared(folder):
            os.chmod(place, 0o755)
    if missing:
        _refuse_danger(folder)


def _refuse_danger(folder: Path) -> None:
    if danger := find_danger(folder):
        raise PermissionError(errno.EPERM, danger)
