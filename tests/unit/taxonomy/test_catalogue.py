from __future__ import annotations

from pathlib import Path

import pytest

from vagus.errors import ReferenceFileError
from vagus.reference.catalogue import (
    COLUMNS,
    estimate_index_mb,
    find_reference,
    list_references,
    name_databases,
)

EXPECTED = {
    "starter", "gtdb", "gtdb-all", "sbdi-gtdb", "silva", "silva-138.2", "greengenes2", "ncbi-16s",
    "emu", "emu-default", "ehomd", "rdp",
}  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAGUS_REFERENCES", str(tmp_path / "none"))


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


def test_databases_get_short_names_in_order(tmp_path: Path) -> None:
    for name in ("my own.fasta.gz", "b.fa", "starter.fa"):
        (tmp_path / name).write_text(">a B\nACGT\n")
    own, other = str(tmp_path / "my own.fasta.gz"), str(tmp_path / "b.fa")
    named = name_databases([own, "starter", other])
    assert list(named.items()) == [("my-own", own), ("starter", "starter"), ("b", other)]
    with pytest.raises(ReferenceFileError, match="are both called 'starter'"):
        name_databases(["starter", str(tmp_path / "starter.fa")])
    with pytest.raises(ReferenceFileError, match="not installed"):
        name_databases(["starter", "gtdb"])


def test_memory_of_indexing_scales_with_the_text(tmp_path: Path) -> None:
    with open(tmp_path / "x.fasta", "wb") as stream:
        stream.truncate(200_000_000)
    assert estimate_index_mb(tmp_path / "x.fasta") == 1600
    end = (200_000_000).to_bytes(4, "little")
    (tmp_path / "x.gz").write_bytes(b"\x1f\x8b" + bytes(100) + end)
    assert estimate_index_mb(tmp_path / "x.gz") == 1600
    with open(tmp_path / "many_parts.gz", "wb") as stream:
        stream.write(b"\x1f\x8b")
        stream.truncate(50_000_000)
    assert estimate_index_mb(tmp_path / "many_parts.gz") == 2400
    (tmp_path / "small.fasta").write_bytes(b">a B\nACGT\n")
    (tmp_path / "empty").write_bytes(b"")
    assert estimate_index_mb(tmp_path / "small.fasta") == 1000
    assert estimate_index_mb(tmp_path / "empty") == 1000
