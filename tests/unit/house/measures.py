"""What the house is measured by: rules and their plumbing, and who imports whom.

``benchmarks/house_figures.py`` prints these figures of two commits.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

from unit.house.sources import parse, walk

Graph = dict[str, set[str]]
_START = re.compile(
    r"^( *)(?:rule (\w+)|checkpoint (\w+)|use rule \w+ as (\w+) with|rule|checkpoint):$"
)
_NAME_OF_ENGINE = re.compile(r' *FACTS\.name_rule\("(\w+)", "(\w+)"\)$')
_PLUMBING = re.compile(r" *(log|benchmark|conda|resources|threads):")
_PLUMBING_PARAMETER = re.compile(r" *(program=|code=|\*\*run_program\()")


def indent_of(line: str) -> int:
    """Blanks at the start of a line."""
    return len(line) - len(line.lstrip())


def split_rules(text: str) -> dict[str, list[str]]:
    """The lines of every rule in a file of rules, without blank ones.

    A rule that each engine has is named ``verb noun``.
    """
    found: dict[str, list[str]] = {}
    lines: list[str] | None = None
    depth = 0
    for line in filter(str.strip, text.splitlines()):
        start = _START.match(line)
        if start:
            depth, lines = len(start[1]), [line]
            name = start[2] or start[3] or start[4]
            if name:
                found[name] = lines
        elif lines is not None and indent_of(line) > depth:
            lines.append(line)
            of_engine = _NAME_OF_ENGINE.match(line)
            if of_engine:
                found[f"{of_engine[1]} {of_engine[2]}"] = lines
        else:
            lines = None
    return found


def count_plumbing(lines: list[str]) -> int:
    """Lines of a rule that say how it runs, not what it does."""
    n_lines, depth = 0, 10**6
    for line in lines:
        if indent_of(line) > depth:
            n_lines += 1
        elif _PLUMBING.match(line):
            n_lines, depth = n_lines + 1, indent_of(line)
        else:
            n_lines, depth = n_lines + bool(_PLUMBING_PARAMETER.match(line)), 10**6
    return n_lines


def name_module(path: Path, folder: Path) -> str:
    """Name of a module by its file; a package has its own name."""
    parts = path.relative_to(folder).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def list_imports(folder: Path, at_start: bool) -> Graph:
    """What each module of ``vagus`` in a folder imports of it, anywhere or when it is loaded."""
    files = {name_module(path, folder): path for path in sorted(folder.glob("vagus/**/*.py"))}
    graph: Graph = {}
    for module, path in files.items():
        nodes = list_loaded(parse(path)) if at_start else walk(path)
        names = {
            f"{node.module}.{alias.name}"
            for node in nodes
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        graph[module] = {
            name if name in files else name.rpartition(".")[0]
            for name in names
            if name in files or name.rpartition(".")[0] in files
        } - {module}
    return graph


def list_loaded(tree: ast.Module) -> list[ast.stmt]:
    """Statements that run when a module is loaded, as far as imports go."""
    return [node for node in tree.body if isinstance(node, ast.ImportFrom)]


def join_packages(graph: Graph) -> Graph:
    """The same between packages, as ``vagus.dada``; modules beside them are packages too."""
    packages: Graph = defaultdict(set)
    for module, imported in graph.items():
        own = ".".join(module.split(".")[:2])
        packages[own] |= {".".join(name.split(".")[:2]) for name in imported} - {own}
    return packages


def list_mutual(packages: Graph) -> set[tuple[str, str]]:
    """Pairs that import each other."""
    return {
        (one.removeprefix("vagus."), other.removeprefix("vagus."))
        for one, imported in packages.items()
        for other in imported
        if one < other and one in packages.get(other, ())
    }


def find_circle(graph: Graph) -> list[str]:
    """Modules that load each other in a circle; empty when there is no circle."""
    done: set[str] = set()

    def visit(module: str, path: list[str]) -> list[str]:
        if module in path:
            return path[path.index(module) :]
        if module in done:
            return []
        for name in sorted(graph.get(module, ())):
            if circle := visit(name, [*path, module]):
                return circle
        done.add(module)
        return []

    return next((circle for module in sorted(graph) if (circle := visit(module, []))), [])
