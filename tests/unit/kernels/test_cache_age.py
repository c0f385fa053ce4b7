"""Compiled kernels of versions that nobody uses any more leave the cache; all others stay."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from unit.kernels.accounts import SCRIPTS
from vagus.kernels.cache_age import remove_unused

DAY_S = 86400.0
OLD = "dada.words-0123456789abcdef"
USE_A_KERNEL = """
import numpy as np
from vagus.kernels.dada.words import share_words
words = np.ones(8, np.uint8)
share_words(words, words)
print(sum(share_words.stats.cache_hits.values()))
"""


def make(folder: Path, age_days: float, *names: str) -> Path:
    """A folder with files, last used so many days ago."""
    folder.mkdir(parents=True)
    for name in names or ("words.share_words-.py311.abc.nbc",):
        (folder / name).write_bytes(b"x")
    set_age(folder, age_days)
    return folder


def set_age(folder: Path, age_days: float) -> None:
    before_s = time.time() - age_days * DAY_S
    os.utime(folder, (before_s, before_s))


def run(cache: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS), "VAGUS_CACHE": str(cache)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_folders_unused_for_90_days_are_removed(tmp_path: Path) -> None:
    make(tmp_path / OLD, 91)
    make(tmp_path / "denoise_words-0123456789abcdef", 400, "a.nbc", ".tmp.0011")
    make(tmp_path / ".old-0011223344556677", 91)  # of a process that was killed
    make(tmp_path / "dada.parts-0123456789abcdef", 89)
    make(tmp_path / "dada.pool-0123456789abcdef", 91)
    removed = remove_unused(tmp_path, frozenset(["dada.pool-0123456789abcdef"]))
    assert removed == [OLD, "denoise_words-0123456789abcdef"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "dada.parts-0123456789abcdef", "dada.pool-0123456789abcdef",
    ]  # fmt: skip


def test_what_is_not_a_folder_of_compiled_kernels_stays(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    make(cache / OLD, 100, "a.nbc", "letter.txt")
    make(cache / "indexes", 100)
    make(cache / "dada.words-old", 100)
    target = make(tmp_path / "elsewhere", 100)
    (cache / "dada.parts-0123456789abcdef").symlink_to(target)
    before = sorted(tmp_path.rglob("*"))
    assert remove_unused(cache, frozenset()) == []
    assert remove_unused(tmp_path / "none", frozenset()) == []
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="the compiler is off")
def test_a_folder_that_a_process_uses_stays(tmp_path: Path) -> None:
    """Another checkout may be of its version: the kernels are the same, only the time counts."""
    assert run(tmp_path, "-c", USE_A_KERNEL) == "0\n"
    (folder,) = tmp_path.iterdir()
    set_age(folder, 100)
    assert run(tmp_path, "-c", USE_A_KERNEL) == "1\n"
    assert remove_unused(tmp_path, frozenset()) == []
    set_age(folder, 100)
    assert remove_unused(tmp_path, frozenset()) == [folder.name]


@pytest.mark.long
@pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="the compiler is off")
def test_compiling_removes_other_versions_but_nothing_of_this_one(tmp_path: Path) -> None:
    program = str(SCRIPTS / "warm_kernels.py")
    make(tmp_path / OLD, 100)
    run(tmp_path, program, "dada-indels")
    folders = list(tmp_path.iterdir())
    assert folders
    assert tmp_path / OLD not in folders
    for folder in folders:  # all of this version, however old
        set_age(folder, 100)
    (gone,) = tmp_path.rglob("*count_runs*.nbc")
    gone.unlink()
    set_age(gone.parent, 100)
    run(tmp_path, program, "dada-indels")
    assert sorted(tmp_path.iterdir()) == sorted(folders)
