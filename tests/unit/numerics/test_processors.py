"""Step programs write the same bytes whatever processor numpy and OpenBLAS take this one for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.long
STEPS = Path(__file__).with_name("run_steps.py")
# The oldest and a newer processor that both libraries have code for; each runs on any newer one.
OLD = {
    "OPENBLAS_CORETYPE": "Nehalem",
    "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4 AVX512_ICL AVX512_SPR",
}
NEW = {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": ""}
NUMPY_ITSELF = ("numpy_product.npy", "numpy_exp.npy")


def run_as(processor: dict[str, str], folder: Path) -> dict[str, bytes]:
    """Everything that the steps write in a child that takes its processor for this one."""
    folder.mkdir()
    environment = {**os.environ, **processor, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(STEPS), str(folder)], env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    flags = Path("/proc/cpuinfo")
    if not flags.is_file() or "avx2" not in flags.read_text(encoding="utf-8", errors="replace"):
        pytest.skip("not an x86-64 processor with AVX2, or no /proc/cpuinfo")
    if "openblas" not in np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]:
        pytest.skip("this numpy was not built with OpenBLAS")
    folder = tmp_path_factory.mktemp("processors")
    return run_as(NEW, folder / "new"), run_as(OLD, folder / "old")


def test_the_two_are_processors_of_unlike_digits(
    both: tuple[dict[str, bytes], dict[str, bytes]],
) -> None:
    """Or the next test would show nothing: OpenBLAS must have taken the name."""
    assert both[0][NUMPY_ITSELF[0]] != both[1][NUMPY_ITSELF[0]]


def test_results_are_the_same_on_both(both: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    new, old = both
    assert new.keys() == old.keys()
    results = new.keys() - set(NUMPY_ITSELF)
    assert {"error_model.tsv", "partitions.npz", "nmds_stress.tsv", "beta_robust_aitchison.tsv",
            "differential.tsv", "beta_models.tsv"} <= results  # fmt: skip
    assert [name for name in sorted(results) if new[name] != old[name]] == []
