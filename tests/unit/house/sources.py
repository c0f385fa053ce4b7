"""Python files parsed once for all tests of the house, which share one process."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


def parse(path: Path) -> ast.Module:
    """The syntax tree of a file; it is not to be changed."""
    return parse_text(path.read_text(encoding="utf-8"))


def walk(path: Path) -> tuple[ast.AST, ...]:
    """All nodes of a file."""
    return _walk(path.read_text(encoding="utf-8"))


@cache
def parse_text(text: str) -> ast.Module:
    """The same of a text; kept by text, since tests write other texts to the same path."""
    return ast.parse(text)


@cache
def _walk(text: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(parse_text(text)))
