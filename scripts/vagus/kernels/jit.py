"""The one policy for compiled kernels: how they are compiled and where they are cached.

Numba notices an edit in the file of a cached function but not in the files of the functions
that it calls, and its index of a function's versions is read, changed and written back, so
that jobs that start together can lose or mix up entries. Here each version is one file of
its own, written under another name and then renamed. It is in a folder named by a digest
of the kernel modules behind it: an edit starts an empty folder for these modules only,
copies of one checkout share their folders, and jobs never wait for each other.

Code is compiled for x86-64-v3 (processors since 2013), not for the processor at hand, wherever
that can run: one cache serves all nodes of a cluster, and images carry theirs.
"""

from __future__ import annotations

import hashlib
import pickle
import platform
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import llvmlite
import numba
from llvmlite import binding
from numba.core import caching, config, event
from numba.core.serialize import dumps

from vagus.kernels.address_space import take_room
from vagus.kernels.cache_age import mark_used
from vagus.kernels.cache_files import (
    choose_folder,
    find_danger,
    list_folders,
    read_checked,
    write_checked,
)

PACKAGE = "vagus.kernels."
HERE = Path(__file__).parent
TARGET = "x86-64-v3"
# what the System V ABI asks of a processor of this level, in LLVM's words
TARGET_FEATURES = frozenset(
    ("sse3", "ssse3", "sse4.1", "sse4.2", "cx16", "sahf", "popcnt", "avx", "avx2", "bmi", "bmi2",
     "f16c", "fma", "lzcnt", "movbe", "xsave")
)  # fmt: skip
# MB of address space, measured as VmPeak and rounded up: of the compiler at its first use, even to
# load what is compiled; of a kernel that is compiled; of one with this module behind it
COMPILER_MB, KERNEL_MB, LARGE_MB = 110, 50, 100
LARGE = "dada.alignment"

_Function = TypeVar("_Function", bound=Callable[..., Any])


def choose_target() -> None:
    """Let numba compile for ``TARGET`` unless this machine has less or the user chose."""
    if config.CPU_NAME is None and config.CPU_FEATURES is None and _can_run_target():
        config.CPU_NAME, config.CPU_FEATURES = TARGET, ""


def _can_run_target() -> bool:
    if platform.machine() not in ("x86_64", "AMD64"):
        return False
    features = binding.get_host_cpu_features()
    return all(features.get(name, False) for name in TARGET_FEATURES)


choose_target()


class RoomToCompile(event.Listener):  # type: ignore[misc]
    """Takes what compiling needs before it starts: LLVM aborts the process where it gets none.

    A kernel that is compiled for another one is counted with that one. Numba compiles under a lock,
    so that there is never a second one beside it.
    """

    def __init__(self) -> None:
        self._depth = 0

    def on_start(self, event: event.Event) -> None:
        """Raise MemoryError when there is too little. Called by numba before it compiles."""
        self._depth += 1
        if self._depth == 1:
            module = event.data["dispatcher"].py_func.__module__
            take_room(count_mb(module.removeprefix(PACKAGE)), "to compile a kernel")

    def on_end(self, event: event.Event) -> None:
        """Called by numba, also after ``on_start`` raised."""
        self._depth -= 1


event.register("numba:compile", RoomToCompile())


def count_mb(module: str) -> int:
    """MB of address space that it takes to compile a kernel of a module."""
    is_ours = find_source(module).is_file()
    return LARGE_MB if is_ours and LARGE in list_modules(module) else KERNEL_MB


def find_source(module: str, folder: Path = HERE) -> Path:
    """File of a kernel module; modules are named from this package on, as ``dada.words``."""
    return folder.joinpath(*module.split(".")).with_suffix(".py")


def list_modules(name: str, folder: Path = HERE) -> list[str]:
    """A kernel module and all kernel modules that it imports, directly or not, sorted."""
    found: set[str] = set()
    pending = [name]
    while pending:
        module = pending.pop()
        if module in found:
            continue
        found.add(module)
        for line in find_source(module, folder).read_text(encoding="utf-8").splitlines():
            if line.startswith(f"from {PACKAGE}"):
                pending.append(line.split()[1].removeprefix(PACKAGE))
    return sorted(found)


def digest_modules(name: str, folder: Path = HERE) -> str:
    """Digest of the sources behind a kernel module and of the compiler's version."""
    digest = hashlib.sha256(f"{numba.__version__} {llvmlite.__version__}".encode())
    for module in list_modules(name, folder):
        digest.update(module.encode())
        digest.update(find_source(module, folder).read_bytes())
    return digest.hexdigest()[:16]


@cache
def name_folder(module: str) -> str:
    """Name of the folder of a module's compiled kernels, in any cache."""
    return f"{module}-{digest_modules(module)}"


@cache
def find_folders(module: str) -> tuple[Path, ...]:
    """Safe folders in which compiled kernels of a module may be, the user's own first."""
    folders = [folder / name_folder(module) for folder in list_folders()]
    safe = tuple(folder for folder in folders if not find_danger(folder))
    for folder in safe:
        mark_used(folder)
    return safe


class VersionFiles:
    """One file a compiled version, without an index; the cache is only ever a gain."""

    def __init__(self, module: str, base: str) -> None:
        self.module = module
        self.base = base

    def name_file(self, key: tuple) -> str:
        """Name of the file of a version."""
        return f"{self.base}.{hashlib.sha256(repr(key).encode()).hexdigest()[:24]}.nbc"

    def read(self, key: tuple) -> bytes | None:
        """What was saved under this key, packed; None unless there is a sound file of ours."""
        for folder in find_folders(self.module):
            data = read_checked(folder / self.name_file(key))
            if data is not None:
                return data
        return None

    def load(self, key: tuple) -> Any:
        """What was saved under this key, or None. Called by numba."""
        data = self.read(key)
        return None if data is None else pickle.loads(data)

    def save(self, key: tuple, data: Any) -> None:
        """Save; where that is not possible (read-only, full) each process compiles its own."""
        own = choose_folder()
        if own is not None:
            with suppress(OSError):
                path = own / name_folder(self.module) / self.name_file(key)
                write_checked(path, dumps(data))

    def flush(self) -> None:
        """Nothing is kept open. Called by numba."""


class ModuleLocator:
    """What numba asks of the place of a cache; the place itself is ``VersionFiles``' affair."""

    def __init__(self, module: str) -> None:
        self.module = module

    @classmethod
    def from_function(cls, function: Callable, source_path: str) -> ModuleLocator:
        """Called by numba."""
        return cls(".".join(Path(source_path).relative_to(HERE).with_suffix("").parts))

    def get_cache_path(self) -> str:
        """Called by numba, which shows it in messages."""
        return self.module

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
    _has_compiler: ClassVar[bool] = False  # this process, that is

    def __init__(self, function: Callable) -> None:
        super().__init__(function)
        self._cache_file = VersionFiles(self._cache_path, self._impl.filename_base)

    def load_overload(self, types: tuple, target_context: Any) -> Any:
        """A version from its file, or None. Called by numba before all else.

        Raises MemoryError when there is too little for the compiler.
        """
        if not KernelCache._has_compiler:
            take_room(COMPILER_MB, "to load the compiler")
        found = super().load_overload(types, target_context)
        KernelCache._has_compiler = True
        return found

    def is_saved(self, types: tuple, codegen: Any) -> bool:
        """Whether a version for these types of arguments is in a sound file."""
        return self._cache_file.read(self._index_key(types, codegen)) is not None


def kernel(function: _Function) -> _Function:
    """Compile without the Python runtime: cached, the GIL released, strict IEEE arithmetic."""
    compiled: Any = numba.njit(nogil=True, fastmath=False, error_model="numpy")(function)
    if isinstance(compiled, numba.core.dispatcher.Dispatcher):
        compiled._cache = KernelCache(function)
    result: _Function = compiled
    return result
