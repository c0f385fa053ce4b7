"""``vagus reference update`` and what ``list`` says of newer releases, over a real server."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.reference.conftest import Site
from unit.reference.made_references import Gene, list_visible, make_fasta, write_table
from vagus.cli import main as cli
from vagus.reference.catalogue import COLUMNS
from vagus.reference.installed import find_installed
from vagus.sequences import read_fasta

FORM = ("CC0", "gtdb-ssu-fasta", "a small one")


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What the command prints; both streams when it fails."""
    capsys.readouterr()
    assert cli.main(["reference", *words]) == code
    shown = capsys.readouterr()
    return shown.out + (shown.err if code else "")


def count_genes(name: str) -> int:
    reference = find_installed(name)
    assert reference is not None
    return len(list(read_fasta(reference.fasta)))


@pytest.fixture
def table(site: Site, references: Path, tmp_path: Path, gene: Gene) -> str:
    """A catalogue of one reference, 'mini' 7.1, which is installed with four sequences."""
    site.files |= {"old.fa": make_fasta(gene), "new.fa": make_fasta(gene, 6)}
    path = tmp_path / "t.tsv"
    write_table(path, site.url("old.fa"))
    assert cli.main(["reference", "get", "mini", "--table", str(path)]) == 0
    return str(path)


def test_the_newer_release_replaces_the_older_one(
    site: Site, references: Path, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    row = run(capsys, "list", "--table", table).splitlines()[1].split()
    assert row[:5] == ["mini", "7.1", "2026-11", "4", "yes"]
    assert "is the newest release known" in run(capsys, "update", "--table", table)
    n_old = count_genes("mini")
    write_table(Path(table), site.url("new.fa"), version="8.0")
    listed = run(capsys, "list", "--table", table).splitlines()[1]
    assert listed.split()[:6] == ["mini", "7.1", "4", "yes", "mini", "8.0"]
    assert run(capsys, "update", "--table", table) == "mini: 7.1 -> 8.0\n"
    assert count_genes("mini") == n_old + 2
    assert list_visible(references) == ["mini"]
    assert run(capsys, "list", "--table", table).splitlines()[1].split()[4] == "yes"


@pytest.mark.parametrize("fault", ["dead link", "wrong checksum", "not a reference"])
def test_the_older_one_stays_when_the_newer_one_fails(
    site: Site, references: Path, table: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site.files["bad.fa"] = b"nothing of use\n"
    address = {"dead link": "absent.fa", "wrong checksum": "new.fa", "not a reference": "bad.fa"}
    md5 = "0" * 32 if fault == "wrong checksum" else ""
    write_table(Path(table), site.url(address[fault]), md5, version="8.0")
    before = (references / "mini" / "provenance.json").read_bytes()
    assert "error" in run(capsys, "update", "mini", "--table", table, code=2)
    assert (references / "mini" / "provenance.json").read_bytes() == before
    assert list_visible(references) == ["mini"]


def test_a_release_under_another_name_is_installed_beside_it(
    site: Site, references: Path, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        ("mini", "7.1", "", "", "mini-2", site.url("old.fa"), "", "", "", *FORM),
        ("mini-2", "8.0", "", "", "", site.url("new.fa"), "", "", "", *FORM),
    ]
    Path(table).write_text("\n".join("\t".join(row) for row in (COLUMNS, *rows)) + "\n")
    assert "  mini-2 8.0  " in run(capsys, "list", "--table", table).splitlines()[1]
    shown = run(capsys, "update", "mini", "--table", table)
    assert shown == (
        "mini: 7.1 stays; its newer release is installed as mini-2 (8.0): name it in the config\n"
    )
    assert count_genes("mini-2") == count_genes("mini") + 2


def test_what_is_replaced_under_one_address_is_fetched_when_named(
    site: Site, table: str, gene: Gene, capsys: pytest.CaptureFixture[str]
) -> None:
    write_table(Path(table), site.url("old.fa"), version="current")
    run(capsys, "update", "mini", "--table", table)
    n_old = count_genes("mini")
    site.files["old.fa"] = make_fasta(gene, 6)
    run(capsys, "update", "--table", table)
    assert count_genes("mini") == n_old
    run(capsys, "update", "mini", "--table", table)
    assert count_genes("mini") == n_old + 2


def test_all_names_that_cannot_be_updated_are_reported_at_once(
    site: Site, table: str, tmp_path: Path, gene: Gene, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.fa"
    own.write_bytes(make_fasta(gene))
    run(capsys, "add", str(own))
    n_requests = len(site.requests)
    shown = run(capsys, "update", "mini", "own", "absent", "starter", "--table", table, code=2)
    for word in ("'own' is of own files", "'absent' is not installed", "'starter' comes with"):
        assert word in shown
    assert len(site.requests) == n_requests


def test_a_catalogue_that_names_an_unknown_successor_is_refused(
    table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path(table).read_text(encoding="utf-8").splitlines()
    row = text[1].split("\t")
    row[COLUMNS.index("followed_by")] = "nothing"
    Path(table).write_text("\n".join([text[0], "\t".join(row)]) + "\n", encoding="utf-8")
    assert "followed_by has names that are not in the table: nothing" in run(
        capsys, "list", "--table", table, code=2
    )
