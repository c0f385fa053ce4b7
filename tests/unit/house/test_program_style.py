"""Step programs are of one style: options, one call of the library, write.

A reader who knows one knows all, and tests may take ``options``, ``step`` and ``main`` of any.
"""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

from unit.house.sources import parse

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
PROGRAMS = sorted(SCRIPTS.glob("*.py"))
_MAIN = """main = make_main(step, options)

if __name__ == "__main__":
    raise SystemExit(main())
"""


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_has_the_functions_of_all(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = {node.name: node for node in parse(path).body if isinstance(node, ast.FunctionDef)}
    assert "\noptions = Options(__doc__)\n" in text
    assert text.endswith(_MAIN)
    assert ast.unparse(functions["step"].args) == "arguments: Arguments"


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 60


def test_every_program_is_looked_at() -> None:
    assert len(PROGRAMS) > 50
    n_lines = [len(path.read_text(encoding="utf-8").splitlines()) for path in PROGRAMS]
    assert statistics.median(n_lines) <= 36
