"""The one policy for compiled kernels: how they are compiled and where they are cached.

Numba notices an edit in the file of a cached function but not in the files of the
functions that it calls. The cache therefore lives in a folder named by a digest of all
kernel sources: any edit starts an empty cache, and copies of one version share it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba

CACHE_VARIABLE = "VAGUS_CACHE"

_Function = TypeVar("_Function", bound=Callable[..., Any])


def digest_kernels() -> str:
    """Digest of every source file in this folder and of numba's version."""
    digest = hashlib.sha256(numba.__version__.encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def choose_cache_folder() -> Path:
    """``$VAGUS_CACHE``, else the user's cache folder, else a temporary one if that is read-only."""
    base = os.environ.get(CACHE_VARIABLE)
    if base is None:
        base = os.path.join(
            os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "vagus"
        )
    folder = Path(base) / f"kernels-{digest_kernels()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="vagus-kernels-"))
    if os.access(folder, os.W_OK):
        return folder
    return Path(tempfile.mkdtemp(prefix="vagus-kernels-"))


numba.config.CACHE_DIR = str(choose_cache_folder())  # type: ignore[attr-defined]


def kernel(function: _Function) -> _Function:
    """Compile without the Python runtime: cached, the GIL released, strict IEEE arithmetic."""
    compiled: _Function = numba.njit(cache=True, nogil=True, fastmath=False, error_model="numpy")(
        function
    )
    return compiled
