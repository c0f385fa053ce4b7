"""A small study, what an undisturbed run makes of it, and runs that can be watched and killed."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
PATIENCE_S = 1200.0
_POLL_S = 0.02


# every stage, and as few steps of each as can be
_CONFIG = """\
seed: 3
exports: [biom]
diversity: {metrics: [braycurtis], rarefaction_repeats: 2, levels: [asv]}
"""


@dataclass
class Run:
    """One ``vagus run`` in a study folder, and what it said; ``hook`` comes first on the path."""

    study: Path
    hook: Path | None = None
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        path = os.pathsep.join(map(str, filter(None, (self.hook, SCRIPTS))))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "vagus.cli.main", "run", "--cores", "2", "--no-check"],
            cwd=self.study, env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self._rest = b""

    def read(self) -> None:
        """Take what the run has said so far."""
        assert self.process.stdout is not None
        if self.process.stdout.closed:
            return
        *lines, self._rest = (self._rest + (self.process.stdout.read() or b"")).split(b"\n")
        self.lines += [line.decode("utf-8", "replace") for line in lines]

    @property
    def n_steps(self) -> int:
        """Steps that have finished in this run."""
        return sum(line.startswith("[") for line in self.lines)

    def wait_for(self, is_time: Callable[[], bool]) -> bool:
        """Until ``is_time`` or the end of the run; was it time."""
        end = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            self.read()
            if is_time():
                return True
            assert time.monotonic() < end, "the run hangs:\n" + "\n".join(self.lines[-40:])
            pause(self.process)
        self.read()
        return False

    def finish(self) -> int:
        """Wait for the end; the exit code."""
        self.wait_for(lambda: False)
        self.close()
        return self.process.wait()

    def close(self) -> None:
        """Take the last lines and let go of the pipe."""
        self.read()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def list_jobs(self) -> list[int]:
        """Processes of step programs below this run."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                session = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[3])
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except (OSError, IndexError, ValueError):
                continue
            is_step = len(words) > 1 and words[1].startswith(os.fsencode(SCRIPTS))
            if session == self.process.pid and is_step:
                found.append(int(entry.name))
        return sorted(found)

    def kill_all(self) -> None:
        """Kill the run with everything below it, as the end of a batch job does."""
        with contextlib.suppress(ProcessLookupError):  # all have ended by themselves
            os.killpg(self.process.pid, signal.SIGKILL)
        for pid in self.list_jobs():
            kill(pid)
        self.process.wait()
        self.close()


def pause(process: subprocess.Popen[bytes]) -> None:
    """Give a process a moment."""
    try:
        process.wait(_POLL_S)
    except subprocess.TimeoutExpired:
        return


def kill(pid: int) -> bool:
    """SIGKILL; False when the process has ended by itself."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


@dataclass(frozen=True)
class Bench:
    """An undisturbed study, what came out of it, and where trials are made."""

    origin: Path
    expected: str
    folder: Path
    chance: random.Random

    def make_study(self, name: str) -> Path:
        """A study with the same inputs, not run yet."""
        study = self.folder / name
        shutil.rmtree(study, ignore_errors=True)
        shutil.copytree(self.origin, study, ignore=shutil.ignore_patterns("results", ".snakemake"))
        return study

    def copy_finished(self, name: str) -> Path:
        """The undisturbed study with its results."""
        study = self.folder / name
        shutil.rmtree(study, ignore_errors=True)
        shutil.copytree(self.origin, study)
        return study

    def settle(self, study: Path, expected: str | None = None) -> None:
        """Run without disturbance; AssertionError unless all is as if nothing had happened."""
        run = Run(study)
        code = run.finish()
        assert code == 0, "\n".join(run.lines[-60:])
        assert read_sums(study) == (expected or self.expected), list_differences(
            expected or self.expected, read_sums(study)
        )
        left = list((study / "results").rglob(".tmp*"))
        assert not left, f"temporary files are left: {left}"


def read_sums(study: Path) -> str:
    """The list of checksums that the last step writes."""
    return (study / "results" / "checksums.sha256").read_text(encoding="utf-8")


def list_differences(expected: str, found: str) -> list[str]:
    """Names whose checksums differ."""
    lines = set(expected.splitlines()) ^ set(found.splitlines())
    return sorted({line.split("  ", 1)[1] for line in lines})


def prepare(folder: Path, seed: int) -> Bench:
    """Write a small study and run it once."""
    from vagus.demo.cohort import DemoPlan, write_demo

    origin = folder / "undisturbed"
    origin.mkdir(parents=True)
    write_demo(origin, seed, DemoPlan(seed=seed, depth=60, people_per_group=2, blank_reads=3))
    (origin / "config.yaml").write_text(_CONFIG, encoding="utf-8")
    run = Run(origin)
    assert run.finish() == 0, "\n".join(run.lines[-60:])
    return Bench(origin, read_sums(origin), folder, random.Random(seed))
