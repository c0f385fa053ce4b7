"""Compiling under a limit of address space ends in a message, not in an abort of LLVM."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from unit.kernels.accounts import SCRIPTS
from vagus.kernels.jit import COMPILER_MB, KERNEL_MB, LARGE_MB, count_mb
from workflow.studies import pick_genes

pytestmark = pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="the compiler is off")

# a kernel of each module is compiled, or loaded, with so much address space beyond what is in use
USE = """
import resource, sys
from pathlib import Path
from vagus.kernels.registry import list_versions
from vagus.denoise.kernel_needs import NEEDS
name, more_mb = sys.argv[1], int(sys.argv[2])
version = next(version for version in list_versions(NEEDS) if version.name == name)
version.dispatcher, version.types
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
limit = used + (more_mb << 20)
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    version.dispatcher.compile(version.types)
except MemoryError as error:
    sys.exit(str(error))
print(len(version.dispatcher.overloads))
"""


def use(cache: Path, kernel: str, more_mb: int) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SCRIPTS), "VAGUS_CACHE": str(cache)}
    for name in ("OMP", "OPENBLAS", "NUMBA"):  # as the step programs set it
        environment[f"{name}_NUM_THREADS"] = "1"
    return subprocess.run(
        [sys.executable, "-c", USE, kernel, str(more_mb)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_too_little_is_refused_and_enough_is_enough(tmp_path: Path) -> None:
    done = use(tmp_path, "share_words", COMPILER_MB - 5)
    assert f"to load the compiler takes {COMPILER_MB} MB of address space" in done.stderr
    done = use(tmp_path, "share_words", COMPILER_MB + 5)  # most of it is in use by then
    assert f"to compile a kernel takes {KERNEL_MB} MB of address space" in done.stderr
    assert done.returncode == 1
    assert not list(tmp_path.iterdir())
    assert use(tmp_path, "share_words", COMPILER_MB + KERNEL_MB).stdout == "1\n"
    assert use(tmp_path, "share_words", COMPILER_MB + 5).stdout == "1\n"


def test_kernels_that_align_for_dada_count_more() -> None:
    assert count_mb("dada.alignment") == LARGE_MB
    assert count_mb("dada.parts") == LARGE_MB  # by reading: it imports dada.alignment
    assert count_mb("taxonomy.alignment") == KERNEL_MB
    assert count_mb("skbio.stats.distance") == KERNEL_MB


@pytest.mark.long
@pytest.mark.parametrize(
    ("kernel", "counted"),
    [
        ("align_pairs", LARGE_MB), ("measure_parts", LARGE_MB), ("align_candidates", KERNEL_MB),
        ("gather_weights", KERNEL_MB), ("cluster_greedily", KERNEL_MB), ("count_gaps", LARGE_MB),
    ],
)  # fmt: skip
def test_what_is_counted_for_the_largest_kernels_is_enough(
    kernel: str, counted: int, tmp_path: Path
) -> None:
    """Those that took most when all were compiled one after the other."""
    done = use(tmp_path, kernel, COMPILER_MB + counted)
    assert (done.stdout, done.stderr) == ("1\n", "")


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command that names ASVs by the starter reference, whose index is mapped into memory."""
    folder = tmp_path_factory.mktemp("named")
    asvs, index = folder / "asvs.fasta", folder / "starter.index"
    asvs.write_text("".join(f">a{n}\n{gene}\n" for n, gene in enumerate(pick_genes(3))))
    program = [sys.executable, str(SCRIPTS / "index_reference.py"), "--reference", "starter"]
    subprocess.run([*program, "--index", str(index)], check=True, capture_output=True)
    program = [sys.executable, str(SCRIPTS / "classify_asvs.py"), "--threads", "2"]
    tables = ["--taxonomy", str(folder / "taxonomy.tsv"), "--hits", str(folder / "hits.tsv")]
    return [*program, "--asvs", str(asvs), "--index", str(index), *tables]


@pytest.mark.long
@pytest.mark.parametrize("limit_mb", [540, 560, 580, 600, 620])
def test_a_step_with_an_empty_cache_ends_with_the_message(
    named: list[str], limit_mb: int, tmp_path: Path
) -> None:
    """Above what it takes to start, below what compiling takes: LLVM aborted it at 560 MB."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit_mb << 20, limit_mb << 20))

    done = subprocess.run(
        named, preexec_fn=limit, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS), "VAGUS_CACHE": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode in (0, 3), done.stderr
    assert done.returncode == 0 or "there is not enough memory" in done.stderr
    assert "LLVM" not in done.stderr
