"""One home for the sheet's cells: nothing outside ``vagus.study`` decides what is missing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from unit.house.sources import walk
from vagus.study.missing import MISSING

# signs such as '-' and '?' are in many lists that are none of missing words
WORDS = {word for word in MISSING if not word or any(map(str.isalpha, word))}
ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = ROOT / "scripts"
OUTSIDE = [
    path for path in sorted(SCRIPTS.rglob("*.py")) if path.parent != SCRIPTS / "vagus" / "study"
]


def _find_faults(path: Path) -> Iterator[str]:
    """Second lists of missing words, and raw looks into a sample's metadata."""
    for node in walk(path):
        if isinstance(node, ast.Set | ast.List | ast.Tuple):
            words = {x.value.casefold() for x in node.elts
                     if isinstance(x, ast.Constant) and isinstance(x.value, str)}  # fmt: skip
            if len(words & WORDS) > 1:
                yield f"line {node.lineno}: {ast.unparse(node)}"
        place = node.value if isinstance(node, ast.Subscript | ast.Attribute) else None
        raw = isinstance(node, ast.Subscript) or getattr(node, "attr", "") == "get"
        if raw and isinstance(place, ast.Attribute) and place.attr == "metadata":
            yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda p: str(p.relative_to(SCRIPTS)))
def test_cells_are_read_in_one_home(path: Path) -> None:
    assert list(_find_faults(path)) == []


@pytest.mark.parametrize(
    "text",
    [
        'BLANKS = frozenset({"", "na"})',
        'if cell in ("NA", "NaN", "x"):\n    pass',
        "who = sample.metadata[name]",
        'who = sample.metadata.get(name, "")',
    ],
)
def test_the_fence_sees_a_second_home(text: str, tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(text, encoding="utf-8")
    assert len(list(_find_faults(tmp_path / "one.py"))) == 1


def test_study_imports_no_later_stage() -> None:
    """The sheet and its design are judged without the stages that use them."""
    later = {"cohort", "report", "cli", "controls", "exports", "diversity"}
    for path in sorted((SCRIPTS / "vagus" / "study").glob("*.py")):
        for node in walk(path):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("vagus."):
                assert str(node.module).split(".")[1] not in later, f"{path.name}: {node.module}"
