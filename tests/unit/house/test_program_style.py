"""Step programs are of one style: options, one call of the library, write.

A reader who knows one knows all, and tests may call ``build_parser``, ``step`` and ``main`` of any.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from unit.house.sources import parse

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
PROGRAMS = sorted(SCRIPTS.glob("*.py"))
VERBS = ("build_parser", "step")
_MAIN = """main = make_main(step, build_parser)

if __name__ == "__main__":
    raise SystemExit(main())
"""


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_has_the_functions_of_all(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = {node.name: node for node in parse(path).body if isinstance(node, ast.FunctionDef)}
    public = [name for name in functions if not name.startswith("_")]
    assert [name for name in public if name in VERBS] == list(VERBS)
    assert text.endswith(_MAIN)
    assert ast.unparse(functions["build_parser"].args) == ""
    assert ast.unparse(functions["step"].args) == "arguments: argparse.Namespace"


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 65


def test_every_program_is_looked_at() -> None:
    assert len(PROGRAMS) > 50
