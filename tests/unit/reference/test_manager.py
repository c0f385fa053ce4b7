"""Get, add, remove, export and import: installed whole with counts, or not at all."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from unit.reference.made_references import (
    UPPER,
    Gene,
    list_visible,
    make_fasta,
    make_tar,
    make_zip,
    write_table,
)
from vagus.cli import main as cli
from vagus.errors import ReferenceFileError
from vagus.reference import bundles, installed
from vagus.reference.catalogue import digest_reference, find_reference
from vagus.reference.index import ReferenceIndex
from vagus.reference.manager import add_reference, get_reference
from vagus.sequences import read_fasta, reverse_complement

if TYPE_CHECKING:
    from .conftest import Site


def test_get_downloads_converts_and_indexes(
    site: Site, references: Path, tmp_path: Path, gene: Gene
) -> None:
    content = gzip.compress(make_fasta(gene))
    more = f">B1 d__Archaea;p__P\n{reverse_complement(gene(9))}\n>B2 d__Archaea;p__P\nACGT\n"
    site.files |= {"a.fna.gz": content, "b.fna": more.encode()}
    md5 = hashlib.md5(content).hexdigest()
    fetching = write_table(
        tmp_path / "t.tsv", f"{site.url('a.fna.gz')} {site.url('b.fna')}", f"{md5} -"
    )
    reference = get_reference("mini", fetching)
    assert list_visible(references) == ["mini"]
    assert not (references / ".downloads" / "mini").exists()
    records = dict(read_fasta(reference.fasta))
    assert records[f"A0.1 {UPPER}g__Genus0;s__Genus0 one"] == gene(0)
    assert records["B1 d__Archaea;p__P;c__;o__;f__;g__;s__"] == gene(9)
    provenance = reference.provenance
    assert provenance["version"] == "7.1"
    assert provenance["sources"][0]["sha256"] == hashlib.sha256(content).hexdigest()
    assert provenance["sources"][0]["url"] == site.url("a.fna.gz")
    assert provenance["counts"] == {
        "read": 6, "left out: shorter": 1, "reverse-complemented": 1, "installed": 5,
        "strand undecided, left as it was": 0, "sequences under more than one lineage": 0,
        "with unnamed ranks above the last name": 0,
    }  # fmt: skip
    index = ReferenceIndex.load(reference.index)
    assert index.n_references - index.n_off_target == 5
    assert find_reference("mini") == reference.fasta
    assert digest_reference("mini") == hashlib.sha256(reference.fasta.read_bytes()).hexdigest()


def test_what_is_installed_is_downloaded_again_only_when_forced(
    site: Site, references: Path, tmp_path: Path, gene: Gene
) -> None:
    site.files["a"] = make_fasta(gene)
    fetching = write_table(tmp_path / "t.tsv", site.url("a"))
    for force, n_requests in ((False, 1), (False, 1), (True, 2)):
        get_reference("mini", fetching, force=force)
        assert len(site.requests) == n_requests


FASTA, TSV = "dna-sequences.fasta", "taxonomy.tsv"


def test_qza_tar_zip_and_folder(references: Path, tmp_path: Path, gene: Gene) -> None:
    sequences = f">s1\n{gene(1)}\n>s2\n{gene(2)}\n".encode()
    table = f"Feature ID\tTaxon\ns1\t{UPPER}g__G;s__\ns2\t{UPPER}g__H;s__H i\n".encode()
    junk = {"u/VERSION": b"QIIME 2", "u/provenance/action/x.tsv": b"no\tthing\n"}
    (tmp_path / "seq.qza").write_bytes(make_zip({f"u/data/{FASTA}": sequences, **junk}))
    (tmp_path / "tax.qza").write_bytes(make_zip({f"u/data/{TSV}": table, **junk}))
    both = {f"db/{FASTA}": sequences, f"db/{TSV}": table, "db/README.txt": b"hello"}
    (tmp_path / "db.tar.gz").write_bytes(make_tar(both))
    (tmp_path / "db.zip").write_bytes(make_zip(both))
    (tmp_path / "db").mkdir()
    for name, content in both.items():
        (tmp_path / name).write_bytes(content)
    ways = {"qza": ["seq.qza", "tax.qza"], "tar": ["db.tar.gz"], "zip": ["db.zip"],
            "folder": ["db"], "plain": [f"db/{FASTA}", f"db/{TSV}"]}  # fmt: skip
    digests = set()
    for name, files in ways.items():
        reference = add_reference([tmp_path / file for file in files], name)
        assert reference.provenance["format"] == ["fasta-tsv"]
        digests.add(reference.provenance["sha256"])
    assert len(digests) == 1


def test_copies_and_shared_sequences_are_counted(
    references: Path, tmp_path: Path, gene: Gene
) -> None:
    (tmp_path / "x.fa").write_text(
        f">a Bacteria;P;;;;G;G i\n{gene(1)}\n>b Bacteria;P;;;;G;G i\n{gene(1)}\n"
        f">c Bacteria;P;;;;G;G j\n{gene(1)}\n"
        f">d uncultured;;\n{gene(2)}\n"
    )
    counts = add_reference([tmp_path / "x.fa"], "x").provenance["counts"]
    assert counts["left out: same names and sequence"] == 1
    assert counts["sequences under more than one lineage"] == 1
    assert counts["with unnamed ranks above the last name"] == 2
    assert counts["left out: no name at any rank"] == 1
    assert counts["installed"] == 2


def test_remove(
    references: Path, tmp_path: Path, gene: Gene, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.fa").write_bytes(make_fasta(gene))
    for name in ("x", "y", "z"):
        add_reference([tmp_path / "x.fa"], name)
    (references / ".downloads" / "x").mkdir(parents=True)
    (references / "y" / "provenance.json").write_text("damaged")
    n_bytes = installed.Installed("x", references / "x").n_bytes
    for names, message in (
        (["x", "starter"], "'starter' comes with the program"),
        (["x", "w"], "'w' is not installed. Installed: x, y, z"),
        (["../references/x"], "is not installed"),
        (["."], "is not installed"),
        ([".downloads"], "is not installed"),
    ):
        assert cli.main(["reference", "remove", *names]) == 2
        assert message in capsys.readouterr().err
    assert list_visible(references) == ["x", "y", "z"]
    assert cli.main(["reference", "remove", "x", "y", "x"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"removed: x with its index ({n_bytes / 1e6:.1f} MB) from {references}"
    assert lines[1].startswith("removed: y with its index (")
    assert list_visible(references) == ["z"]
    assert not (references / ".downloads" / "x").exists()


def test_export_and_import(
    references: Path, tmp_path: Path, gene: Gene, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.fa").write_bytes(make_fasta(gene))
    original = add_reference([tmp_path / "x.fa"], "x", "2.0").provenance
    bundle = tmp_path / "b.tar"
    bundles.export_references(["x"], bundle)
    with pytest.raises(ReferenceFileError, match="'y' is not installed"):
        bundles.export_references(["y"], tmp_path / "c.tar")
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("VAGUS_REFERENCES", str(elsewhere))
    (copy,) = bundles.import_references(bundle)
    assert copy.provenance["sha256"] == original["sha256"]
    assert copy.provenance["version"] == "2.0"
    assert copy.index.read_bytes() == (references / "x" / "x.index").read_bytes()
    shutil.rmtree(elsewhere)
    damaged = bytearray(bundle.read_bytes())
    damaged[600] ^= 255
    for content, message in (
        (bundle.read_bytes()[:700], "not a whole bundle"),
        (bytes(damaged), "its sha256 is"),
        (b"hello", "not a whole bundle"),
        (make_tar({"x/y.txt": b""}, "w"), "the member 'x/y.txt'"),
        (make_tar({"../x/y.txt": b""}, "w"), "the member '../x/y.txt'"),
    ):
        (tmp_path / "bad.tar").write_bytes(content)
        with pytest.raises(ReferenceFileError, match=message):
            bundles.import_references(tmp_path / "bad.tar")
        assert list_visible(elsewhere) == []


def test_command_line(
    site: Site, references: Path, tmp_path: Path, gene: Gene, capsys: pytest.CaptureFixture[str]
) -> None:
    site.files["a"] = make_fasta(gene)
    table = tmp_path / "t.tsv"
    write_table(table, site.url("a"))
    assert cli.main(["reference", "get", "mini", "--table", str(table)]) == 0
    assert "taxonomy: reference: mini" in capsys.readouterr().out
    (tmp_path / "mine.fa").write_bytes(make_fasta(gene))
    assert cli.main(["reference", "add", str(tmp_path / "mine.fa"), "--release", "v3"]) == 0
    assert cli.main(["reference", "list", "--table", str(table)]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [row[: row.index("yes") + 1] for row in rows if row[0] in ("mini", "mine")] == [
        ["mini", "7.1", "2026-11", "4", "yes"], ["mine", "v3", "4", "yes"],
    ]  # fmt: skip
    bundle = str(tmp_path / "b.tar")
    assert cli.main(["reference", "export", "mini", "mine", "-o", bundle]) == 0
    assert cli.main(["reference", "import", bundle]) == 0
    assert cli.main(["reference", "add", str(tmp_path / "absent")]) == 2
    assert "there is no such file" in capsys.readouterr().err
