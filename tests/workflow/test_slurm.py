"""A study through a real SLURM of one node, with a job and a daemon killed on the way."""

from __future__ import annotations

import csv
import filecmp
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from vagus.demo.cohort import DemoPlan, write_demo
from workflow.slurm_cluster import OneNodeCluster, explain_absence
from workflow.studies import run_vagus

ABSENCE = explain_absence()
PATIENCE_S = 900
pytestmark = [
    pytest.mark.workflow,
    pytest.mark.long,
    pytest.mark.skipif(bool(ABSENCE), reason=f"no SLURM here: {ABSENCE}"),
]


@pytest.fixture
def cluster() -> Iterator[OneNodeCluster]:
    # the path of a socket must be short, and pytest's folders are not
    folder = Path(tempfile.mkdtemp(prefix="slurm"))
    try:
        with OneNodeCluster(folder / "c") as running:
            yield running
    finally:
        shutil.rmtree(folder)


def start_run(cluster: OneNodeCluster, study: Path) -> subprocess.Popen[str]:
    """``vagus run --on slurm``, asking for states often because the jobs are short."""
    words = [
        "run", "--on", "slurm", "--partition", "other", "--slurm-no-account",
        "--slurm-status-command", "squeue",
        "--slurm-init-seconds-before-status-checks", "2", "--seconds-between-status-checks", "1",
    ]  # fmt: skip
    return subprocess.Popen(
        [sys.executable, "-m", "vagus.cli.main", *words],
        cwd=study, env={**cluster.environment, "VAGUS_SLURM_CONSTRAINT": "fast"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def read_running_job(cluster: OneNodeCluster) -> str:
    """Number of a job that runs now, or nothing."""
    jobs = cluster.ask("squeue", "--noheader", "--states=RUNNING", "--format=%i").split()
    return jobs[0] if jobs else ""


def read_jobs(cluster: OneNodeCluster) -> list[dict[str, str]]:
    """What slurmctld says of each job that it has had."""
    lines = cluster.ask("scontrol", "--oneliner", "show", "job").splitlines()
    return [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines]


def check_requests(jobs: list[dict[str, str]], n_samples: int) -> None:
    """Every job went where it was sent; those of many samples ask for one core and enough time."""
    assert {job["Partition"] for job in jobs} == {"other"}
    assert {job["Features"] for job in jobs} == {"fast"}
    # a job that was killed is tried again with more, so the first of each group counts
    first: dict[str, dict[str, str]] = {}
    for job in sorted(jobs, key=lambda job: int(job["JobId"])):
        if "/group_" in job["StdOut"]:
            first.setdefault(job["StdOut"].split("/group_")[1].split("_")[0], job)
    assert set(first) == {"reads", "samples"}
    for job in first.values():
        # one sample after the other, on one core; a sample asks for at least 2 minutes and 400 MB,
        # and so few reads (99 to 215 MB were measured) for no more
        assert job["NumCPUs"] == "1"
        assert job["TimeLimit"] == f"00:{2 * n_samples}:00"
        assert job["MinMemoryNode"] == "400M"


def test_a_study_survives_a_killed_job_and_a_killed_daemon(
    cluster: OneNodeCluster, tmp_path: Path
) -> None:
    study = tmp_path / "study"
    study.mkdir()
    write_demo(study, 2, DemoPlan(seed=3, depth=150, people_per_group=2, blank_reads=4))
    shutil.copytree(study, tmp_path / "here")
    killed_job, killed_daemon, lines = "", False, []
    with start_run(cluster, study) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            done = re.match(r"\[ *(\d+)/", line)
            if done and int(done[1]) >= 2 and not killed_job:
                killed_job = read_running_job(cluster)
                if killed_job:
                    cluster.ask("scancel", "--signal=KILL", "--full", killed_job)
            if done and int(done[1]) >= 15 and not killed_daemon:
                cluster.kill("slurmctld")
                cluster.start("slurmctld")
                killed_daemon = True
        assert process.wait(PATIENCE_S) == 0, "".join(lines[-60:])
    check_requests(read_jobs(cluster), n_samples=10)
    assert killed_job, "no job was running when one was to be killed"
    assert killed_daemon

    # SLURM gave the same bytes as this machine by itself
    here = run_vagus(tmp_path / "here", "run", "--cores", "2")
    assert here.returncode == 0, here.stdout[-3000:] + here.stderr[-3000:]
    sums = [folder / "results" / "checksums.sha256" for folder in (study, tmp_path / "here")]
    assert filecmp.cmp(*sums, shallow=False)
    # samples shared jobs
    with open(study / "results" / "denoise" / "ledger.tsv", encoding="utf-8") as stream:
        n_samples = len(list(csv.DictReader(stream, delimiter="\t")))
    folders = study / ".snakemake" / "slurm_logs"
    assert n_samples == 10
    assert len(list(folders.glob("group_reads_prepare_reads*"))) == 1
