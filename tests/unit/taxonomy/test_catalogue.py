from __future__ import annotations

from pathlib import Path

import pytest

from vagus.errors import ReferenceFileError
from vagus.reference.catalogue import COLUMNS, find_reference, list_references

EXPECTED = {"starter", "gtdb", "silva", "greengenes2", "ncbi-16s", "emu", "ehomd", "rdp"}


def test_shipped_catalogue() -> None:
    references = {reference.name: reference for reference in list_references()}
    assert references.keys() == EXPECTED
    assert references["starter"].installed
    assert references["starter"].urls == ()
    for name in EXPECTED - {"starter"}:
        assert not references[name].installed
        assert all(url.startswith("https://") for url in references[name].urls)
        assert references[name].licence
        assert references[name].version


def test_find_reference(tmp_path: Path) -> None:
    assert find_reference("starter").name == "starter_reference.fasta.gz"
    own = tmp_path / "mine.fasta"
    own.write_text(">a B\nACGT\n")
    assert find_reference(str(own)) == own
    with pytest.raises(ReferenceFileError, match="not installed"):
        find_reference("silva")
    with pytest.raises(ReferenceFileError, match="neither a file nor one of starter"):
        find_reference(str(tmp_path / "absent.fasta"))


def test_damaged_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "references.tsv"
    with pytest.raises(ReferenceFileError, match="missing"):
        list_references(path)
    path.write_text("name\tversion\n")
    with pytest.raises(ReferenceFileError, match="columns are not"):
        list_references(path)
    path.write_text("\t".join(COLUMNS) + "\nx\ty\n")
    with pytest.raises(ReferenceFileError, match="line 2: 2 columns"):
        list_references(path)
