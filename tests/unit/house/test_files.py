"""Files are whole or absent, and equal content gives equal bytes."""

from __future__ import annotations

import errno
import gzip
import math
import os
from pathlib import Path

import pandas as pd
import pytest

from vagus.cli.step import Options, run_step
from vagus.files import digest_file, open_whole, remove_temporaries, write_whole
from vagus.sequences import identify_asv, read_fasta, reverse_complement, write_fasta
from vagus.tables import read_table, write_table


@pytest.mark.parametrize("name", ["table.tsv", "table.tsv.gz"])
def test_a_failed_write_leaves_the_old_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with open_whole(path) as stream:
        stream.write("old\n")
    before = path.read_bytes()

    def fail() -> None:
        with open_whole(path) as stream:
            stream.write("half")
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError, match="killed"):
        fail()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "table.tsv"
    with pytest.raises(OSError, match="No space") as caught, open_whole(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.filename == str(path)


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        (OSError(errno.ENOSPC, "No space left", "out.tsv"), 2, "error: out.tsv: No space left. F"),
        (OSError(errno.EIO, "Input/output error"), 2, "error: Input/output error."),
        (MemoryError("Unable to allocate 9 GiB"), 3, "not enough memory (Unable to allocate 9 GiB"),
    ],
)
def test_what_the_machine_lacks_is_one_message(
    failure: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def step(arguments: object) -> None:
        raise failure

    assert run_step(step, Options("Fails."), []) == code
    told = capsys.readouterr().err
    assert words in told
    assert len(told.splitlines()) == 1


def test_gzip_holds_no_time_and_no_name(tmp_path: Path) -> None:
    for name in ("a.txt.gz", "b.txt.gz"):
        with open_whole(tmp_path / name) as stream:
            stream.write("ä\n")
    first, second = ((tmp_path / name).read_bytes() for name in ("a.txt.gz", "b.txt.gz"))
    assert first == second
    assert gzip.decompress(first) == "ä\n".encode()


def test_temporary_name_keeps_the_suffix(tmp_path: Path) -> None:
    with write_whole(tmp_path / "x.npz") as temporary:
        assert temporary.suffix == ".npz"
        temporary.write_bytes(b"1")
    assert (tmp_path / "x.npz").read_bytes() == b"1"


def test_what_killed_writers_left_is_removed(tmp_path: Path) -> None:
    kept = [tmp_path / "a" / name for name in ("table.tsv", ".tmp.tsv", ".tmp12", "b.tmp12.tsv")]
    left = [tmp_path / ".tmp12.table.tsv", tmp_path / "a" / ".tmp3456.x.gz"]
    folder = tmp_path / "a" / ".tmp7.qiime2"
    folder.mkdir(parents=True)
    for path in (*kept, *left, folder / ".tmp8.inside"):
        path.write_text("x", encoding="utf-8")
    os.utime(left[1], (2000, 2000))
    assert remove_temporaries(tmp_path, 3000) == [left[1]]  # the others may be at work
    remove_temporaries(tmp_path, math.inf)
    assert sorted(p for p in tmp_path.rglob("*") if p.is_file()) == sorted(kept)
    assert not folder.exists()
    assert remove_temporaries(tmp_path / "none", math.inf) == []


def test_digest(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    assert digest_file(tmp_path / "x") == "900150983cd24fb0d6963f7d28e17f72"  # RFC 1321, A.5


def test_tables_read_back(tmp_path: Path) -> None:
    table = pd.DataFrame({"sample": ["NA", "x"], "value": [0.1, None], "n": [1, 2]})
    write_table(table, tmp_path / "t.tsv")
    assert (tmp_path / "t.tsv").read_text() == "sample\tvalue\tn\nNA\t0.1\t1\nx\t\t2\n"
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.tsv"), table)


def test_sequences(tmp_path: Path) -> None:
    assert reverse_complement("AACGTRYN") == "NRYACGTT"
    assert identify_asv("abc") == "902fbdd2b1df0c4f70b4a5d23525e932"  # MD5 of 'ABC'
    write_fasta([("x y", "ACGT"), ("z", "")], tmp_path / "a.fasta.gz")
    assert list(read_fasta(tmp_path / "a.fasta.gz")) == [("x y", "ACGT"), ("z", "")]
