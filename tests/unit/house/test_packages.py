"""Packages of the library import each other in one direction; each name has one home."""

from __future__ import annotations

import ast
from collections.abc import Collection
from pathlib import Path

import pytest
import yaml

from unit.house.measures import find_circle, join_packages, list_imports, list_mutual
from unit.house.sources import walk
from vagus.demo.platforms import PLATFORMS
from vagus.denoise.door import open_engine
from vagus.engines import ENGINES
from vagus.reads.platforms import AUTO, list_names, list_profiles, read_platforms

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"

# pairs of packages that still import each other: take pairs out, put none in
MUTUAL: set[tuple[str, str]] = set()


def test_no_two_packages_import_each_other() -> None:
    packages = join_packages(list_imports(SCRIPTS, at_start=False))
    assert len(packages) > 20
    assert list_mutual(packages) <= MUTUAL


def test_modules_are_loaded_without_a_circle() -> None:
    assert find_circle(list_imports(SCRIPTS, at_start=True)) == []


# the home of the names of engines
OF_ENGINES = ("engines.py",)

# error models of the simulator, by the names of their profiles in the table
OF_PLATFORMS = {"vagus/demo/platforms.py"}


def list_typed(folder: Path, names: Collection[str]) -> set[str]:
    """Files of a folder in which a name is typed as a text of its own, except in its package."""
    return {
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*.py"))
        for node in walk(path)
        if isinstance(node, ast.Constant)
        and node.value in names
        and folder / "vagus" / str(node.value) not in path.parents
    }


def test_names_of_engines_are_typed_in_one_place() -> None:
    assert list_typed(SCRIPTS, ENGINES) == {f"vagus/{name}" for name in OF_ENGINES}


def test_packages_of_engines_are_loaded_by_their_name_alone() -> None:
    """No stage imports an engine or types what its keys, files and rules begin with."""
    graph = list_imports(SCRIPTS, at_start=False)
    engines = {f"vagus.{name}" for name in ENGINES}
    for module, imported in graph.items():
        package = ".".join(module.split(".")[:2])
        others = engines - {package}
        assert not {".".join(name.split(".")[:2]) for name in imported} & others, module
    prefixes = tuple(facts.prefix for facts in ENGINES.values() if facts.prefix)
    assert prefixes
    for path in sorted((SCRIPTS / "vagus").rglob("*.py")):
        if path.relative_to(SCRIPTS / "vagus").parts[0] in (*ENGINES, "kernels"):
            continue
        texts = [
            node.value
            for node in walk(path)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert [text for text in texts if text.startswith(prefixes)] == [], path


def test_names_of_platforms_are_rows_of_a_table() -> None:
    assert list_typed(SCRIPTS, [*list_names(), *list_profiles()]) == OF_PLATFORMS
    assert set(list_profiles()) == set(PLATFORMS)
    assert {platform.engine for platform in read_platforms()} <= {"", *ENGINES}


def test_the_sheet_may_name_each_platform() -> None:
    schema = (SCRIPTS.parent / "workflow/schemas/samples.schema.yaml").read_text(encoding="utf-8")
    enum = yaml.safe_load(schema)["properties"]["platform"]["enum"]
    assert enum == ["", AUTO, *list_names()]


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_is_a_package_with_four_verbs(name: str) -> None:
    engine = open_engine(name)
    assert all(callable(getattr(engine, verb)) for verb in ("learn", "plan", "shard", "denoise"))
    assert type(engine).__module__ == f"vagus.{name}.engine"


def test_the_fence_sees_what_it_should(tmp_path: Path) -> None:
    for name, text in {
        "vagus/a/one.py": "from vagus.b.two import x\n",
        "vagus/b/two.py": "def f():\n    from vagus.a import one\n",
        "vagus/b/three.py": "from vagus.b import four\n",
        "vagus/b/four.py": "from vagus.b.three import x\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert list_mutual(join_packages(list_imports(tmp_path, at_start=False))) == {("a", "b")}
    circle = find_circle(list_imports(tmp_path, at_start=True))
    assert sorted(circle) == ["vagus.b.four", "vagus.b.three"]
    (tmp_path / "vagus/dada.py").write_text("x = {'dada': 1}\n")
    (tmp_path / "vagus/phase").mkdir()
    (tmp_path / "vagus/phase/engine.py").write_text("NAME = 'phase'\n")
    assert list_typed(tmp_path, ["dada", "phase"]) == {"vagus/dada.py"}
