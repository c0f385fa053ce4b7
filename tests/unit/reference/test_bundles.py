"""Bundles and archives that attack or are broken: one message, nothing installed."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from unit.reference.made_references import list_visible
from vagus.cli import main as cli

Member = tuple[tarfile.TarInfo, bytes]
HEADER = b">A1 d__Bacteria;p__F;c__C;o__O;f__F;g__G;s__G s\n"


def make_member(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE) -> Member:
    entry = tarfile.TarInfo(name)
    entry.type, entry.size = kind, len(data)
    entry.linkname = "/etc/passwd" if kind != tarfile.REGTYPE else ""
    return entry, data


def write_bundle(path: Path, *members: Member) -> None:
    with tarfile.open(path, "w") as tar:
        for entry, data in members:
            tar.addfile(entry, io.BytesIO(data) if data else None)


def make_bomb(n_megabytes: int) -> bytes:
    """A gzip file of one record that unpacks to so much."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(HEADER)]
    parts += [packer.compress(b"A" * 1_000_000) for _ in range(n_megabytes)]
    return b"".join([*parts, packer.flush()])


def describe(fasta: bytes, **other: object) -> bytes:
    return json.dumps({"sha256": hashlib.sha256(fasta).hexdigest(), **other}).encode()


FASTA = gzip.compress(HEADER + b"ACGT" * 350 + b"\n", mtime=0)
WHOLE = make_member("x/x.fasta.gz", FASTA), make_member("x/provenance.json", describe(FASTA))
ODD = {
    "counts": "no", "sources": 5, "version": 3, "licence": {"a": 1}, "contents": {"sequences": -1},
    "name": None, "installed": 20261130, "format": "gtdb", "origin": [],
}  # fmt: skip
BUNDLES: dict[str, tuple[tuple[Member, ...], str]] = {
    "empty": ((), "has no reference in it"),
    "a dot": ((make_member(".", FASTA),), "the member '.'"),
    "with a dot": ((make_member("./x/x.fasta.gz", FASTA), *WHOLE), "the member './x/x.fasta.gz'"),
    "above": ((make_member("../x/x.fasta.gz", FASTA),), "the member '../x/x.fasta.gz'"),
    "absolute": ((make_member("/tmp/x/x.fasta.gz", FASTA),), "the member '/tmp/x/x.fasta.gz'"),
    "a top file": ((make_member("x.fasta.gz", FASTA),), "the member 'x.fasta.gz'"),
    "a symlink": ((make_member("x/x.fasta.gz", kind=tarfile.SYMTYPE), WHOLE[1]), "the member"),
    "a hard link": ((make_member("x/x.fasta.gz", kind=tarfile.LNKTYPE), WHOLE[1]), "the member"),
    "a device": ((make_member("x/x.fasta.gz", kind=tarfile.CHRTYPE), WHOLE[1]), "the member"),
    "a pipe": ((make_member("x/x.fasta.gz", kind=tarfile.FIFOTYPE), WHOLE[1]), "the member"),
    "a folder": ((make_member("x", kind=tarfile.DIRTYPE), *WHOLE), "the member 'x'"),
    "twice": ((*WHOLE, WHOLE[0]), "is there twice"),
    "one more file": ((*WHOLE, make_member("x/run.sh", b"id")), "the member 'x/run.sh'"),
    "the starter": (
        (make_member("starter/starter.fasta.gz", FASTA),
         make_member("starter/provenance.json", describe(FASTA))),
        "'starter' cannot be the name",
    ),
    "no FASTA": ((WHOLE[1],), "'x/x.fasta.gz' is missing"),
    "no provenance": ((WHOLE[0],), "'x/provenance.json' is missing"),
    "a second without FASTA": ((*WHOLE, make_member("y/provenance.json", b"{}")), "'y/y.fasta.gz'"),
    "a list": ((WHOLE[0], make_member("x/provenance.json", b"[1]")), "not one JSON object"),
    "no JSON": ((WHOLE[0], make_member("x/provenance.json", b"<html>")), "no readable"),
    "deep JSON": ((WHOLE[0], make_member("x/provenance.json", b"[" * 100_000)), "no readable"),
    "no checksum": ((WHOLE[0], make_member("x/provenance.json", b"{}")), "'sha256' is missing"),
    "another checksum": (
        (WHOLE[0], make_member("x/provenance.json", describe(b"other"))), "its sha256 is"
    ),
    "not gzip": (
        (make_member("x/x.fasta.gz", b"\0" * 999),
         make_member("x/provenance.json", describe(b"\0" * 999))),
        "truncated or damaged",
    ),
    "no sequences": (
        (make_member("x/x.fasta.gz", gzip.compress(b"")),
         make_member("x/provenance.json", describe(gzip.compress(b"")))),
        "no FASTA records",
    ),
}  # fmt: skip
for _key, _value in ODD.items():
    _other = make_member("x/provenance.json", describe(FASTA, **{_key: _value}))
    BUNDLES[f"odd {_key}"] = ((WHOLE[0], _other), f"'{_key}' is missing or not of its kind")


def refuse(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["reference", *words]) == 2
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1
    assert message in lines[0]


@pytest.mark.parametrize("name", BUNDLES)
def test_bad_bundles(
    name: str, references: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    members, message = BUNDLES[name]
    write_bundle(tmp_path / "b.tar", *members)
    refuse(["import", str(tmp_path / "b.tar")], message, capsys)
    assert list_visible(references) == []
    assert [path.name for path in references.glob(".*")] in ([], [".lock"])


def test_a_bundle_of_two_files_is_installed(
    references: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_bundle(tmp_path / "b.tar", *WHOLE)
    assert cli.main(["reference", "import", str(tmp_path / "b.tar")]) == 0
    assert "installed: x" in capsys.readouterr().out
    assert cli.main(["reference", "list"]) == 0
    assert "1 sequence, 1 named to species" in capsys.readouterr().out
    assert cli.main(["reference", "export", "x", "-o", str(tmp_path / "again.tar")]) == 0
    assert cli.main(["reference", "import", str(tmp_path / "again.tar")]) == 0


def test_bombs(references: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bomb = make_bomb(150)
    write_bundle(
        tmp_path / "b.tar", make_member("x/x.fasta.gz", bomb),
        make_member("x/provenance.json", describe(bomb)),
    )  # fmt: skip
    refuse(["import", str(tmp_path / "b.tar")], "far more than sequences do", capsys)
    (tmp_path / "b.fasta.gz").write_bytes(bomb)
    refuse(["add", str(tmp_path / "b.fasta.gz")], "far more than sequences do", capsys)
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.fasta", HEADER + b"A" * 150_000_000)
    refuse(["add", str(tmp_path / "b.zip")], "far more than sequences do", capsys)
    assert list_visible(references) == []


def test_archives_that_attack(
    references: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    gene: Callable[[int], str],
) -> None:  # fmt: skip
    outside = tmp_path / "study" / "evil.fasta"
    slip = tmp_path / "slip.qza"
    with zipfile.ZipFile(slip, "w") as archive:
        archive.writestr("../study/evil.fasta", HEADER.decode() + gene(1) + "\n")
    assert cli.main(["reference", "add", str(slip)]) == 0  # under a name of our own
    assert not outside.exists()
    capsys.readouterr()
    data = slip.read_bytes()
    bad = tmp_path / "bad.qza"
    bad.write_bytes(data.replace(gene(1)[:40].encode(), gene(2)[:40].encode(), 1))
    assert bad.read_bytes() != data
    refuse(["add", str(bad)], "truncated or damaged", capsys)
    link = zipfile.ZipInfo("link.fasta")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert cli.main(["reference", "add", str(tmp_path / "link.zip")]) == 2
    assert list_visible(references) == ["slip.qza"] or list_visible(references) == ["slip"]
