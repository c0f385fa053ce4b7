"""A run's Snakemake process: followed line by line, and ended with everything it started.

SIGTERM (a scheduler, a shutdown) and SIGHUP (a terminal that was closed) stop a run as Ctrl-C
does. Nothing of it stays behind that would hold the study folder.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any

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
    command: list[str], locks: Sequence[Lock], tell: Callable[[str], str | None] | None = None
) -> int:
    """Run a Snakemake command that shares the locks; returns its exit code.

    What ``tell`` makes of each of its lines is printed; without it the lines are left alone.
    When interrupted, it returns only after Snakemake and its jobs have ended, so that the
    next run finds the folder free.
    """
    pipe: dict[str, Any] = {
        "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True,
        "encoding": "utf-8", "errors": "replace",
    }  # fmt: skip
    descriptors = [lock.descriptor for lock in locks]
    with subprocess.Popen(command, pass_fds=descriptors, **(pipe if tell else {})) as process:
        try:
            for lock in locks:
                lock.share(process.pid)
            for line in process.stdout or ():
                text = tell(line.rstrip("\n")) if tell else None
                if text is not None:
                    print(text, flush=True)
            return process.wait()
        except (KeyboardInterrupt, Stopped) as reason:
            with contextlib.suppress(OSError):  # the terminal may be gone
                print("Stopping ...", file=sys.stderr, flush=True)
            _end(process, has_heard=isinstance(reason, KeyboardInterrupt))
            raise


def _end(process: subprocess.Popen[str], has_heard: bool) -> None:
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
