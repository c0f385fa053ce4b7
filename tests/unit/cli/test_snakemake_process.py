"""Snakemake as it is started by us: what its engine is given, and its exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
SNAKEFILE = """
onstart:
    limit = workflow.scheduling_settings.max_jobs_per_timespan
    print("limit:", limit and (limit.max_jobs, limit.timespan))

rule all:
    output: "done.txt"
    shell: "touch {output}"

rule fail:
    output: "never.txt"
    shell: "exit 7"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Snakefile").write_text(SNAKEFILE, encoding="utf-8")
    return tmp_path


def start(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vagus.cli.snakemake_process", "--cores", "1", *words],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
    )  # fmt: skip


def find_limit(done: subprocess.CompletedProcess[str]) -> str:
    lines = (done.stdout + done.stderr).splitlines()
    return next(line for line in lines if line.startswith("limit: "))


def test_there_is_no_limit_unless_one_is_asked_for(folder: Path) -> None:
    done = start(folder, "all")
    assert done.returncode == 0, done.stderr
    assert (folder / "done.txt").is_file()
    assert find_limit(done) == "limit: None"
    # Snakemake ends when the span does
    done = start(folder, "--force", "--max-jobs-per-timespan", "7/1s", "all")
    assert find_limit(done) == "limit: (7, 1.0)"


def test_exit_codes(folder: Path) -> None:
    assert start(folder, "fail").returncode == 1
    (folder / "Snakefile").write_text("rule: input\n", encoding="utf-8")
    assert start(folder, "all").returncode == 1
