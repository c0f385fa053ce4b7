"""Kernels are compiled before a run once, and not again while nothing changes."""

from __future__ import annotations

import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from vagus.cli import warm


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    commands: list[list[str]] = []
    monkeypatch.setenv("VAGUS_CACHE", str(tmp_path / "cache"))

    def run(command: list[str], **_: object) -> SimpleNamespace:
        commands.append(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(subprocess, "run", run)
    return commands


def test_the_second_run_finds_the_kernels_compiled(
    started: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    warm.warm_up()
    assert [command[1:] for command in started] == [
        [str(warm.SCRIPTS / "warm_kernels.py"), "denoise"]
    ]
    assert "once" in capsys.readouterr().err
    warm.warm_up()
    assert len(started) == 1
    assert capsys.readouterr().err == ""


def test_an_edit_of_a_kernel_compiles_again(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = warm.find_marker()
    (tmp_path / "kernels").mkdir()
    (tmp_path / "kernels" / "words.py").write_text("one")
    monkeypatch.setattr(warm, "KERNELS", tmp_path / "kernels")
    first = warm.find_marker()
    (tmp_path / "kernels" / "words.py").write_text("two")
    assert len({before, first, warm.find_marker()}) == 3


def test_a_failure_is_left_to_the_jobs(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1))
    warm.warm_up()
    assert not warm.find_marker().exists()
