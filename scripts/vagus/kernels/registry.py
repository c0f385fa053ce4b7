"""Which versions of which kernels a study runs, so that they are compiled before its jobs start.

``versions.txt`` has a line for each version that Python code calls: the needs of a study that
lead to it, its module, its name and the types of its arguments. It is written by
``tests/workflow/kernel_studies.py`` from what real studies called.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Collection, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from numba.core import types as numba_types

from vagus.kernels.cache_age import remove_unused
from vagus.kernels.cache_files import CACHE_VARIABLE, SHARED, choose_folder
from vagus.kernels.jit import HERE, name_folder

# numba's stubs know only some of its types
types: Any = numba_types
PACKAGE = "vagus.kernels."
VERSIONS = Path(__file__).with_name("versions.txt")


@dataclass(frozen=True, order=True)
class Version:
    """A kernel for one choice of types of its arguments, as words."""

    module: str
    name: str
    arguments: tuple[str, ...]

    @property
    def types(self) -> tuple[Any, ...]:
        """As numba wants them."""
        return tuple(read_type(word) for word in self.arguments)

    @property
    def dispatcher(self) -> Any:
        """The kernel itself; a plain function while the compiler is off."""
        return getattr(importlib.import_module(PACKAGE + self.module), self.name)


def write_type(kind: Any) -> str:
    """A type as a word: ``int64``, ``uint8[2C]`` (dimensions, order, ``r``: read-only), ``(a;b)``.

    Raises ValueError for a type that has no word.
    """
    word = str(kind)
    if isinstance(kind, types.Array):
        word = f"{kind.dtype}[{kind.ndim}{kind.layout}{'' if kind.mutable else 'r'}]"
    elif isinstance(kind, types.BaseTuple):
        word = f"({';'.join(write_type(part) for part in kind)})"
    if read_type(word) != kind:
        raise ValueError(f"no word for the type {kind!r}")
    return word


def read_type(word: str) -> Any:
    """The type that a word names."""
    if word.endswith("]"):
        element, _, form = word[:-1].partition("[")
        return types.Array(read_type(element), int(form[0]), form[1], readonly=form.endswith("r"))
    if word.startswith("("):
        return types.BaseTuple.from_types(tuple(map(read_type, word[1:-1].split(";"))))
    found = getattr(types, word, None)
    if not isinstance(found, types.Type):
        raise ValueError(f"'{word}' is not a type")
    return found


def list_versions(needs: Collection[str], path: Path = VERSIONS) -> list[Version]:
    """Versions that a study with these needs runs, sorted."""
    found = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            labels, module, name, *arguments = line.split("\t")
            if not set(needs).isdisjoint(labels.split(",")):
                found.add(Version(module, name, tuple(arguments)))
    return sorted(found)


def find_missing(versions: Iterable[Version]) -> list[Version]:
    """Those that are not in the cache as sound files; none while the compiler is off."""
    return [
        version
        for version in versions
        if hasattr(version.dispatcher, "compile")
        and not version.dispatcher._cache.is_saved(
            version.types, version.dispatcher.targetctx.codegen()
        )
    ]


def compile_versions(versions: Iterable[Version], n_workers: int = 1) -> None:
    """Compile each and save it, in so many processes; those of a module in one."""
    groups = [list(group) for _, group in groupby(versions, key=lambda version: version.module)]
    if n_workers <= 1 or len(groups) <= 1:
        for group in groups:
            _compile_group(group)
        return
    with ProcessPoolExecutor(min(n_workers, len(groups))) as pool:
        for _ in pool.map(_compile_group, sorted(groups, key=len, reverse=True)):
            pass


def time_compiling(versions: Iterable[Version], n_workers: int) -> str:
    """Compile each; what it took, as '24 s (61 CPU s)', with the processes that it was done in."""
    before = os.times()
    compile_versions(versions, n_workers)
    after = os.times()
    cpu_s = sum(after[:4]) - sum(before[:4])  # own and of children, in user and system mode
    return f"{after.elapsed - before.elapsed:.0f} s ({cpu_s:.0f} CPU s)"


def _compile_group(group: Iterable[Version]) -> None:
    for version in group:
        version.dispatcher.compile(version.types)


def remove_old_kernels() -> list[str]:
    """Remove folders of other versions from the cache that were not used for 90 days; their names.

    None of this checkout is removed, whatever its age.
    """
    folder = choose_folder()
    modules = [f"{path.parent.name}.{path.stem}" for path in HERE.glob("*/[!_]*.py")]
    return remove_unused(folder, frozenset(map(name_folder, modules))) if folder else []


def use_shared() -> None:
    """Let this process keep compiled kernels in the checkout, for all who use it."""
    os.environ[CACHE_VARIABLE] = str(SHARED)
