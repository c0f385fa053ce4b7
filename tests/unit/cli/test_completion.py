"""Completion scripts: a shell completes with them; a folder can be named by -C."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vagus.cli.stages import list_stages

pytest.importorskip("shtab", reason="install the package again: shtab is new among its libraries")
# what a shell calls when a person presses TAB behind these words
PRESS_TAB = """
source "$1"; shift
COMP_WORDS=(vagus "$@"); COMP_CWORD=$#; COMPREPLY=()
_shtab_vagus
printf '%s\\n' "${COMPREPLY[@]}"
"""


def run_vagus(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vagus.cli.main", *words],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("completion") / "vagus.bash"
    path.write_text(run_vagus("completion", "bash").stdout, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["ru"], ["run"]),
        (["run", "tax"], ["taxonomy"]),
        (["run", "reads", "phy"], ["phylogeny"]),
        (["run", "--on", ""], ["default", "slurm"]),
        (["completion", ""], ["bash", "fish", "zsh"]),
        (["check", "--conf"], ["--configfile"]),
    ],
)
def test_bash_completes(script: Path, words: list[str], expected: list[str]) -> None:
    done = subprocess.run(
        ["bash", "-c", PRESS_TAB, "bash", str(script), *words],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split()) == expected


@pytest.mark.parametrize(("shell", "check"), [("zsh", "-n"), ("fish", "--no-execute")])
def test_other_shells_have_a_script(shell: str, check: str, tmp_path: Path) -> None:
    done = run_vagus("completion", shell)
    assert done.returncode == 0, done.stderr
    for word in ("taxonomy", "--configfile", "completion"):
        assert word in done.stdout
    if shutil.which(shell):
        (tmp_path / "script").write_text(done.stdout, encoding="utf-8")
        subprocess.run([shell, check, str(tmp_path / "script")], check=True)


def test_stages_are_those_of_the_workflow(root: Path) -> None:
    """Each stage has a rule file, a folder of results, and nothing else is a rule file."""
    files = {path.stem for path in (root / "workflow" / "rules").glob("*.smk")}
    assert files == {*list_stages(), "common", "plumbing"}


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    for words in (["-C", "none", "check"], ["check", "-C", "none"]):
        done = run_vagus(*words, folder=tmp_path)
        assert done.returncode == 2
        assert done.stderr.startswith("error: -C none: No such file or directory.")
