"""A run's Snakemake process: followed event by event, and ended with everything it started.

SIGTERM (a scheduler, a shutdown) and SIGHUP (a terminal that was closed) stop a run as Ctrl-C
does. Nothing of it stays behind that would lock the study folder.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FrameType
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vagus.locks import Lock

_PATIENCE_S = 20.0
_SIGNALS = (signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """A signal asked this process to end. Not an Exception: nothing may swallow it."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


@contextlib.contextmanager
def heed_signals() -> Iterator[None]:
    """Raise Stopped, once, when a signal asks to end; one that is ignored (nohup) stays so."""
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    heeded = [number for number, handler in before.items() if handler != signal.SIG_IGN]

    def stop(number: int, frame: FrameType | None) -> None:
        for other in heeded:
            signal.signal(other, signal.SIG_IGN)
        raise Stopped(number)

    for number in heeded:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number in heeded:
            signal.signal(number, before[number])


def follow(
    command: list[str],
    locks: Sequence[Lock],
    take: Callable[[str], str | None] | None = None,
    output: IO[bytes] | None = None,
) -> int:
    """Run a Snakemake command that shares the locks; returns its exit code.

    What ``take`` makes of each of its events is printed, and what it prints itself goes to
    ``output``; without ``take`` there are no events. When interrupted, it returns only after
    Snakemake and its jobs have ended, so that the next run finds the folder free.
    """
    descriptors = [lock.descriptor for lock in locks]
    if take is None:
        with subprocess.Popen(command, pass_fds=descriptors) as process:
            return _attend(process, locks, (), str)
    reader, writer = os.pipe()
    words = ["--logger", "vagus", "--logger-vagus-events", str(writer)]
    with open(reader, encoding="utf-8", errors="replace") as events:
        try:
            process = subprocess.Popen(
                [*command, *words], pass_fds=[*descriptors, writer],
                stdout=output, stderr=output,
            )  # fmt: skip
        finally:
            os.close(writer)
        with process:
            return _attend(process, locks, events, take)


def _attend(
    process: subprocess.Popen[bytes],
    locks: Sequence[Lock],
    events: Iterable[str],
    take: Callable[[str], str | None],
) -> int:
    """Print what becomes of the events until the process ends; end it when interrupted."""
    try:
        for lock in locks:
            lock.share(process.pid)
        for line in events:
            text = take(line.rstrip("\n"))
            if text is not None:
                print(text, flush=True)
        return process.wait()
    except (KeyboardInterrupt, Stopped) as reason:
        with contextlib.suppress(OSError):  # the terminal may be gone
            print("Stopping ...", file=sys.stderr, flush=True)
        if isinstance(events, io.TextIOBase):
            events.close()  # or Snakemake would wait for a reader
        _end(process, has_heard=isinstance(reason, KeyboardInterrupt))
        raise


def _end(process: subprocess.Popen[bytes], has_heard: bool) -> None:
    """End a process and all that it started: as Ctrl-C does, then with less and less patience.

    A terminal sends Ctrl-C to all of them by itself: then they have heard it. What a shell
    started in the background ignores SIGINT, and so does all that it starts.
    """
    is_deaf = signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    gentle = signal.SIGTERM if is_deaf else signal.SIGINT
    known = _signal_all(process.pid, None if has_heard else gentle)
    for insist in (signal.SIGTERM, signal.SIGKILL):
        try:
            process.communicate(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            known |= _signal_all(process.pid, insist)
        else:
            break
    process.wait()
    _kill(known)  # what outlived its parent


def _signal_all(pid: int, number: signal.Signals | None) -> set[Any]:
    """Send a signal to a process and its descendants; returns them."""
    import psutil  # type: ignore[import-untyped]

    try:
        top = psutil.Process(pid)
        everyone = [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return set()
    for one in everyone:
        with contextlib.suppress(psutil.NoSuchProcess):
            if number is not None:
                one.send_signal(number)
    return set(everyone)


def _kill(processes: set[Any]) -> None:
    """Kill those that have not ended."""
    import psutil

    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
