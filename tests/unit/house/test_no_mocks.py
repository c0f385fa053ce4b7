"""Tests run the real thing: none replaces a program, a function or ``subprocess`` by another.

A mocked test once asserted a command that the program refuses, and kept a dead warm-up green.
What must fail is made to fail: a limit (``tests/limits.py``), a closed port, a broken
installation on the path. What must be observed is watched (``tests/observing.py``).
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from unit.house.sources import parse_text

TESTS = Path(__file__).resolve().parents[2]
PATCHES = {"setattr", "delattr", "setitem", "delitem"}
"""Methods of ``monkeypatch``, by any name; the others set up a process as a user would."""

FILES = sorted(path for path in TESTS.rglob("*.py"))


def find_replacements(text: str) -> list[str]:
    """Places, as 'line: code', at which a module or class of others is changed."""
    tree = parse_text(text)
    imported = _list_imported(tree)
    return [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt | ast.expr) and _replaces(node, imported)
    ]


def _list_imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return names


def _replaces(node: ast.stmt | ast.expr, imported: set[str]) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name.split(".")[-1] == "mock" for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
        return "mock" in names
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(_find_owner(target) in imported for target in targets)
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in ("setattr", "delattr"):
            return isinstance(node.args[0], ast.Name) and node.args[0].id in imported
        if isinstance(node.func, ast.Attribute):
            return node.func.attr in PATCHES
    return False


def _find_owner(target: ast.expr) -> str:
    """The name whose attribute, or item of an attribute, is assigned to."""
    if ast.unparse(target).split("[")[0] == "sys.path":
        return ""
    is_attribute = False
    while isinstance(target, ast.Attribute | ast.Subscript):
        is_attribute |= isinstance(target, ast.Attribute)
        target = target.value
    return target.id if is_attribute and isinstance(target, ast.Name) else ""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TESTS).as_posix())
def test_nothing_is_replaced(path: Path) -> None:
    found = find_replacements(path.read_text(encoding="utf-8"))
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "monkeypatch.setattr(x, 'y', 1)",
        "patch.setattr(\n    drawing, 'inline_layouts', None\n)",
        "monkeypatch.setitem(sys.modules, 'numba', None)",
        "from unittest.mock import patch",
        "from unittest import mock",
        "import unittest.mock",
        "import subprocess\nsubprocess.run = None",
        "from vagus import files\nfiles.open_whole = None",
        "import vagus.files\nvagus.files.open_whole = None",
        "from vagus import files\nsetattr(files, 'open_whole', None)",
        "from vagus.phase.splitting import Splitter\nSplitter._grow = None",
        "import sys\nsys.modules['pyfamsa'] = None",
    ],
)
def test_the_fence_would_notice(text: str) -> None:
    assert len(find_replacements(text)) == 1


@pytest.mark.parametrize(
    "text",
    ["monkeypatch.setenv('A', 'b')", "monkeypatch.chdir(x)", "a.b = 1", "import sys\ns = sys.path"],
)
def test_what_a_user_may_do_is_allowed(text: str) -> None:
    assert find_replacements(text) == []
