"""Compiled kernels: one folder a module, safe when jobs start together, paid once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vagus.kernels import jit

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
USE_A_KERNEL = """
import numpy as np
from vagus.kernels.dada.poisson import log_presence, log_poisson_tail
from vagus.kernels.dada.words import share_words
words = np.ones(8, np.uint8)
print(share_words(words, words), log_presence(-900.0), log_poisson_tail({n}, -900.0))
print(sum(share_words.stats.cache_misses.values()))
"""


def start(cache: Path, n: str = "1") -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS), "VAGUS_CACHE": str(cache)}
    return subprocess.Popen(
        [sys.executable, "-c", USE_A_KERNEL.format(n=n)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def finish(process: subprocess.Popen) -> list[str]:
    out, error = process.communicate(timeout=120)
    assert (process.returncode, error) == (0, "")
    return out.splitlines()


@pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="the compiler is off")
def test_jobs_that_start_together_share_an_empty_cache(tmp_path: Path) -> None:
    # n = 1 and n = 1.0 are two versions of one kernel, compiled at the same time
    jobs = [start(tmp_path, n) for n in ("1", "1.0")]
    assert [finish(job)[0] for job in jobs] == ["8 -900.0 -900.0"] * 2
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nbc")}
    assert before
    assert not [path for path in tmp_path.rglob("*") if ".tmp." in path.name]
    assert finish(start(tmp_path, "1.0")) == ["8 -900.0 -900.0", "0"]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nbc")} == before


@pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="the compiler is off")
def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert finish(start(tmp_path / "file"))[0] == "8 -900.0 -900.0"


def test_only_the_modules_behind_a_kernel_count(tmp_path: Path) -> None:
    modules = jit.list_modules("dada.parts")
    assert {"dada.alignment", "dada.parts", "jit"} <= set(modules)
    assert not [name for name in modules if name.startswith("taxonomy")]
    (tmp_path / "in").mkdir()
    for name in ("jit", "in/a", "in/b", "c"):
        (tmp_path / f"{name}.py").write_text("x = 1\n")
    (tmp_path / "in" / "a.py").write_text("from vagus.kernels.in.b import (\n    x,\n)\n")
    before = jit.digest_modules("in.a", tmp_path)
    (tmp_path / "c.py").write_text("x = 2\n")
    assert jit.digest_modules("in.a", tmp_path) == before
    (tmp_path / "in" / "b.py").write_text("x = 2\n")
    assert jit.digest_modules("in.a", tmp_path) != before
