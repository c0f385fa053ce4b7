"""Step programs under limits of their address space, as ``ulimit -v`` and SGE's h_vmem set them.

Each is a real job of a real study. One that loops, as OpenBLAS does where it gets no memory, is
ended by its limit of CPU time, so that a test ends at any speed of the machine.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

from faults.bench import SCRIPTS, Bench, limit_cpu, prepare
from faults.harness import HUNGRY

MB = 1 << 20
AMPLE_MB = 2000


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return prepare(tmp_path_factory.mktemp("memory"), seed=2)


def run_limited(bench: Bench, program: str, limit_mb: int, study: Path) -> tuple[int, str]:
    """Run a job of the finished study again; its exit code and what it said."""

    def limit() -> None:
        limit_cpu()
        resource.setrlimit(resource.RLIMIT_AS, (limit_mb * MB, limit_mb * MB))

    done = subprocess.run(
        bench.commands[program], cwd=study, preexec_fn=limit, capture_output=True, text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS), "VAGUS_SCRIPTS": str(SCRIPTS),
             "VAGUS_RESOURCES": str(SCRIPTS.parent / "resources")},
    )  # fmt: skip
    return done.returncode, done.stderr


def check_end(code: int, said: str) -> None:
    """It ended by itself: done, or with the message about memory and its exit code."""
    assert code in (0, 3), (code, said)
    assert code == 0 or "there is not enough memory" in said, said
    assert "Traceback" not in said, said


@pytest.mark.parametrize("limit_mb", [100, 150, 200, 250, 300, 350, 400])
@pytest.mark.parametrize("program", HUNGRY)
def test_a_hungry_step_ends_at_any_limit(bench: Bench, program: str, limit_mb: int) -> None:
    study = bench.copy_finished("limited")
    code, said = run_limited(bench, program, limit_mb, study)
    check_end(code, said)
    assert code == 3 or limit_mb > 150  # numpy and pandas alone take 140 MB
    assert not list((study / "results").rglob(".tmp*"))


@pytest.mark.parametrize("program", HUNGRY)
def test_a_hungry_step_is_not_refused_what_it_can_do(bench: Bench, program: str) -> None:
    code, said = run_limited(bench, program, AMPLE_MB, bench.copy_finished("ample"))
    assert code == 0, said


def test_every_step_ends_at_a_low_limit(bench: Bench) -> None:
    study = bench.copy_finished("low")
    assert len(bench.commands) > 20
    for program in sorted(bench.commands):
        check_end(*run_limited(bench, program, 200, study))
    shutil.rmtree(study)
