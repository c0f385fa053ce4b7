"""The exercises of docs/DEVELOPING.md: files that name one thing which somebody may add."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
VAGUS = "scripts/vagus"
# what is generated (make docs), and sizes of libraries
_LEFT_OUT = {"workflow/schemas/config.schema.yaml", f"{VAGUS}/cli/start.py"}
_SUFFIXES = {".py", ".smk", ".yaml", ".j2"}


def find_files(name: str) -> set[str]:
    """Files of programs, library and workflow that contain a name as a word."""
    word = re.compile(rf"(?<![a-z_]){re.escape(name)}(?![a-z])")
    return {
        path.relative_to(ROOT).as_posix()
        for folder in ("scripts", "workflow")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in _SUFFIXES and word.search(path.read_text(encoding="utf-8"))
    } - _LEFT_OUT


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("pielou", {"diversity/alpha.py", "report/diversity.py", "tables/stages/diversity.py"}),
        (
            "top_taxa",
            {"report/settings.py", "report/composition.py", "report/first_composition.py"},
        ),
        ("anndata", {"export_forms.py", "exports/anndata_file.py", "../export_anndata.py"}),
    ],
    ids=["alpha metric", "key", "export"],
)
def test_files_that_an_addition_touches(name: str, files: set[str]) -> None:
    expected = {Path(VAGUS, file).as_posix().replace("vagus/../", "") for file in files}
    assert find_files(name) == expected


def test_the_table_of_platforms_alone_names_them() -> None:
    """Those of the error models of the simulator are in tests/unit/house/test_packages.py."""
    rows = (ROOT / "resources" / "platforms.tsv").read_text(encoding="utf-8").splitlines()
    names = [row.split("\t")[0] for row in rows[1:] if row and not row.startswith("#")]
    assert len(names) > 1
    quoted = [path for name in names for path in find_files(f'"{name}"')]
    assert set(quoted) <= {f"{VAGUS}/demo/platforms.py"}
