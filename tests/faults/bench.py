"""A small study, what an undisturbed run makes of it, and runs that can be watched and killed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
CPU_LIMIT_S = 300
"""For any one process: ten times what the longest step of these studies takes; more is a loop."""
_POLL_S = 0.02
_POLLS_A_LOOK, _IDLE_LOOKS = 100, 150
_RECORD = """\
import json, sys
if len(sys.orig_argv) > 1 and sys.orig_argv[1].startswith({scripts!r}):
    with open({path!r}, "a") as stream:
        stream.write(json.dumps(sys.orig_argv) + "\\n")
"""


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
            preexec_fn=limit_cpu,
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
        """Until ``is_time`` or the end of the run; was it time.

        A process that loops is ended by its limit of CPU time. A run that waits for ever is seen
        by its use of none over many looks, however slow the machine is.
        """
        used, n_polls, n_idle = -1, 0, 0
        while self.process.poll() is None:
            self.read()
            if is_time():
                return True
            n_polls += 1
            if n_polls % _POLLS_A_LOOK == 0:
                before, used = used, self.count_ticks()
                n_idle = n_idle + 1 if used == before else 0
                assert n_idle < _IDLE_LOOKS, "the run hangs:\n" + "\n".join(self.lines[-40:])
            pause(self.process)
        self.read()
        return False

    def finish(self) -> int:
        """Wait for the end; the exit code."""
        self.wait_for(lambda: False)
        self.close()
        return self.process.wait()

    def close(self) -> None:
        """Take the last lines and close the pipe."""
        self.read()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def list_jobs(self) -> list[int]:
        """Processes of step programs below this run."""
        found = []
        for pid, fields in list_states().items():
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            is_step = len(words) > 1 and words[1].startswith(os.fsencode(SCRIPTS))
            if int(fields[3]) == self.process.pid and is_step:
                found.append(pid)
        return sorted(found)

    def count_ticks(self) -> int:
        """CPU time of all processes of this run and of those that they waited for, in ticks."""
        ticks = 0
        for fields in list_states().values():
            if int(fields[3]) == self.process.pid:
                ticks += sum(map(int, fields[11:15]))
        return ticks

    def kill_all(self) -> None:
        """Kill the run with everything below it, as the end of a batch job does."""
        with contextlib.suppress(ProcessLookupError):  # all have ended by themselves
            os.killpg(self.process.pid, signal.SIGKILL)
        for pid in self.list_jobs():
            kill(pid)
        self.process.wait()
        self.close()


def limit_cpu() -> None:
    """Let no process that starts from here loop for ever."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))


def list_states() -> dict[int, list[str]]:
    """Fields of ``/proc/PID/stat`` from the state on (proc(5)), by process."""
    states = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                states[int(entry.name)] = (entry / "stat").read_text().rsplit(")", 1)[1].split()
    return {pid: fields for pid, fields in states.items() if len(fields) > 14}


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
    commands: dict[str, list[str]]  # of one job of each step program

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
    hook, record = folder / "record", folder / "commands.jsonl"
    hook.mkdir()
    text = _RECORD.format(scripts=str(SCRIPTS), path=str(record))
    (hook / "sitecustomize.py").write_text(text, encoding="utf-8")
    run = Run(origin, hook)
    assert run.finish() == 0, "\n".join(run.lines[-60:])
    calls = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    commands = {Path(words[1]).stem: words for words in calls}
    return Bench(origin, read_sums(origin), folder, random.Random(seed), commands)
