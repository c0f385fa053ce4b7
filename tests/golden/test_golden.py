"""Step programs give the reviewed files, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from golden.cases import CASES, GOLDEN, list_files, run


@pytest.mark.parametrize("program", CASES)
def test_outputs_are_the_reviewed_ones(program: str, tmp_path: Path) -> None:
    assert run(program, tmp_path) == 0
    found, expected = list_files(tmp_path), list_files(GOLDEN / program)
    assert sorted(found) == sorted(expected)
    for name, content in expected.items():
        assert found[name].decode() == content.decode(), name


def test_each_folder_has_its_program_and_its_reason() -> None:
    folders = {path.name for path in GOLDEN.iterdir() if path.is_dir()} - {"study", "__pycache__"}
    assert folders == set(CASES)
    text = (GOLDEN / "README.md").read_text(encoding="utf-8")
    assert [program for program in CASES if f"| {program} |" not in text] == []
