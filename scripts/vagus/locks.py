"""Exclusive locks between processes, on every file system.

Three methods, in this order, until the file system knows one:

1. ``flock``: ends with the last process that has the descriptor, however it ends.
2. ``fcntl``: a lock on the bytes of the open file, for file systems without flock.
3. ``file``: a file that only one process can create, with host, process and its start. Once that
   process is gone it is stale and is replaced. Another host cannot see that: for it the file is
   touched every minute while the process lives, and is stale when that has stopped for 15 minutes.

Only "would block" means that a lock is held. Any other error of the first two means that the
file system does not know the method.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import logging
import os
import shlex
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from vagus.files import write_json

log = logging.getLogger(__name__)

FLOCK, FCNTL, FILE = "flock", "fcntl", "file"
BEAT_S, SILENT_S = 60, 15 * 60
_PROCESSES = Path("/proc")
_SCRIPTS = Path(__file__).resolve().parents[1]
_BEAT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from vagus.locks import keep_fresh
keep_fresh(Path(sys.argv[2]), float(sys.argv[3]))
"""


class HeldError(Exception):
    """Another process holds the lock; ``advice`` is what to do beyond waiting for it."""

    def __init__(self, advice: str = "") -> None:
        super().__init__(advice)
        self.advice = advice


@dataclass
class Lock:
    """A lock that is held, and by which method."""

    path: Path
    method: str
    descriptor: int
    _processes: list[tuple[int, str]] = field(default_factory=list)
    _beat: subprocess.Popen[bytes] | None = None

    def share(self, pid: int) -> None:
        """Keep the lock for a child process, too, which has inherited the descriptor."""
        if self.method == FILE:
            self._processes.append((pid, _read_start(pid)))
            write_json(_describe_holders(self._processes), _name_file(self.path))

    def release(self) -> None:
        """Give the lock up."""
        os.close(self.descriptor)
        if self.method == FILE and _read_holders(self.path) == _describe_holders(self._processes):
            _name_file(self.path).unlink(missing_ok=True)
        if self._beat is not None:
            self._beat.kill()
            self._beat.wait()


def start_beat(held: Path, every_s: float = BEAT_S) -> subprocess.Popen[bytes]:
    """Touch a lock file from a process of its own, which outlives this one where Snakemake does."""
    null = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-P", "-c", _BEAT, str(_SCRIPTS), str(held), str(every_s)],
        stdin=null, stdout=null, stderr=null, start_new_session=True,
    )  # fmt: skip


def keep_fresh(held: Path, every_s: float) -> None:
    """Touch a lock file at once, and again and again as long as one of its processes lives."""
    while (content := _read_json(held)) is not None and _is_at_work(content):
        with contextlib.suppress(OSError):
            os.utime(held)
        time.sleep(every_s)


@contextmanager
def hold(path: Path) -> Iterator[Lock]:
    """Hold the lock file ``path``, which is made. Raises HeldError while another process does."""
    descriptor = _open(path)
    try:
        lock = _take(path, descriptor)
    except BaseException:
        os.close(descriptor)
        raise
    try:
        if lock.method != FLOCK:
            _report(lock.method)
        yield lock
    finally:
        lock.release()


@contextmanager
def wait_for(path: Path, announce: Callable[[], None]) -> Iterator[bool]:
    """Hold the lock file ``path``, waiting while another process does; False where it cannot be.

    ``announce`` is called before waiting. The third method is not used: of a process on another
    host it cannot be known that it is gone, and the wait might never end.
    """
    descriptor = _open(path)
    try:
        yield _take_by_system(descriptor, announce) is not None
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)


def _take(path: Path, descriptor: int) -> Lock:
    method = _take_by_system(descriptor)
    if method is None:
        processes = _take_file(path)
        return Lock(path, FILE, descriptor, processes, start_beat(_name_file(path)))
    return Lock(path, method, descriptor)


def _take_by_system(descriptor: int, announce: Callable[[], None] | None = None) -> str | None:
    """Lock an open file by the first method that its file system knows; None when by none.

    While another process holds it: waits after ``announce``, or raises HeldError without it.
    """
    for method, take, held in (
        (FLOCK, fcntl.flock, (errno.EWOULDBLOCK, errno.EAGAIN)),
        (FCNTL, _lock_bytes, (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)),
    ):
        try:
            take(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in held:
                continue
            if announce is None:
                raise HeldError from None
            announce()
            take(descriptor, fcntl.LOCK_EX)
        return method
    return None


def _lock_bytes(descriptor: int, operation: int) -> None:
    """Lock the open file by fcntl; on Linux child processes keep it, as they do with flock."""
    if sys.platform == "linux":
        whole = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        waits = not operation & fcntl.LOCK_NB
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLKW if waits else fcntl.F_OFD_SETLK, whole)
    else:
        fcntl.lockf(descriptor, operation)


def _take_file(path: Path) -> list[tuple[int, str]]:
    """Create the file of the third method; returns the processes that are in it."""
    held = _name_file(path)
    processes = [(os.getpid(), _read_start(os.getpid()))]
    for _ in range(2):
        try:
            descriptor = os.open(held, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
        except FileExistsError:
            _remove_stale(path)
            continue
        with open(descriptor, "w", encoding="utf-8") as stream:
            json.dump(_describe_holders(processes), stream)
        return processes
    raise HeldError(_advise(held))


def _remove_stale(path: Path) -> None:
    """Remove the file of a process that is gone. Raises HeldError when it may not be."""
    held, content = _name_file(path), _read_holders(path)
    if not _is_stale(held, content):
        raise HeldError(_advise(held, content))
    # of several processes that see it, one moves it away; a newer one that was met is put back
    moved = held.with_name(f"{held.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        os.replace(held, moved)
        found = _read_json(moved)
        if found != content:
            os.replace(moved, held)
            raise HeldError(_advise(held, found))
        moved.unlink()


def _advise(held: Path, content: dict[str, Any] | None = None) -> str:
    """What to do when the process of a lock may be gone."""
    remove = f"rm {shlex.quote(os.path.abspath(held))}"
    rule = f"a run that was killed is noticed after {SILENT_S // 60} minutes"
    if not content or not content.get("processes"):
        return f"{rule}. If none is at work here, on any machine, do not wait: {remove}"
    pid, host = content["processes"][0][0], str(content.get("host", "?")).split(" ")[0]
    return (
        f"it is process {pid} on {host}; {rule}. If it is not there any more (on {host}: "
        f"ps -p {pid}), do not wait: {remove}"
    )


def _is_stale(held: Path, content: dict[str, Any] | None) -> bool:
    """Whether the process of a lock is gone: seen here, or from its silence."""
    if content is not None and content.get("host") == _name_host():
        return not _is_at_work(content)
    return _measure_silence(held) > SILENT_S


def _is_at_work(content: dict[str, Any]) -> bool:
    """Whether one of the processes of a lock lives on this host."""
    try:
        processes = [(int(pid), str(start)) for pid, start in content["processes"]]
    except (KeyError, TypeError, ValueError):
        return False
    return any(_read_start(pid) == start for pid, start in processes)


def _measure_silence(held: Path) -> float:
    """Seconds since a lock file was touched, by the clock of its file system; 0 if not known."""
    now = held.with_name(f"{held.name}.{os.getpid()}.now")
    try:
        now.touch()
        return now.stat().st_mtime - held.stat().st_mtime
    except OSError:
        return 0.0
    finally:
        with contextlib.suppress(OSError):
            now.unlink(missing_ok=True)


def _name_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.held")


def _read_holders(path: Path) -> dict[str, Any] | None:
    return _read_json(_name_file(path))


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _describe_holders(processes: list[tuple[int, str]]) -> dict[str, Any]:
    return {"host": _name_host(), "processes": [list(process) for process in processes]}


def _name_host() -> str:
    """The machine since its start, and the container: where a process number has one meaning."""
    parts = [socket.gethostname()]
    with contextlib.suppress(OSError):
        parts.append((_PROCESSES / "sys/kernel/random/boot_id").read_text().strip())
    with contextlib.suppress(OSError):
        parts.append(os.readlink(_PROCESSES / "self/ns/pid"))
    return " ".join(parts)


def _read_start(pid: int) -> str:
    """When a process was started, in ticks of the machine; 'gone' when it does not run.

    Where that is not known: 'runs'.
    """
    if not (_PROCESSES / "self" / "stat").exists():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return "gone"
        except PermissionError:
            pass
        return "runs"
    try:
        text = (_PROCESSES / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "gone"
    fields = text.rpartition(")")[2].split()  # a name may have blanks and brackets
    return "gone" if fields[0] in "ZX" else fields[19]


@cache
def _report(method: str) -> None:
    """Say once which method is used in the place of flock."""
    words = {
        FCNTL: "locks of fcntl are used",
        FILE: "nor locks of fcntl: a file with host and process is used",
    }
    log.warning("note: this file system has no flock, %s", words[method])
