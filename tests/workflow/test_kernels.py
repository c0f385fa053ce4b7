"""After the warm-up no job compiles: of every kind of study, counted in files of the cache."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from workflow.kernel_studies import STUDIES, KernelStudy, list_files, run_steps
from workflow.studies import ROOT, pick_genes, run_vagus, write_fastq, write_study

pytestmark = [
    pytest.mark.workflow,
    pytest.mark.long,
    pytest.mark.nightly,
    pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="the compiler is off"),
]
WARM = [sys.executable, str(ROOT / "scripts" / "warm_kernels.py")]


def warm(cache: Path, *needs: str) -> str:
    """Run the program; what it printed."""
    done = subprocess.run(
        [*WARM, *needs], env={**os.environ, "VAGUS_CACHE": str(cache)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with all that is in the table of kernels."""
    folder = tmp_path_factory.mktemp("warm") / "cache"
    assert warm(folder).startswith("Compiling ")
    assert warm(folder) == ""
    return folder


@pytest.mark.parametrize("study", STUDIES, ids=lambda s: f"{s.need}-of-{s.reads}")
def test_every_kernel_that_a_study_calls_is_in_the_table(
    study: KernelStudy, cache: Path, tmp_path: Path
) -> None:
    before = list_files(cache)
    run_steps(study, study.write(tmp_path / "study"), cache)
    new = {f"{path.parent.name}/{path.name}" for path in list_files(cache).keys() - before.keys()}
    assert new == set(), "run tests/workflow/kernel_studies.py"
    assert list_files(cache) == before


def test_a_run_compiles_first_what_it_needs_and_the_next_run_nothing(tmp_path: Path) -> None:
    folder = write_study(
        tmp_path / "study", "sample\treads\tplatform\ns1\treads/s1.fastq.gz\thifi\n"
    )
    write_fastq(folder / "reads" / "s1.fastq.gz", pick_genes(3), 200)
    cache = tmp_path / "cache"
    last = ["--cores", "2", "--until", "merge_variants", "classify_asvs"]
    done = run_vagus(folder, "run", *last, VAGUS_CACHE=str(cache))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.count("Compiling ") == 1
    assert re.search(r"^Compiled in [1-9]\d* s \([1-9]\d* CPU s\)$", done.stderr, re.MULTILINE)
    after_first = list_files(cache)
    # only what this study needs: HiFi reads of high quality are denoised by dada alone
    modules = {path.parent.name.partition(".")[0] for path in after_first}
    assert modules == {"dada", "taxonomy"}
    assert warm(cache, "dada", "taxonomy") == ""
    again = run_vagus(folder, "run", *last, "--forceall", VAGUS_CACHE=str(cache))
    assert again.returncode == 0, again.stdout + again.stderr
    assert "Compiling" not in again.stderr
    assert list_files(cache) == after_first
    # a marker would not notice that one file is gone, and another damaged
    gone, damaged, *_ = sorted(path for path in after_first if ".align_" in path.name)
    gone.unlink()
    damaged.write_bytes(damaged.read_bytes()[:-1])
    assert "Compiling 2 kernels" in run_vagus(folder, "run", *last, VAGUS_CACHE=str(cache)).stderr
    assert list_files(cache).keys() == after_first.keys()
