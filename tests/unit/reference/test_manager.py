"""Get, add, export and import: installed whole with counts, or one message and nothing."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import json
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vagus.cli import main as cli
from vagus.errors import ReferenceFileError
from vagus.reference import installed, manager
from vagus.reference.catalogue import COLUMNS, digest_reference, find_reference
from vagus.reference.download import Patience
from vagus.reference.index import ReferenceIndex
from vagus.reference.manager import Fetching, add_reference, get_reference
from vagus.sequences import read_fasta, reverse_complement

if TYPE_CHECKING:
    from .conftest import Site

Gene = Callable[[int], str]
UPPER = "d__Bacteria;p__Bacillota;c__Bacilli;o__Lactobacillales;f__Lactobacillaceae;"


def make_fasta(gene: Gene, n: int = 4) -> bytes:
    rows = [f">A{i}.1 {UPPER}g__Genus{i};s__Genus{i} one [len=1]\n{gene(i)}\n" for i in range(n)]
    return "".join(rows).encode()


def write_table(
    path: Path, urls: str, md5: str = "", sha256: str = "", lists: str = "", version: str = "7.1"
) -> Fetching:
    row = ("mini", version, urls, lists, md5, sha256, "CC0", "gtdb-ssu-fasta", "a small one")
    path.write_text("\t".join(COLUMNS) + "\n" + "\t".join(row) + "\n", encoding="utf-8")
    return Fetching(path, patience=Patience(2, 0.0, 5.0))


def list_visible(folder: Path) -> list[str]:
    """Installed references and leftovers; lock, downloads and first checksums not counted."""
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(set(names) - {".lock", ".downloads", ".checksums.tsv"})


def make_zip(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def make_tar(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as tar:  # type: ignore[call-overload]
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


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
    assert ReferenceIndex.load(reference.index).n_references == 5
    assert find_reference("mini") == reference.fasta
    assert digest_reference("mini") == hashlib.sha256(reference.fasta.read_bytes()).hexdigest()
    get_reference("mini", fetching)
    assert len(site.requests) == 2  # installed already
    get_reference("mini", fetching, force=True)
    assert len(site.requests) == 4


def test_installed_index_is_shared_and_equal_to_a_built_one(
    references: Path, tmp_path: Path, gene: Gene
) -> None:
    from index_reference import main

    (tmp_path / "own.fasta").write_bytes(make_fasta(gene))
    reference = add_reference([tmp_path / "own.fasta"], "own")
    linked, built = tmp_path / "linked.index", tmp_path / "built.index"
    assert main(["--reference", "own", "--index", str(linked)]) == 0
    assert linked.samefile(reference.index)
    assert main(["--reference", str(reference.fasta), "--index", str(built)]) == 0
    assert built.read_bytes() == linked.read_bytes()
    provenance = references / "own" / "provenance.json"
    provenance.write_text(json.dumps(reference.provenance | {"index_code": "older"}))
    rebuilt = tmp_path / "rebuilt.index"
    assert main(["--reference", "own", "--index", str(rebuilt)]) == 0
    assert not rebuilt.samefile(reference.index)
    assert rebuilt.read_bytes() == built.read_bytes()


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


def bad_inputs(gene: Gene) -> Iterator[tuple[str, bytes, str]]:
    good = make_fasta(gene)
    yield "empty", b"", "no FASTA records"
    yield "blank", b"\n\n", "no FASTA records"
    yield "text", b"hello\n", "no FASTA records"
    yield "page", b"<!DOCTYPE html><html>404</html>", "no FASTA records"
    yield "gzip", gzip.compress(good)[:-300], "truncated or damaged"
    yield "tar", make_tar({"a.fasta": good})[:-200], "truncated or damaged"
    yield "zip", make_zip({"readme.md": b"x"}), "holds no FASTA and no table"
    yield "protein", b">a Bacteria;P\nMKVLAAGIEFW\n", "amino acids"
    yield "twice", good + good, "'A0.1' occurs twice"
    yield "short", b">a Bacteria;P\nACGT\n", "1 shorter than 900 bases"
    yield "bare", b">a\n" + gene(1).encode(), "no lineages; the first is '>a'"
    yield "sizes", f">ASV1;size=20;\n{gene(1)}\n".encode(), "the first is '>ASV1;size=20;'"
    yield "words", f">a1 clone from soil\n{gene(1)}\n".encode(), "no lineages; the first is"
    yield "mixed", good + f">b\n{gene(9)}\n".encode(), "'b' has no lineage"
    yield "shifted", f">b Bacillota;Bacilli\n{gene(9)}\n".encode(), "headers hold no lineages"
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
    assert lines[0] == f"removed: x ({n_bytes / 1e6:.1f} MB) from {references}"
    assert lines[1].startswith("removed: y (")
    assert list_visible(references) == ["z"]
    assert not (references / ".downloads" / "x").exists()


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


def test_wrong_checksum_and_dead_link(
    site: Site, references: Path, tmp_path: Path, gene: Gene
) -> None:
    site.files["a"] = make_fasta(gene)
    with pytest.raises(ReferenceFileError, match=r"sha256 is .* where abc is expected"):
        get_reference("mini", write_table(tmp_path / "t.tsv", site.url("a"), sha256="abc"))
    with pytest.raises(ReferenceFileError, match="answers 404"):
        get_reference("mini", write_table(tmp_path / "t.tsv", site.url("gone")))
    with pytest.raises(ReferenceFileError, match="another number of checksums"):
        get_reference("mini", write_table(tmp_path / "t.tsv", site.url("a"), md5="a b"))
    with pytest.raises(ReferenceFileError, match="not in the table") as caught:
        get_reference("other", write_table(tmp_path / "t.tsv", site.url("a")))
    assert "mini" in caught.value.fix
    with pytest.raises(ReferenceFileError, match="comes with the program"):
        get_reference("starter")
    assert list_visible(references) == []


def test_first_download_is_trusted_and_later_ones_must_equal_it(
    site: Site, references: Path, tmp_path: Path, gene: Gene, caplog: pytest.LogCaptureFixture
) -> None:
    site.files["a"] = make_fasta(gene)
    fetching = write_table(tmp_path / "t.tsv", site.url("a"))
    reference = get_reference("mini", fetching)
    row = (references / ".checksums.tsv").read_text().splitlines()[1].split("\t")
    digest = hashlib.sha256(make_fasta(gene)).hexdigest()
    assert row[:3] == [site.url("a"), "7.1", digest]
    get_reference("mini", fetching, force=True)
    before = reference.fasta.read_bytes()
    shutil.rmtree(references / "mini")  # the record outlives the reference
    get_reference("mini", fetching)
    site.files["a"] = make_fasta(gene, 5)
    with pytest.raises(
        ReferenceFileError, match=f"was {digest} when first downloaded on "
    ) as caught:
        get_reference("mini", fetching, force=True)
    assert "--accept-changed" in caught.value.fix
    assert reference.fasta.read_bytes() == before
    assert not (references / ".downloads" / "mini").exists()
    table = str(tmp_path / "t.tsv")
    assert cli.main(["reference", "get", "mini", "--table", table, "--force"]) == 2
    again = ["reference", "get", "mini", "--table", table, "--force", "--accept-changed"]
    assert cli.main(again) == 0
    assert len(list(read_fasta(reference.fasta))) == 5
    get_reference("mini", fetching, force=True)
    # a reference that its publisher replaces under one address
    rolling = write_table(tmp_path / "t.tsv", site.url("a"), version="current")
    get_reference("mini", rolling)
    site.files["a"] = make_fasta(gene, 6)
    get_reference("mini", rolling, force=True)
    assert "replaces it from time to time" in caplog.text


@pytest.mark.parametrize(
    "form", ["{md5}  ./files/a.fna\n{other}  b.fna", "{sha256}", "{md5} *a.fna"]
)
def test_the_publishers_list_of_checksums(
    site: Site, references: Path, tmp_path: Path, gene: Gene, form: str
) -> None:
    content = make_fasta(gene)
    site.files["files/a.fna"] = content
    sums = {"md5": hashlib.md5(content).hexdigest(), "other": "0" * 32}
    sums["sha256"] = hashlib.sha256(content).hexdigest()
    site.files["SUMS"] = form.format(**sums).encode()
    fetching = write_table(tmp_path / "t.tsv", site.url("files/a.fna"), lists=site.url("SUMS"))
    get_reference("mini", fetching)
    shutil.rmtree(references)
    site.files["files/a.fna"] = content + b"\n"
    with pytest.raises(ReferenceFileError, match=r"its (md5|sha256) is .* where .* is expected"):
        get_reference("mini", fetching)
    assert list_visible(references) == []


@pytest.mark.parametrize("text", ["", "no such thing", "0" * 32 + "  b.fna", "\xff"])
def test_a_list_that_does_not_help_is_said_and_passed_over(
    site: Site,
    references: Path,
    tmp_path: Path,
    gene: Gene,
    text: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    site.files["a"] = make_fasta(gene)
    if text:
        site.files["SUMS"] = text.encode("latin-1")
    fetching = write_table(tmp_path / "t.tsv", site.url("a"), lists=site.url("SUMS"))
    assert get_reference("mini", fetching).fasta.is_file()
    assert "going on without" in caplog.text


@pytest.mark.parametrize("place", ["_append", "_write_records", "_build_index"])
def test_full_disk(
    site: Site,
    references: Path,
    tmp_path: Path,
    gene: Gene,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    from vagus.reference import download

    def fail(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(references / "x"))

    site.files["a"] = make_fasta(gene)
    monkeypatch.setattr(download if place == "_append" else manager, place, fail)
    with pytest.raises(ReferenceFileError, match="the disk is full") as caught:
        get_reference("mini", write_table(tmp_path / "t.tsv", site.url("a")))
    assert "VAGUS_REFERENCES" in caught.value.fix
    assert str(references) in str(caught.value)
    assert list_visible(references) == []


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


def test_export_and_import(
    references: Path, tmp_path: Path, gene: Gene, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.fa").write_bytes(make_fasta(gene))
    original = add_reference([tmp_path / "x.fa"], "x", "2.0").provenance
    bundle = tmp_path / "b.tar"
    manager.export_references(["x"], bundle)
    with pytest.raises(ReferenceFileError, match="'y' is not installed"):
        manager.export_references(["y"], tmp_path / "c.tar")
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("VAGUS_REFERENCES", str(elsewhere))
    (copy,) = manager.import_references(bundle)
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
        (make_tar({"x/y.txt": b""}, "w"), "holds no x.fasta.gz"),
        (make_tar({"../x/y.txt": b""}, "w"), "cannot be the name"),
    ):
        (tmp_path / "bad.tar").write_bytes(content)
        with pytest.raises(ReferenceFileError, match=message):
            manager.import_references(tmp_path / "bad.tar")
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
    assert [(row[0], row[1], row[2]) for row in rows if row[0] in ("mini", "mine")][-2:] == [
        ("mini", "7.1", "yes"), ("mine", "v3", "yes"),
    ]  # fmt: skip
    bundle = str(tmp_path / "b.tar")
    assert cli.main(["reference", "export", "mini", "mine", "-o", bundle]) == 0
    assert cli.main(["reference", "import", bundle]) == 0
    assert cli.main(["reference", "add", str(tmp_path / "absent")]) == 2
    assert "there is no such file" in capsys.readouterr().err
