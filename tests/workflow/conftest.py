"""A small study with everything that goes wrong in practice, run once for all tests here."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from vagus.demo.cohort import DemoPlan, write_demo
from workflow.studies import ROOT, pick_genes, run_vagus, write_fastq

# what a shell, a page and a path would make of it must stay undone
HOSTILE = "<b>`touch pwned`$(touch pwned)&..'\"*{x}"
# the workflow manager cannot have braces and <word> in paths
HOSTILE_FILE = HOSTILE.replace("<b>", "<B>").replace("{x}", "")
EXTRA = {
    "none in it": "",
    "one": "P90",
    "five é": "P91",
    HOSTILE: "P93",
    "cut off": "P92",
}


def write_messy_study(folder: Path) -> Path:
    """8 simulated samples of 2 groups, blank and mock, and samples of 0, 1 and 5 reads.

    One file is truncated. Names contain spaces and letters beyond ASCII.
    """
    write_demo(folder, 3, DemoPlan(seed=3, depth=250, people_per_group=2, blank_reads=4))
    genes = pick_genes(2)
    write_fastq(folder / "reads" / "blank.fastq.gz", genes, 0)
    write_fastq(folder / "reads" / "none in it.fastq.gz", genes, 0)
    write_fastq(folder / "reads" / "one.fastq.gz", genes, 1)
    write_fastq(folder / "reads" / "five é.fastq.gz", genes[:1], 5)
    write_fastq(folder / "reads" / f"{HOSTILE_FILE}.fastq.gz", genes[1:], 4)
    write_fastq(folder / "reads" / "cut off.fastq.gz", genes, 400, seed=5)
    whole = (folder / "reads" / "cut off.fastq.gz").read_bytes()
    (folder / "reads" / "cut off.fastq.gz").write_bytes(whole[: len(whole) * 3 // 4])
    with open(folder / "samples.tsv", "a", encoding="utf-8") as sheet:
        for name, subject in EXTRA.items():
            stem = HOSTILE_FILE if name == HOSTILE else name
            sheet.write(f"{name}\treads/{stem}.fastq.gz\thifi\trun1\t\t{subject}\t\t\t\n")
    return folder


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The messy study after ``vagus run --cores 2``, run by one of the processes that test."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        (tmp_path_factory.getbasetemp().parent / "finished").touch(exist_ok=False)
    folder = write_messy_study(tmp_path_factory.mktemp("study") / "my study é")
    done = run_vagus(folder, "run", "--cores", "2")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    (folder / "stdout.txt").write_text(done.stdout, encoding="utf-8")
    (folder / "stderr.txt").write_text(done.stderr, encoding="utf-8")
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the workflow needs of the checkout."""
    target = tmp_path / "copied checkout"
    target.mkdir()
    for name in ("workflow", "scripts", "resources"):
        shutil.copytree(
            ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
        )
    return target
