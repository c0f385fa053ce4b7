"""Harm a small study while it runs, and check that the next runs put it right.

    python tests/faults/harness.py --kills 100 --others 5 --seed 1

runs the long version and prints a table: harm, times, outcome. The short version is
test_faults.py. Every trial ends with a run that nothing disturbs, and its results must have the
checksums of a study that was never disturbed; no temporary file may be left.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from faults.bench import SCRIPTS, Bench, Run, kill, prepare, read_sums

HUNGRY = ("learn_errors", "classify_asvs", "measure_beta", "write_report")
_LIMIT = """\
import resource, sys
if any(word.endswith("{program}.py") for word in sys.orig_argv):
    resource.setrlimit(resource.RLIMIT_AS, ({limit}, {limit}))
"""


def kill_and_go_on(bench: Bench, n_kills: int) -> Counter[str]:
    """Kill jobs, the workflow manager or everything, again and again until the study is done."""
    done: Counter[str] = Counter()
    while done.total() < n_kills:
        study = bench.make_study("killed")
        for _ in range(15):
            run = Run(study)
            after = bench.chance.randint(0, 4)
            wanted = bench.chance.choice(["job", "manager", "everything"])
            if not run.wait_for(lambda r=run, n=after: r.n_steps >= n and bool(r.list_jobs())):
                break
            if wanted == "job":
                jobs = run.list_jobs()
                done["job"] += bool(jobs) and kill(bench.chance.choice(jobs))
                run.finish()
            elif wanted == "manager":
                done["manager"] += kill_manager(run)
                run.kill_all()
            else:
                run.kill_all()
                done["everything"] += 1
            if done.total() >= n_kills:
                break
        bench.settle(study)
    return done


def kill_manager(run: Run) -> bool:
    """Kill Snakemake alone, so that its jobs are orphans; wait for the command to end."""
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            words = (entry / "cmdline").read_bytes()
        except (OSError, IndexError, ValueError):
            continue
        if parent == run.process.pid and b"snakemake" in words:
            killed = kill(int(entry.name))
            run.finish()
            return killed
    return False


def truncate(bench: Bench, times: int) -> Counter[str]:
    """Cut a result of a finished study to a part of its length."""
    study = bench.copy_finished("truncated")
    for _ in range(times):
        files = sorted(
            path
            for path in (study / "results").rglob("*")
            if path.is_file()
            and path.stat().st_size > 1
            and path.relative_to(study / "results").parts[0] not in ("logs", "benchmarks")
        )
        path = bench.chance.choice(files)
        with open(path, "r+b") as stream:
            stream.truncate(int(path.stat().st_size * bench.chance.random()))
        bench.settle(study)
    return Counter({"truncated": times})


def set_clock_back(bench: Bench, times: int) -> Counter[str]:
    """Some results seem to come from the future, as after the clock was set back."""
    study = bench.copy_finished("clock")
    for _ in range(times):
        for path in sorted((study / "results").rglob("*")):
            if path.is_file() and bench.chance.random() < 0.3:
                os.utime(path, (time.time() + 3600, time.time() + 3600))
        bench.settle(study)
    return Counter({"clock set back": times})


def run_twice(bench: Bench, times: int) -> Counter[str]:
    """Two runs in one folder: the second is refused, the first goes on."""
    for _ in range(times):
        study = bench.make_study("twice")
        first = Run(study)
        first.wait_for(lambda r=first: bool(r.list_jobs()))
        second = Run(study)
        assert second.finish() == 2, second.lines
        assert any("another 'vagus run'" in line for line in second.lines)
        assert first.finish() == 0, first.lines[-40:]
        bench.settle(study)
    return Counter({"two runs": times})


def change_sample(bench: Bench, times: int) -> Counter[str]:
    """The reads of a sample change under a running study: the results are those of the new."""
    for _ in range(times):
        study, fresh = bench.make_study("changed"), bench.make_study("fresh")
        files = sorted((study / "reads").iterdir())
        old, new = bench.chance.sample([path for path in files if path.stat().st_size > 500], 2)
        content = new.read_bytes()
        (fresh / "reads" / old.name).write_bytes(content)
        undisturbed = Run(fresh)
        assert undisturbed.finish() == 0
        run, after = Run(study), bench.chance.randint(2, 12)
        run.wait_for(lambda r=run, n=after: r.n_steps >= n)
        old.write_bytes(content)
        run.finish()
        bench.settle(study, read_sums(fresh))
    return Counter({"sample changed": times})


def starve_of_memory(bench: Bench, times: int) -> Counter[str]:
    """A step gets no more memory: the run ends with an error, the next one goes on.

    The limit is set where Python starts, in the step program only, so that it is met each time.
    """
    for _ in range(times):
        study = bench.make_study("starved")
        program, limit = bench.chance.choice(HUNGRY), bench.chance.randint(100, 300)
        hook = bench.folder / "limit"
        hook.mkdir(exist_ok=True)
        (hook / "sitecustomize.py").write_text(_LIMIT.format(program=program, limit=limit << 20))
        run = Run(study, hook)
        assert run.finish() != 0, f"{program} was content with {limit} MiB"
        assert any(program in line for line in run.lines), run.lines
        assert any("not enough memory" in line for line in run.lines), run.lines
        bench.settle(study)
    return Counter({"out of memory": times})


def mount(folder: Path, options: str) -> None:
    """Mount a file system in memory there, or mount it again with other options."""
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "vagus-test", str(folder)],
        check=True, capture_output=True,
    )  # fmt: skip


def fill_disk(bench: Bench, times: int) -> Counter[str]:
    """The disk of the results is full: the message says so; with space the next run goes on."""
    for _ in range(times):
        study = bench.make_study("full")
        (study / "results").mkdir()
        mount(study / "results", f"size={bench.chance.choice([64, 256, 600, 1200])}k")
        try:
            run = Run(study)
            assert run.finish() != 0
            assert any("No space left" in line for line in run.lines), run.lines[-60:]
            assert not any("Traceback" in line for line in run.lines), run.lines[-60:]
            mount(study / "results", "remount,size=1g")
            bench.settle(study)
        finally:
            subprocess.run(["umount", str(study / "results")], check=True)
    return Counter({"disk full": times})


def forbid_writing(bench: Bench, times: int) -> Counter[str]:
    """The results cannot be written: one message; when they can, the next run goes on."""
    for _ in range(times):
        study = bench.make_study("read-only")
        (study / "results").mkdir()
        mount(study / "results", "size=1g,ro")
        try:
            run = Run(study)
            assert run.finish() == 2
            assert any("cannot be written" in line for line in run.lines), run.lines
            mount(study / "results", "remount,rw,size=1g")
            bench.settle(study)
        finally:
            subprocess.run(["umount", str(study / "results")], check=True)
    return Counter({"read-only": times})


def can_mount() -> bool:
    """Whether this process may mount file systems."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        try:
            mount(Path(folder), "size=64k")
        except subprocess.CalledProcessError:
            return False
        subprocess.run(["umount", folder], check=True)
    return True


OTHERS: tuple[Callable[[Bench, int], Counter[str]], ...] = (
    truncate, set_clock_back, run_twice, change_sample, starve_of_memory, fill_disk,
    forbid_writing,
)  # fmt: skip
NEED_MOUNT = (fill_disk, forbid_writing)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the long version."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=100, help="processes to kill")
    parser.add_argument("--others", type=int, default=5, help="times of every other harm")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        bench = prepare(Path(folder), arguments.seed)
        print("harm\ttimes\toutcome", flush=True)
        for harm in (kill_and_go_on, *OTHERS):
            if harm in NEED_MOUNT and not can_mount():
                print(f"{harm.__name__}\t0\tnot tried: no file system can be mounted here")
                continue
            times = arguments.kills if harm is kill_and_go_on else arguments.others
            for what, n in sorted(harm(bench, times).items()):
                print(f"{what}\t{n}\tnext run: same bytes", flush=True)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(SCRIPTS))
    raise SystemExit(main())
