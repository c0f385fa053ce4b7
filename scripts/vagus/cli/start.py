"""Whether what a program needs to start can be had, before it loads its libraries.

OpenBLAS, in numpy and again in scipy, asks for memory as it is loaded and asks for ever where it
gets none. That is so under a limit of the address space (``ulimit -v``, h_vmem of SGE), which is
far above what a program takes of the machine's memory: libraries are mapped, not filled. Under
such a limit the libraries of a program are counted from its imports, room for them is taken and
given back, and both copies of OpenBLAS are loaded at once, while the room is still there.
"""

from __future__ import annotations

import ast
import errno
import importlib
import os
import re
import resource
import sys
from pathlib import Path

from vagus.kernels.address_space import take_room
from vagus.programs import list_sources

EXIT_OUT_OF_MEMORY = 3
BASE_MB = 25
# MB of address space that loading a library takes, and the libraries that it loads in turn.
# Measured as VmPeak of processes that load them, rounded up; tests/unit/cli/test_start.py loads
# each under a limit of so much.
LIBRARIES: dict[str, tuple[int, tuple[str, ...]]] = {
    "numpy": (90, ()),
    "scipy": (165, ("numpy",)),
    "pandas": (65, ("numpy",)),
    "numba": (320, ("numpy",)),  # 190 and what LLVM takes for kernels, else it aborts
    "matplotlib": (55, ("numpy",)),
    "h5py": (20, ("numpy",)),
    "biom": (40, ("h5py", "scipy")),
    "skbio": (20, ("biom", "numba", "pandas", "scipy")),
    "anndata": (55, ("h5py", "pandas", "scipy")),
    "statsmodels": (45, ("pandas", "scipy")),
    "Bio": (20, ("numpy",)),
    "pysam": (25, ()),
}
_WITH_BLAS = {"numpy": "numpy", "scipy": "scipy.linalg"}
# one thread: results do not depend on the cores, and each thread would ask for 40 MB more
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_UNLIMITED = resource.RLIM_INFINITY
_REASONS = re.compile(
    "failed to map segment|annot allocate memory|annot create shared object"
    "|can't start new thread|static TLS|process pool was terminated abruptly"
)


def prepare_start(program: Path) -> None:
    """Let libraries use one thread, and load those with OpenBLAS where memory is limited.

    Raises MemoryError when the libraries of the program cannot be loaded.
    """
    if "numpy" in sys.modules:  # too late, and not needed any more
        return
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    if not is_limited():
        return
    libraries = list_libraries(program)
    take_room(BASE_MB + sum(LIBRARIES[name][0] for name in libraries), "to start")
    for name in _WITH_BLAS.keys() & libraries:
        importlib.import_module(_WITH_BLAS[name])


def is_limited() -> bool:
    """Whether this process can be refused memory that the machine has."""
    limits = (resource.RLIMIT_AS, resource.RLIMIT_DATA)
    if any(resource.getrlimit(kind)[0] != _UNLIMITED for kind in limits):
        return True
    try:
        return Path("/proc/sys/vm/overcommit_memory").read_text().strip() == "2"
    except OSError:
        return False


def list_libraries(program: Path) -> set[str]:
    """The large libraries that a program and our modules behind it may load, directly or not."""
    pending = [
        word
        for path in list_sources(program)
        if path.suffix == ".py"
        for node in ast.walk(ast.parse(path.read_bytes()))
        for word in _list_first_words(node)
    ]
    found: set[str] = set()
    while pending:
        name = pending.pop()
        if name in LIBRARIES and name not in found:
            found.add(name)
            pending.extend(LIBRARIES[name][1])
    return found


def _list_first_words(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.split(".")[0]]
    return []


def is_lack_of_memory(error: BaseException) -> bool:
    """Whether memory was refused: libraries and the system report that in several ways."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    is_other = isinstance(error, (ImportError, RuntimeError))
    return isinstance(error, MemoryError) or (is_other and bool(_REASONS.search(str(error))))


def report_lack_of_memory(error: BaseException) -> int:
    """Print what to do; the exit code."""
    reason = f" ({error})" if str(error) else ""
    print(
        f"error: there is not enough memory{reason}. Run it where there is more, or run "
        "fewer steps at once (--cores).",
        file=sys.stderr,
    )
    return EXIT_OUT_OF_MEMORY
