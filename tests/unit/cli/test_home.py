"""Accounts without a home that can be written, or without a name: the commands simply work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from unit.kernels.accounts import STRANGER, require_root, run_as_stranger
from workflow.studies import pick_genes, write_fastq, write_study

VAGUS = [sys.executable, "-m", "vagus.cli.main"]
KINDS = ["no HOME", "absent", "read-only", "root folder"]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """One sample, in a folder in which the other user can write."""
    require_root()
    folder = write_study(tmp_path / "study", "sample\treads\ns1\treads/s1.fastq.gz\n")
    write_fastq(folder / "reads" / "s1.fastq.gz", pick_genes(2), 30)
    for place in (tmp_path, *tmp_path.parents[:2]):
        place.chmod(place.stat().st_mode | 0o055)
    for place in (folder, *folder.rglob("*")):
        os.chown(place, STRANGER, STRANGER)
    return folder


def describe_home(kind: str, tmp_path: Path) -> dict[str, str]:
    """Environment of an account whose home is of no use, and a temporary folder to watch."""
    temporary = tmp_path / "temporary"
    temporary.mkdir(exist_ok=True)
    os.chown(temporary, STRANGER, STRANGER)
    (tmp_path / "home").mkdir(exist_ok=True)
    homes = {"absent": tmp_path / "none", "read-only": tmp_path / "home", "root folder": Path("/")}
    home = {} if kind == "no HOME" else {"HOME": str(homes[kind])}
    return {**home, "TMPDIR": str(temporary)}


@pytest.mark.parametrize(
    "kind", ["no HOME", *(pytest.param(kind, marks=pytest.mark.long) for kind in KINDS[1:])]
)
def test_check_and_plan_work_without_home_and_name(study: Path, tmp_path: Path, kind: str) -> None:
    environment = describe_home(kind, tmp_path)
    for words in (["check"], ["run", "-n"], ["run", "-n", "--nolock"]):
        done = run_as_stranger([*VAGUS, *words], study, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
    mistyped = run_as_stranger([*VAGUS, "run", "--nolok"], study, **environment)
    assert mistyped.returncode == 2
    assert "did you mean --nolock" in mistyped.stderr
    assert not (study / "~").exists()
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.workflow
@pytest.mark.long
@pytest.mark.parametrize("kind", ["no HOME", "read-only"])
def test_a_run_works_without_home_and_name(study: Path, tmp_path: Path, kind: str) -> None:
    environment = describe_home(kind, tmp_path)
    words = ["run", "--cores", "2", "--until", "index_reference"]
    done = run_as_stranger([*VAGUS, *words], study, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (study / "results" / "taxonomy" / "reference.json").is_file()
    (line,) = [text for text in done.stderr.splitlines() if text.startswith("Compiling")]
    reasons = {"no HOME": "there is no home folder", "read-only": "cannot be written"}
    assert "for this run only" in line
    assert reasons[kind] in line
    assert list((tmp_path / "temporary").iterdir()) == []
    assert list((tmp_path / "home").iterdir()) == []


def test_nothing_can_be_written_anywhere(study: Path) -> None:
    # no file may be larger than nothing, as on a full disk
    done = run_as_stranger(["prlimit", "--fsize=0", *VAGUS, "run", "-n"], study, HOME="/")
    assert done.returncode == 2
    assert done.stderr == (
        "error: there is neither a home folder nor a temporary folder that can be written. "
        "Set HOME or TMPDIR to a folder of yours.\n"
    )


def test_references_are_not_installed_in_a_folder_named_tilde(study: Path) -> None:
    (study / "own.fasta").write_text(">a d__Bacteria\nACGT\n", encoding="utf-8")
    done = run_as_stranger([*VAGUS, "reference", "get", "rdp"], study)
    assert done.returncode == 2
    assert "no home folder" in done.stderr
    assert not (study / "~").exists()


def test_a_home_that_can_be_used_is_left_alone(tmp_path: Path) -> None:
    code = """
import os
from vagus.cli.home import provide
before = dict(os.environ)
with provide() as reason:
    print(repr(reason), dict(os.environ) == before)
"""
    for place in (tmp_path, *tmp_path.parents[:2]):
        place.chmod(0o700)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "VAGUS_"))}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**environment, "HOME": str(tmp_path), "USER": "me"},
    )  # fmt: skip
    assert done.stdout == "'' True\n"
