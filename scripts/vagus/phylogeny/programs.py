"""What aligns and what infers trees on this machine: packages, or else a program on the PATH.

VeryFastTree's package has builds for Linux on x86-64 and ARM. They need GCC's OpenMP library, which
small images do not have; scikit-bio's package brings one. Elsewhere (macOS) a VeryFastTree or
FastTree 2 on the PATH serves, as conda and Homebrew install them; both take the same options and
follow the same method. Without any the tree is made by neighbour joining, and ``vagus check``, the
log and the report say so.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

VERYFASTTREE, FASTTREE, NEIGHBOUR_JOINING = "VeryFastTree", "FastTree", "neighbour joining"
FAMSA, STAR = "FAMSA", "star"
_OPENMP = "libgomp.so.1"
NO_PROGRAM = (
    "no program for maximum-likelihood trees is on this machine (VeryFastTree has no package for "
    "it), so that the tree is made by neighbour joining. Install FastTree, for example with conda "
    "or Homebrew, and let it be on the PATH."
)
_MODEL = ("-nt", "-gtr", "-gamma", "-nosupport", "-nopr")
_OPTIONS = {
    VERYFASTTREE: (*_MODEL, "-double-precision", "-threads", "1", "-ext", "NONE"),
    FASTTREE: _MODEL,
}
# on the PATH: the name of an executable and what it is; builds of double precision first
_EXECUTABLES = {
    "VeryFastTree": VERYFASTTREE,
    "FastTreeDbl": FASTTREE,
    "FastTree": FASTTREE,
    "fasttree": FASTTREE,
}


class TreeProgram(NamedTuple):
    """A program for maximum-likelihood trees and where it is."""

    name: str
    path: str

    def list_command(self, seed: int) -> list[str]:
        """Command that reads aligned FASTA from standard input and writes Newick."""
        return [self.path, *_OPTIONS[self.name], "-seed", str(seed)]


@contextmanager
def provide_openmp() -> Iterator[Mapping[str, str]]:
    """Environment in which VeryFastTree finds its OpenMP library; that of a package if need be."""
    with tempfile.TemporaryDirectory(prefix="vagus-") as folder:
        environment = dict(os.environ)
        if not _can_load(_OPENMP) and (bundled := _find_bundled_openmp()) is not None:
            Path(folder, _OPENMP).symlink_to(bundled)
            paths = [folder, *filter(None, [os.environ.get("LD_LIBRARY_PATH")])]
            environment["LD_LIBRARY_PATH"] = os.pathsep.join(paths)
        yield environment


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _find_bundled_openmp() -> Path | None:
    """The library that scikit-bio's package has for itself, under a name of its own."""
    files = distribution("scikit-bio").files or []
    found = [file for file in files if file.name.startswith("libgomp-")]
    return Path(str(found[0].locate())).resolve() if found else None


def find_program() -> TreeProgram | None:
    """The program for this machine; None where there is only neighbour joining."""
    packaged = _find_packaged()
    if packaged is not None:
        return packaged
    for executable, name in _EXECUTABLES.items():
        if path := shutil.which(executable):
            return TreeProgram(name, path)
    return None


def name_aligner(setting: str) -> str:
    """The aligner for this machine where the config has ``setting``."""
    return STAR if setting == "star" or explain_no_famsa() else FAMSA


def explain_no_famsa() -> str:
    """Why pyfamsa cannot be loaded; empty where it can."""
    try:
        import pyfamsa  # noqa: F401
    except ImportError as error:
        return str(error)
    return ""


def describe_methods(setting: str) -> dict[str, str]:
    """What makes alignment and tree on this machine where the config's aligner is ``setting``."""
    program = find_program()
    tree = NEIGHBOUR_JOINING if program is None else program.name
    return {"aligner": name_aligner(setting), "tree": tree}


def describe_lacks(setting: str) -> list[str]:
    """What this machine has not and others have, what serves instead, and what to do."""
    lacks = []
    if setting == "auto" and name_aligner(setting) == STAR:
        lacks.append(
            "pyfamsa cannot be loaded on this machine, so that ASVs are aligned to the most "
            "central one instead of by FAMSA. Set phylogeny: aligner to star for the same tree on "
            "all machines."
        )
    if find_program() is None:
        lacks.append(NO_PROGRAM)
    return lacks


def _find_packaged() -> TreeProgram | None:
    """The SSE2 build: wider vectors round differently, so trees would depend on the processor."""
    try:
        folder = Path(str(distribution("veryfasttree").locate_file("veryfasttree/bin")))
    except PackageNotFoundError:
        return None
    program = folder / "VeryFastTree-sse2"
    return TreeProgram(VERYFASTTREE, str(program)) if program.is_file() else None
