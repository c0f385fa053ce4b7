"""Time and memory of a program alone.

The system counts the memory of a process before it starts another program as that program's: the
peak of a child is never below its parent's. A benchmark that has loaded numpy, pandas and reads
would report its own memory. Programs are therefore started by a bare Python of some 12 MB.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

_LAUNCHER = """
import resource, subprocess, sys, time
limit_s = float(sys.argv[1]) or None
started, status, finished = time.monotonic(), 0, 1
process = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=sys.stderr)
try:
    status = process.wait(limit_s)
except subprocess.TimeoutExpired:
    process.kill()
    process.wait()
    finished = 0
wall_s = time.monotonic() - started
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(status, wall_s, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, finished)
"""


@dataclass(frozen=True)
class Usage:
    """What a program took with the programs that it started in turn; memory of the largest one.

    ``finished`` is False when it was stopped at its limit.
    """

    wall_s: float
    cpu_s: float
    peak_mb: float
    finished: bool = True


def run_measured(command: Sequence[object], limit_s: float | None = None) -> Usage:
    """Run a program to its end, or to a limit; SystemExit with its last words when it fails."""
    words = [str(word) for word in command]
    launch = [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(limit_s or 0), *words]
    with tempfile.TemporaryFile() as log:
        done = subprocess.run(launch, stdout=subprocess.PIPE, stderr=log, text=True, check=False)
        fields = done.stdout.split()
        if done.returncode or int(fields[0]):
            log.seek(0)
            said = log.read().decode("utf-8", "replace")[-4000:]
            raise SystemExit(f"{' '.join(words)} failed:\n{said}")
    wall_s, cpu_s, peak_mb = map(float, fields[1:4])
    return Usage(wall_s, cpu_s, peak_mb, fields[4] == "1")
