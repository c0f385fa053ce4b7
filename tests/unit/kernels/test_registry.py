"""The table of kernels: types as words and back, and every kernel that Python calls is in it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from numba.core import types

from vagus.denoise.kernel_needs import NEEDS, list_needs
from vagus.kernels.registry import list_versions, read_type, write_type

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"
PACKAGE = SCRIPTS / "vagus" / "kernels"
KERNELS = sorted(PACKAGE.glob("*/[!_]*.py"))
# used while reads are simulated, never in the jobs of a study
OF_THE_DEMO = {"measure_runs"}
PLAIN = {"pooling": "independent", "mode": "pruned", "indels": "ignore"}


def list_kernels(path: Path) -> set[str]:
    """Names of the functions of a module that are compiled."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(word, ast.Name) and word.id == "kernel" for word in node.decorator_list)
    }


def list_used_names() -> set[str]:
    """Names and attributes that the library outside of the kernels uses."""
    found = set()
    for path in (SCRIPTS / "vagus").rglob("*.py"):
        if PACKAGE not in path.parents:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute):
                    found.add(node.attr)
                elif isinstance(node, ast.Name):
                    found.add(node.id)
    return found


def test_every_kernel_that_python_calls_is_in_the_table() -> None:
    kernels = {name for path in KERNELS for name in list_kernels(path)}
    assert len(kernels) > 50
    called = kernels & list_used_names() - OF_THE_DEMO
    assert called - {version.name for version in list_versions(NEEDS)} == set()


def test_every_line_of_the_table_names_a_kernel_and_types() -> None:
    modules = {f"{path.parent.name}.{path.stem}": list_kernels(path) for path in KERNELS}
    for version in list_versions(NEEDS):
        assert version.name in modules[version.module]
        assert [write_type(kind) for kind in version.types] == list(version.arguments)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (types.int64, "int64"),
        (types.boolean, "bool"),
        (types.Array(types.uint8, 2, "C", readonly=True), "uint8[2Cr]"),
        (types.Array(types.float64, 1, "A"), "float64[1A]"),
        (types.UniTuple(types.int64, 2), "(int64;int64)"),
        (types.Tuple((types.int64, types.float64[::1])), "(int64;float64[1C])"),
    ],
)
def test_types_are_words(kind: types.Type, word: str) -> None:
    assert write_type(kind) == word
    assert read_type(word) == kind


@pytest.mark.parametrize("kind", [types.literal(0), types.Tuple((types.literal(0), types.int64))])
def test_types_of_constants_have_no_word(kind: types.Type) -> None:
    with pytest.raises(ValueError, match=r"no word|is not a type"):
        write_type(kind)


def test_needs_follow_from_engine_and_settings() -> None:
    assert list_needs(PLAIN, {"dada"}) == ["taxonomy", "dada"]
    assert list_needs({**PLAIN, "pooling": "pooled"}, {"phase"}) == [
        "taxonomy", "phase", "phase-pooled",
    ]  # fmt: skip
    special = {**PLAIN, "mode": "exact", "indels": "model"}
    assert list_needs(special, {"dada"}) == ["taxonomy", "dada", "dada-exact", "dada-indels"]
    assert list_needs(special, {"phase"}) == ["taxonomy", "phase"]


def test_a_study_of_one_engine_needs_no_kernel_of_the_other() -> None:
    dada = {version.module for version in list_versions(list_needs(PLAIN, {"dada"}))}
    phase = {version.module for version in list_versions(list_needs(PLAIN, {"phase"}))}
    assert not [module for module in dada if module.startswith("phase.")]
    # chimeras of either engine are found by the same kernels
    assert {module for module in phase if module.startswith("dada.")} == {"dada.parts"}
    assert "dada.pool" not in dada
