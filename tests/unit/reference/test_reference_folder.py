"""A folder of references that has other things in it: those are left alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from unit.reference.made_references import Gene, make_fasta
from vagus.cli import main as cli

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT = (
    "Documents/letter.txt", ".old-Documents/letter.txt", ".making-notes/a.txt",
    ".making-7-things.txt/a.txt", "photos/photos.fasta.gz/deep",
)  # fmt: skip


@pytest.fixture
def home(references: Path) -> Iterator[Path]:
    """A home folder that is named as the folder of references; afterwards all is still there."""
    for name in KEPT:
        (references / name).parent.mkdir(parents=True, exist_ok=True)
        (references / name).write_text("mine")
    yield references
    left = {str(path.relative_to(references)) for path in references.rglob("*") if path.is_file()}
    assert set(KEPT) <= left


def test_nothing_of_others_is_replaced(
    home: Path, tmp_path: Path, gene: Gene, capsys: pytest.CaptureFixture[str]
) -> None:
    fasta = tmp_path / "a.fasta"
    fasta.write_bytes(make_fasta(gene))
    for name in ("Documents", "photos"):
        assert cli.main(["reference", "add", str(fasta), "--name", name]) == 2
        assert f"{home / name}: this is not an installed reference" in capsys.readouterr().err
    assert cli.main(["reference", "add", str(fasta), "--name", "mine"]) == 0
    assert (home / "mine" / "mine.fasta.gz").is_file()


def test_nothing_of_others_is_removed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("Documents", "photos"):
        assert cli.main(["reference", "remove", name]) == 2
        assert f"{home / name}: this is not an installed reference" in capsys.readouterr().err
