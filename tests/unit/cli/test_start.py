"""The address space that libraries need to start, measured in processes that load them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vagus.cli.start import BASE_MB, LIBRARIES, list_libraries

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
# Some work with a library, beyond its bare import, that maps more of it.
WORK = {
    "scipy": "import scipy.stats, scipy.optimize, scipy.spatial.distance",
    "matplotlib": "import matplotlib.figure, matplotlib.backends.backend_svg",
    "statsmodels": "import statsmodels.regression.linear_model",
}
_LOAD = """
import resource, sys
sys.path.insert(0, {scripts!r})
resource.setrlimit(resource.RLIMIT_CPU, (120, 120))
from pathlib import Path
from vagus.cli import start
used_mb = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() >> 20
limit = used_mb + {mb} << 20
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
start.prepare_start(Path({program!r}))
{work}
"""


def load(work: str, limit_mb: int, folder: Path) -> subprocess.CompletedProcess[str]:
    """Do some work under a limit of so many MB beyond those of a Python that has started."""
    program = folder / "program.py"
    program.write_text(work, encoding="utf-8")
    code = _LOAD.format(scripts=str(SCRIPTS), mb=limit_mb, program=str(program), work=work)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def count_mb(names: set[str]) -> int:
    return BASE_MB + sum(LIBRARIES[name][0] for name in names)


@pytest.mark.parametrize("library", sorted(LIBRARIES))
def test_what_is_counted_for_a_library_is_enough(library: str, tmp_path: Path) -> None:
    work = WORK.get(library, f"import {library}")
    (tmp_path / "program.py").write_text(work, encoding="utf-8")
    wanted = count_mb(list_libraries(tmp_path / "program.py"))
    done = load(work, wanted + 2, tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("library", ["numpy", "scipy", "numba", "skbio"])
def test_less_is_refused_before_anything_is_loaded(library: str, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(f"import {library}", encoding="utf-8")
    wanted = count_mb(list_libraries(tmp_path / "program.py"))
    done = load(f"import {library}", wanted - 5, tmp_path)
    assert f"MemoryError: to start takes {wanted} MB of address space" in done.stderr
    assert "OpenBLAS" not in done.stderr


def test_libraries_are_found_behind_our_modules() -> None:
    # by reading: plot modules load matplotlib, tables pandas, the tree skbio
    assert {"matplotlib", "pandas", "numpy"} <= list_libraries(SCRIPTS / "write_sample_reports.py")
    assert {"skbio", "scipy", "numba"} <= list_libraries(SCRIPTS / "build_tree.py")
    assert "numba" in list_libraries(SCRIPTS / "warm_kernels.py")  # imports modules by their names
    assert list_libraries(SCRIPTS / "write_checksums.py") == set()
