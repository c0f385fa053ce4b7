"""Pipes, devices, sockets and folders where a file is expected: one message, and never a wait."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from workflow.studies import pick_genes, write_fastq, write_study

SHEET = "sample\treads\nA\ta.fastq.gz\nB\tb.fastq.gz\n"
LONGEST_S = 300  # only a command that waits for ever takes so long
KINDS = {"pipe": "this is a pipe", "device": "this is a device", "socket": "this is a socket",
         "folder": "this is a folder", "standard input": "this is a pipe"}  # fmt: skip


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Two good samples."""
    folder = write_study(tmp_path / "study", SHEET)
    for number, name in enumerate("ab"):
        write_fastq(folder / f"{name}.fastq.gz", pick_genes(2), 60, seed=number)
    return folder


def make(kind: str, path: Path) -> None:
    """Put something that is not a file at a path."""
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    else:
        path.symlink_to({"device": "/dev/zero", "standard input": "/dev/stdin"}[kind])


def refuse(folder: Path, *words: str) -> str:
    """The one message of a command whose standard input stays open."""
    with subprocess.Popen(
        [sys.executable, "-m", "vagus.cli.main", *words], cwd=folder,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stderr is not None
        try:
            code = process.wait(LONGEST_S)
        except subprocess.TimeoutExpired:
            process.kill()
            pytest.fail(f"'vagus {' '.join(words)}' waits for ever")
        errors = process.stderr.read().splitlines()
    assert code == 2, errors
    assert len(errors) == 1
    assert errors[0].startswith("error: ")
    return errors[0]


NAMES = ["config.yaml", "samples.tsv", "b.fastq.gz"]
ODD = [(kind, name) for kind in KINDS for name in NAMES]
SHORT = [(kind, name) for kind, name in ODD if kind == "pipe" or name == "samples.tsv"]


@pytest.mark.parametrize(
    ("kind", "name"),
    [pytest.param(*odd, marks=() if odd in SHORT else pytest.mark.long) for odd in ODD],
)
def test_of_a_study(study: Path, kind: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(study)  # a socket's path must be short
    make(kind, study / name)
    said = refuse(study, "check")
    assert name in said
    assert KINDS[kind] in said
    assert not (study / "results").exists()


@pytest.mark.parametrize(
    "kind", ["pipe", *(pytest.param(kind, marks=pytest.mark.long) for kind in [*KINDS][1:])]
)
def test_of_other_commands(study: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(study)
    monkeypatch.setenv("VAGUS_REFERENCES", str(study / "references"))
    make(kind, study / "odd")
    commands = [
        ["reference", "import", "odd"],
        ["rerun", "odd"],
        ["simulate", "--community", "odd", "--output", "new"],
    ]
    if kind != "folder":  # of which all files are taken
        commands.append(["reference", "add", "odd", "--name", "odd"])
    for words in commands:
        said = refuse(study, *words)
        assert "odd: " in said
        assert KINDS[kind] in said


@pytest.mark.parametrize("key", ["taxonomy:\n  reference", "taxonomy:\n  copy_numbers"])
def test_of_tables_in_the_config(study: Path, key: str) -> None:
    os.mkfifo(study / "odd")
    (study / "config.yaml").write_text(f"{key}: ./odd\n")
    assert "odd" in refuse(study, "check")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("B\t./x/../a.fastq.gz", "has the same reads file as sample 'A'"),
        ("B\tlink.fastq.gz", "has the same reads file as sample 'A'"),
        ("B\tb.fastq.gz;x/../b.fastq.gz", "names the same reads file twice"),
        ("B\tb\0.fastq.gz", "has a control character"),
    ],
)
def test_reads_by_two_paths_or_none(study: Path, row: str, message: str) -> None:
    (study / "x").mkdir()
    (study / "link.fastq.gz").symlink_to("a.fastq.gz")
    (study / "samples.tsv").write_text(f"sample\treads\nA\ta.fastq.gz\n{row}\n")
    assert message in refuse(study, "check")
