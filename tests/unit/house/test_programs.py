"""The digest of a program changes when, and only when, code that it may run changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from vagus import programs


@pytest.fixture
def house(tmp_path: Path) -> Path:
    files = {
        "vagus/__init__.py": "",
        "vagus/a/__init__.py": "",
        "vagus/a/direct.py": "from vagus.a import indirect\n",
        "vagus/a/indirect.py": "VALUE = 1\n",
        "vagus/a/lazy.py": "",
        "vagus/b/__init__.py": "",
        "vagus/b/other.py": "",
        "vagus/b/door.py": "def f(name):\n    return import_module(f'vagus.{name}.engine')\n",
        "vagus/c/__init__.py": "",
        "vagus/c/engine.py": "",
        "vagus/b/models/default.tsv": "",
        "vagus/b/table.py": "TABLE = HOME / 'resources' / 'known.tsv'\nMORE = 'sets'\n",
        "first.py": "import vagus.a.direct\ndef f():\n    from vagus.a.lazy import x\n",
        "second.py": "from vagus.b import door, other, table\n",
    }
    files = {f"scripts/{name}": text for name, text in files.items()}
    files |= {f"resources/{name}": "" for name in ("known.tsv", "other.tsv", "sets/a.tsv")}
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "scripts"


@pytest.mark.parametrize(
    ("edited", "changes"),
    [
        ("first.py", {"first"}),
        ("vagus/a/direct.py", {"first"}),
        ("vagus/a/indirect.py", {"first"}),
        ("vagus/a/lazy.py", {"first"}),
        ("vagus/a/__init__.py", {"first"}),
        ("vagus/b/other.py", {"second"}),
        ("vagus/c/engine.py", {"second"}),
        ("vagus/b/models/default.tsv", {"second"}),
        ("vagus/__init__.py", {"first", "second"}),
        ("../resources/known.tsv", {"second"}),
        ("../resources/sets/a.tsv", {"second"}),
        ("../resources/other.tsv", set()),
    ],
)
def test_edits_change_what_they_reach(house: Path, edited: str, changes: set[str]) -> None:
    def digest_all() -> dict[str, str]:
        programs._list_imports.cache_clear()
        return {name: programs.digest_program(name, house) for name in ("first", "second")}

    before = digest_all()
    with open(house / edited, "a", encoding="utf-8") as stream:
        stream.write("# edited\n")
    after = digest_all()
    assert {name for name in before if before[name] != after[name]} == changes


def test_steps_that_call_engines_run_their_code_and_others_do_not() -> None:
    def list_modules(program: str) -> set[str]:
        sources = programs.list_sources(programs.SCRIPTS / f"{program}.py")
        return {
            path.relative_to(programs.SCRIPTS / "vagus").as_posix()
            for path in sources
            if programs.SCRIPTS / "vagus" in path.parents
        }

    core = {"dada/partition.py", "phase/splitting.py"}
    assert core <= list_modules("denoise_sample")
    assert not core & (list_modules("merge_variants") | list_modules("write_report"))


def test_digest_does_not_depend_on_the_place(
    house: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy = tmp_path_factory.mktemp("copy") / "elsewhere"
    shutil.copytree(house.parent, copy)
    for name in ("first", "second"):
        here, there = (programs.digest_program(name, p) for p in (house, copy / "scripts"))
        assert here == there


def test_tables_that_a_step_reads_are_part_of_its_code() -> None:
    """The names of files in ``resources`` that modules open are found in them."""
    folder = programs.SCRIPTS.parent / "resources"

    def list_tables(program: str) -> set[str]:
        sources = programs.list_sources(programs.SCRIPTS / f"{program}.py")
        return {p.relative_to(folder).as_posix() for p in sources if folder in p.parents}

    assert {"platforms.tsv", "primers.tsv"} <= list_tables("prepare_reads")
    assert "platforms.tsv" in list_tables("choose_engines")
    assert "gut_brain/taxa.tsv" in list_tables("summarise_gut_brain")
    assert "taxon_synonyms.tsv" in list_tables("join_databases")
    assert "mocks/D6300.tsv" in list_tables("assess_controls")
    assert "contaminant_genera.tsv" in list_tables("find_contaminants")
    assert "copy_numbers.tsv" in list_tables("correct_copy_numbers")
    assert list_tables("write_checksums") == set()
