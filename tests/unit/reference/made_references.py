"""Small references as files of each kind, and a table of references that names one."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from vagus.reference.catalogue import COLUMNS
from vagus.reference.download import Patience
from vagus.reference.manager import Fetching

Gene = Callable[[int], str]
UPPER = "d__Bacteria;p__Bacillota;c__Bacilli;o__Lactobacillales;f__Lactobacillaceae;"


def make_fasta(gene: Gene, n: int = 4) -> bytes:
    rows = [f">A{i}.1 {UPPER}g__Genus{i};s__Genus{i} one [len=1]\n{gene(i)}\n" for i in range(n)]
    return "".join(rows).encode()


def write_table(
    path: Path, urls: str, md5: str = "", sha256: str = "", lists: str = "", version: str = "7.1"
) -> Fetching:
    row = (
        "mini",
        version,
        "2026-11",
        "4",
        "",
        urls,
        lists,
        md5,
        sha256,
        "CC0",
        "gtdb-ssu-fasta",
        "a small one",
    )
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
