"""What is imported of the library is there, also where it is imported late or by a program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from unit.house.sources import parse, walk

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = ROOT / "scripts"
FOLDERS = ("scripts", "tests", "benchmarks")


@cache
def list_names(path: Path) -> set[str]:
    """Names that a module has at its top, also in ``if`` and ``try``."""
    names: set[str] = set()
    pending: list[ast.AST] = list(parse(path).body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
        else:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            pending += ast.iter_child_nodes(node)
    return names


def find_file(module: str, scripts: Path) -> Path | None:
    """File of a module of ours, or of a package."""
    base = scripts.joinpath(*module.split("."))
    places = (base.with_suffix(".py"), base / "__init__.py")
    return next((place for place in places if place.is_file()), None)


def list_missing(path: Path, scripts: Path = SCRIPTS) -> Iterator[str]:
    """Imports of ``vagus`` in a file that lead nowhere."""
    for node in walk(path):
        if not isinstance(node, ast.ImportFrom) or (node.module or "").split(".")[0] != "vagus":
            continue
        file = find_file(str(node.module), scripts)
        names = list_names(file) if file else set()
        for alias in node.names:
            if alias.name not in names and not find_file(f"{node.module}.{alias.name}", scripts):
                yield f"{node.lineno}: {alias.name} of {node.module}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_imports_lead_somewhere(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py"))
    missing = {str(path.relative_to(ROOT)): list(list_missing(path)) for path in files}
    assert files
    assert {path: found for path, found in missing.items() if found} == {}


def test_the_fence_sees_what_it_should(tmp_path: Path) -> None:
    (tmp_path / "vagus").mkdir()
    (tmp_path / "vagus/a.py").write_text("A, (B, C) = 1, (2, 3)\nif A:\n    import D as E\n")
    text = "def f():\n    from vagus.a import A, C, D, E\n    from vagus import a, b\n"
    (tmp_path / "x.py").write_text(text)
    assert list(list_missing(tmp_path / "x.py", tmp_path)) == ["2: D of vagus.a", "3: b of vagus"]
