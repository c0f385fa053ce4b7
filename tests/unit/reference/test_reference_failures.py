"""What cannot be installed gives one message and leaves what was there."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from limits import limit_files, mount_small
from unit.reference.made_references import (
    Gene,
    list_visible,
    make_fasta,
    make_tar,
    make_zip,
    write_table,
)
from vagus.cli import main as cli
from vagus.errors import ReferenceFileError
from vagus.reference import installed
from vagus.reference.catalogue import digest_reference
from vagus.reference.manager import add_reference, get_reference
from workflow.studies import run_vagus

if TYPE_CHECKING:
    from .conftest import Site


def bad_inputs(gene: Gene) -> Iterator[tuple[str, bytes, str]]:
    good = make_fasta(gene)
    yield "empty", b"", "no FASTA records"
    yield "blank", b"\n\n", "no FASTA records"
    yield "text", b"hello\n", "no FASTA records"
    yield "page", b"<!DOCTYPE html><html>404</html>", "no FASTA records"
    yield "gzip", gzip.compress(good)[:-300], "truncated or damaged"
    yield "tar", make_tar({"a.fasta": good})[:-200], "truncated or damaged"
    yield "zip", make_zip({"readme.md": b"x"}), "contains no FASTA and no table"
    yield "protein", b">a Bacteria;P\nMKVLAAGIEFW\n", "amino acids"
    yield "twice", good + good, "'A0.1' occurs twice"
    yield "short", b">a Bacteria;P\nACGT\n", "1 shorter than 900 bases"
    yield "bare", b">a\n" + gene(1).encode(), "no lineages; the first is '>a'"
    yield "sizes", f">ASV1;size=20;\n{gene(1)}\n".encode(), "the first is '>ASV1;size=20;'"
    yield "words", f">a1 clone from soil\n{gene(1)}\n".encode(), "no lineages; the first is"
    yield "mixed", good + f">b\n{gene(9)}\n".encode(), "'b' has no lineage"
    yield "shifted", f">b Bacillota;Bacilli\n{gene(9)}\n".encode(), "headers have no lineages"
    yield "part", good.replace(b"d__Bacteria;p__", b"", 1), "'Bacillota' is not a domain"
    yield "clones", f">b Uncultured clone\n{gene(9)}\n".encode(), "1 with no name at any rank"
    yield "deep", b">a Bacteria;c;d;e;f;g;h;i;j\n" + gene(1).encode(), "9 ranks where at most 7"
    yield "binary", b">a Bacteria;P\n\xff\xfe\x00", "truncated or not text"


def test_bad_files_give_one_message_and_install_nothing(
    references: Path, tmp_path: Path, gene: Gene, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content, message in bad_inputs(gene):
        path = tmp_path / name
        path.write_bytes(content)
        assert cli.main(["reference", "add", str(path)]) == 2, name
        errors = [x for x in capsys.readouterr().err.splitlines() if x.startswith("error: ")]
        assert len(errors) == 1, name
        assert message in errors[0], name
        assert str(path) in errors[0], name
        assert list_visible(references) == [], name


def test_damaged_file_in_a_folder(
    references: Path, tmp_path: Path, gene: Gene, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.fasta.gz").write_bytes(gzip.compress(make_fasta(gene))[:20])
    assert cli.main(["reference", "add", str(folder)]) == 2
    assert "a.fasta.gz: the file is truncated or damaged" in capsys.readouterr().err
    assert list_visible(references) == []


def test_downloads_that_cannot_be_used_are_removed(
    site: Site, references: Path, tmp_path: Path, gene: Gene
) -> None:
    site.files["a.gz"] = gzip.compress(make_fasta(gene))[:-100]
    site.claim_length = False  # nobody says how long it should be
    fetching = write_table(tmp_path / "t.tsv", site.url("a.gz"))
    with pytest.raises(ReferenceFileError, match="truncated or damaged"):
        get_reference("mini", fetching)
    assert list_visible(references) == []
    assert not (references / ".downloads" / "mini").exists()
    site.files["a.gz"] = gzip.compress(make_fasta(gene))
    assert get_reference("mini", fetching).fasta.is_file()


def test_a_download_that_cannot_be_written(
    site: Site, references: Path, tmp_path: Path, gene: Gene
) -> None:
    site.files["a"] = make_fasta(gene)
    table = write_table(tmp_path / "t.tsv", site.url("a"))
    limit = limit_files(len(site.files["a"]) - 1)
    with limit, pytest.raises(ReferenceFileError, match="larger than is allowed here") as caught:
        get_reference("mini", table)
    assert "VAGUS_REFERENCES" in caught.value.fix
    assert str(references) in str(caught.value)
    assert list_visible(references) == []
    assert get_reference("mini", table).fasta.is_file()


@pytest.mark.parametrize("place", ["fasta", "index"])
def test_a_reference_that_cannot_be_written(
    references: Path, tmp_path: Path, gene: Gene, place: str
) -> None:
    (tmp_path / "x.fa").write_bytes(make_fasta(gene))
    whole = add_reference([tmp_path / "x.fa"], "x")
    sizes = {"fasta": whole.fasta.stat().st_size, "index": whole.index.stat().st_size}
    assert sizes["fasta"] < sizes["index"]  # else the first limit would be reached by both
    installed.remove_installed(["x"])
    limit = limit_files(sizes[place] - 1)
    with limit, pytest.raises(ReferenceFileError, match="larger than is allowed here") as caught:
        add_reference([tmp_path / "x.fa"], "x")
    assert "VAGUS_REFERENCES" in caught.value.fix
    assert f"x.{place}" in str(caught.value)
    assert list_visible(references) == []


@pytest.mark.parametrize("room_kb", [4, 12, 24, 48])
def test_full_disk(tmp_path: Path, gene: Gene, room_kb: int) -> None:
    """On a file system too small for the sequences, or only for their index."""
    (tmp_path / "x.fa").write_bytes(make_fasta(gene))
    with mount_small(tmp_path / "disk", room_kb) as disk:
        done = run_vagus(
            tmp_path, "reference", "add", "x.fa", VAGUS_REFERENCES=str(disk / "references")
        )
        left = list_visible(disk / "references")
    assert done.returncode == 2, done.stderr
    (error,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert "the disk is full" in error
    assert "VAGUS_REFERENCES" in done.stderr
    assert left == []


def test_a_failed_update_keeps_the_older_one(references: Path, tmp_path: Path, gene: Gene) -> None:
    (tmp_path / "x.fa").write_bytes(make_fasta(gene))
    before = add_reference([tmp_path / "x.fa"], "x").provenance["sha256"]
    (tmp_path / "x.fa").write_bytes(b">a\n")
    with pytest.raises(ReferenceFileError):
        add_reference([tmp_path / "x.fa"], "x")
    assert digest_reference("x") == before
    assert list_visible(references) == ["x"]


def test_killed_in_the_middle(references: Path, tmp_path: Path, gene: Gene) -> None:
    """Leftovers of killed processes go; a reference that was being replaced comes back."""
    (tmp_path / "x.fa").write_bytes(make_fasta(gene))
    add_reference([tmp_path / "x.fa"], "x")
    (references / "x").rename(references / ".old-x")
    (references / ".making-1-y").mkdir()
    assert installed.find_installed("x") is None
    add_reference([tmp_path / "x.fa"], "z")
    assert list_visible(references) == ["x", "z"]


@pytest.mark.parametrize("name", ["starter", "a/b", "../x", "", ".x"])
def test_names_that_cannot_be(references: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "x.fa").write_text(">a Bacteria\nACGT\n")
    with pytest.raises(ReferenceFileError, match="cannot be the name"):
        add_reference([tmp_path / "x.fa"], name)
