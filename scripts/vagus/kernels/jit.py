"""The one policy for compiled kernels: how they are compiled and where they are cached.

Numba notices an edit in the file of a cached function but not in the files of the functions
that it calls, and its index of a function's versions is read, changed and written back, so
that jobs that start together can lose or mix up entries. Here each version is one file of
its own, written under another name and then renamed. It lies in a folder named by a digest
of the kernel modules behind it: an edit starts an empty folder for these modules only,
copies of one checkout share their folders, and jobs never wait for each other.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numba
from numba.core import caching

CACHE_VARIABLE = "VAGUS_CACHE"
PACKAGE = "vagus.kernels."
HERE = Path(__file__).parent

_Function = TypeVar("_Function", bound=Callable[..., Any])


def list_modules(name: str) -> list[str]:
    """A kernel module and all kernel modules that it imports, directly or not, sorted."""
    found: set[str] = set()
    pending = [name]
    while pending:
        module = pending.pop()
        if module in found:
            continue
        found.add(module)
        for line in (HERE / f"{module}.py").read_text(encoding="utf-8").splitlines():
            if line.startswith(f"from {PACKAGE}"):
                pending.append(line.split()[1].removeprefix(PACKAGE))
    return sorted(found)


def digest_modules(name: str) -> str:
    """Digest of the sources behind a kernel module and of numba's version."""
    digest = hashlib.sha256(numba.__version__.encode())
    for module in list_modules(name):
        digest.update(module.encode())
        digest.update((HERE / f"{module}.py").read_bytes())
    return digest.hexdigest()[:16]


def choose_cache_folder() -> Path:
    """``$VAGUS_CACHE``, else ``vagus`` in the user's cache folder."""
    own = os.environ.get(CACHE_VARIABLE)
    if own:
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")) / "vagus"


class VersionFiles(caching.IndexDataCacheFile):  # type: ignore[misc]
    """One file a compiled version, without an index; the cache is only ever a gain."""

    def load(self, key: tuple) -> Any:
        """What was saved under this key, or None."""
        try:
            return self._load_data(self._data_name(key))
        except (OSError, EOFError):
            return None

    def save(self, key: tuple, data: Any) -> None:
        """Save; where that is not possible (read-only, full) each process compiles its own."""
        try:
            os.makedirs(self._cache_path, exist_ok=True)
            self._save_data(self._data_name(key), data)
        except OSError:
            return

    def flush(self) -> None:
        """Nothing is kept open."""

    def _data_name(self, key: tuple) -> str:
        digest = hashlib.sha256(repr(key).encode()).hexdigest()[:24]
        return f"{self._index_name.removesuffix('.nbi')}.{digest}.nbc"


class ModuleLocator:
    """Where the versions of one kernel lie; nothing is created before something is saved."""

    folders: ClassVar[dict[str, Path]] = {}

    def __init__(self, module: str) -> None:
        if module not in self.folders:
            self.folders[module] = choose_cache_folder() / f"{module}-{digest_modules(module)}"
        self.folder = self.folders[module]

    @classmethod
    def from_function(cls, function: Callable, source_path: str) -> ModuleLocator:
        """Called by numba."""
        return cls(Path(source_path).stem)

    def get_cache_path(self) -> str:
        """Called by numba."""
        return str(self.folder)

    def get_source_stamp(self) -> str:
        """The folder's name says it all."""
        return ""

    def get_disambiguator(self) -> str:
        """A kernel's name is unique in its module."""
        return ""

    def ensure_cache_path(self) -> None:
        """Left to ``VersionFiles.save``."""


class KernelVersions(caching.CompileResultCacheImpl):  # type: ignore[misc]
    """How numba packs compiled versions, with our place for them."""

    _locator_classes: ClassVar[list[type]] = [ModuleLocator]


class KernelCache(caching.FunctionCache):  # type: ignore[misc]
    """Cache of one kernel."""

    _impl_class = KernelVersions

    def __init__(self, function: Callable) -> None:
        super().__init__(function)
        self._cache_file = VersionFiles(self._cache_path, self._impl.filename_base, "")


def kernel(function: _Function) -> _Function:
    """Compile without the Python runtime: cached, the GIL released, strict IEEE arithmetic."""
    compiled: Any = numba.njit(nogil=True, fastmath=False, error_model="numpy")(function)
    if isinstance(compiled, numba.core.dispatcher.Dispatcher):
        compiled._cache = KernelCache(function)
    result: _Function = compiled
    return result
