"""Which code a step program runs: a digest that changes when, and only when, that code does.

Tables that the code reads from the folder of resources are part of it.

Snakemake sees edits of its rules but not of the modules that a step imports. Each rule
therefore carries this digest as a parameter: an edit of a library module reruns exactly the
rules whose program imports it, directly or through others, and a copied checkout reruns none.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

from vagus.product import find_product

SCRIPTS = find_product("scripts")
_LIBRARY = Path(__file__).resolve().parents[1]  # that of a wheel is not beside its programs
_OURS = re.compile(r"vagus(\.\w+)+\Z")
_OURS_IN_PART = re.compile(r"vagus(\.(\w+|\*))+\Z")
_DATA_SUFFIXES = (".tsv", ".yaml", ".j2", ".css", ".js")
# beside the folder of the programs; a module that reads it names it
_RESOURCES = "resources"
_NOT_READ = ".md"


def digest_program(program: str, scripts: Path = SCRIPTS) -> str:
    """Digest of ``scripts/<program>.py`` and of all files of ours that it may import or read."""
    return _digest(list_sources(scripts / f"{program}.py", scripts), scripts)


def digest_modules(*modules: str) -> str:
    """Digest of modules of ours and of every one that they may import."""
    files = {path for name in modules for path in _find(name, SCRIPTS)}
    sources = {source for path in files for source in list_sources(path)}
    return _digest(sorted(sources), SCRIPTS)


def _digest(paths: Sequence[Path], scripts: Path) -> str:
    digest = hashlib.sha256()
    for name, path in sorted((_name_in_checkout(path, scripts), path) for path in paths):
        digest.update(name.as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _name_in_checkout(path: Path, scripts: Path) -> Path:
    """Path of a file in the checkout, so that a wheel of the same code has the same digests."""
    if path.is_relative_to(scripts.parent):
        return path.relative_to(scripts.parent)
    return Path("scripts", path.relative_to(_find_library(scripts)))


def _find_library(scripts: Path) -> Path:
    """The folder that contains the package: that of the programs, except in a wheel."""
    return scripts if (scripts / "vagus").is_dir() else _LIBRARY


def list_sources(program: Path, scripts: Path = SCRIPTS) -> list[Path]:
    """The program, modules of ours reached from it by imports and their data, sorted by path."""
    found: set[Path] = set()
    pending = [program]
    while pending:
        path = pending.pop()
        if path not in found:
            found.add(path)
            pending.extend(_list_imports(path, scripts))
    return sorted(found)


@cache
def _list_imports(path: Path, scripts: Path) -> tuple[Path, ...]:
    """Files of ours that ``path`` uses: imports anywhere, data folders beside it, resources."""
    if path.suffix != ".py":
        return ()
    names: set[str] = set()
    texts: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes(), filename=str(path))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant):
            texts.add(str(node.value))
        elif isinstance(node, ast.JoinedStr):
            names.update(_match_modules(node, scripts))
    names |= set(filter(_OURS.match, texts))  # modules that are imported by their names
    files = {
        file for name in names if name.split(".")[0] == "vagus" for file in _find(name, scripts)
    }
    files |= {file for file in path.parent.glob("*/*") if file.suffix in _DATA_SUFFIXES}
    return tuple(sorted(files | _find_resources(texts, scripts.parent / _RESOURCES)))


def _find_resources(texts: Collection[str], folder: Path) -> set[Path]:
    """Files of resources, and of folders among them, that a module names."""
    if _RESOURCES not in texts or not folder.is_dir():
        return set()
    named = [path for path in folder.iterdir() if path.name in texts]
    files = {file for path in named for file in ([path] if path.is_file() else path.iterdir())}
    return {file for file in files if file.suffix != _NOT_READ}


def _match_modules(text: ast.JoinedStr, scripts: Path) -> set[str]:
    """Modules that are imported by a name with parts known at run time only: ``vagus.{x}.y``."""
    parts = [str(p.value) if isinstance(p, ast.Constant) else "*" for p in text.values]
    pattern = "".join(parts)
    if not _OURS_IN_PART.match(pattern):
        return set()
    library = _find_library(scripts)
    files = library.glob(pattern.replace(".", "/") + ".py")
    return {".".join(path.relative_to(library).with_suffix("").parts) for path in files}


def _find(module: str, scripts: Path) -> list[Path]:
    """File of a module of ours and the ``__init__`` files above it, as far as they exist."""
    parts = module.split(".")
    found = []
    for depth in range(1, len(parts) + 1):
        base = _find_library(scripts).joinpath(*parts[:depth])
        for candidate in (base.with_suffix(".py"), base / "__init__.py"):
            if candidate.is_file():
                found.append(candidate)
    return found
