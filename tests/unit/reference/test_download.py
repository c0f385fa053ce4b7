"""Downloads from a server on loopback: resumed, retried, checked, whole or absent."""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from limits import limit_files
from vagus.errors import ReferenceFileError
from vagus.reference.download import Patience, Source, fetch

if TYPE_CHECKING:
    from .conftest import Site

NO_WAIT = Patience(attempts=3, first_wait_s=0.0, timeout_s=5.0)
CONTENT = bytes(range(256)) * 4000  # 1 MB


def list_names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_whole_file_with_checksums_and_progress(site: Site, tmp_path: Path) -> None:
    site.files["a.gz"] = CONTENT
    md5, sha256 = hashlib.md5(CONTENT).hexdigest(), hashlib.sha256(CONTENT).hexdigest()
    seen: list[tuple[int, int]] = []
    source = Source(site.url("a.gz"), md5.upper(), sha256)
    path = fetch(source, tmp_path / "d" / "a", lambda *p: seen.append(p), NO_WAIT)
    assert path.read_bytes() == CONTENT
    assert list_names(tmp_path / "d") == ["a"]
    assert seen[0] == (0, len(CONTENT))
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    fetch(source, tmp_path / "d" / "a", patience=NO_WAIT)
    assert len(site.requests) == 1  # what is there and right is not fetched again


def test_cut_connections_are_resumed(site: Site, tmp_path: Path) -> None:
    site.files["a"] = CONTENT
    site.cut["a"] = (3, 300_000)
    assert fetch(Source(site.url("a")), tmp_path / "a", patience=NO_WAIT).read_bytes() == CONTENT
    ranges = [wanted for _, wanted in site.requests]
    assert ranges == ["", "bytes=300000-", "bytes=600000-", "bytes=900000-"]


def test_a_later_call_goes_on(site: Site, tmp_path: Path) -> None:
    site.files["a"] = CONTENT
    site.cut["a"] = (1, 500_000)
    once = Patience(attempts=1, first_wait_s=0.0, timeout_s=5.0)

    def stop(done: int, total: int) -> None:
        if done >= 250_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(Source(site.url("a")), tmp_path / "a", stop, once)
    assert list_names(tmp_path) == ["a.part", "a.part.json"]
    kept = (tmp_path / "a.part").stat().st_size
    assert kept >= 250_000
    site.cut["a"] = (0, 0)
    assert fetch(Source(site.url("a")), tmp_path / "a", patience=once).read_bytes() == CONTENT
    assert site.requests[-1] == ("a", f"bytes={kept}-")


def test_a_file_that_changed_meanwhile_is_fetched_from_its_start(
    site: Site, tmp_path: Path
) -> None:
    (tmp_path / "a.part").write_bytes(b"old bytes")
    (tmp_path / "a.part.json").write_text('{"mark": "\\"17\\""}')
    site.files["a"] = CONTENT
    assert fetch(Source(site.url("a")), tmp_path / "a", patience=NO_WAIT).read_bytes() == CONTENT
    site.files["b"] = b"short"
    (tmp_path / "b.part").write_bytes(CONTENT)  # longer than the file
    (tmp_path / "b.part.json").write_text('{"mark": "\\"5\\""}')
    assert fetch(Source(site.url("b")), tmp_path / "b", patience=NO_WAIT).read_bytes() == b"short"


def test_a_server_without_ranges(site: Site, tmp_path: Path) -> None:
    site.files["a"] = CONTENT
    site.ignore_range = True
    site.cut["a"] = (1, 400_000)
    assert fetch(Source(site.url("a")), tmp_path / "a", patience=NO_WAIT).read_bytes() == CONTENT


def test_passing_errors_are_retried(site: Site, tmp_path: Path) -> None:
    site.files["a"] = CONTENT
    site.errors["a"] = [503, 500]
    assert fetch(Source(site.url("a")), tmp_path / "a", patience=NO_WAIT).read_bytes() == CONTENT
    assert len(site.requests) == 3


@pytest.mark.parametrize("code", [404, 403, 410])
def test_a_dead_link_is_not_retried(site: Site, tmp_path: Path, code: int) -> None:
    site.errors["a"] = [code]
    with pytest.raises(ReferenceFileError, match=f"cannot be fetched: the server answers {code}"):
        fetch(Source(site.url("a")), tmp_path / "a", patience=NO_WAIT)
    assert len(site.requests) == 1
    assert list_names(tmp_path) == []


def test_retries_are_bounded(site: Site, tmp_path: Path) -> None:
    site.errors["a"] = [500] * 99
    with pytest.raises(ReferenceFileError, match="3 attempts without progress") as caught:
        fetch(Source(site.url("a")), tmp_path / "a", patience=NO_WAIT)
    assert "vagus reference add" in caught.value.fix
    assert len(site.requests) == 3


def test_no_server_at_all(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(ReferenceFileError, match=r"cannot be fetched: .*refused"):
        fetch(Source(f"http://127.0.0.1:{port}/a"), tmp_path / "a", patience=NO_WAIT)


@pytest.mark.parametrize("url", ["file:///etc/hosts", "ftp://h/x", "", "x.fasta"])
def test_other_addresses_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ReferenceFileError, match="not an http"):
        fetch(Source(url), tmp_path / "a", patience=NO_WAIT)


def test_wrong_checksum_leaves_nothing(site: Site, tmp_path: Path) -> None:
    site.files["a"] = CONTENT
    with pytest.raises(ReferenceFileError, match=r"its md5 is .* where 0123 is expected") as caught:
        fetch(Source(site.url("a"), "0123"), tmp_path / "a", patience=NO_WAIT)
    assert site.url("a") in str(caught.value)
    assert list_names(tmp_path) == []


def test_disk_errors_are_not_taken_for_the_network(site: Site, tmp_path: Path) -> None:
    site.files["a"] = CONTENT
    with limit_files(500_000), pytest.raises(OSError, match="File too large") as caught:
        fetch(Source(site.url("a")), tmp_path / "a", patience=NO_WAIT)
    assert caught.value.filename == str(tmp_path / "a.part")
    assert len(site.requests) == 1
    assert fetch(Source(site.url("a")), tmp_path / "a", patience=NO_WAIT).read_bytes() == CONTENT
    assert site.requests[1] == ("a", "bytes=500000-")
    (tmp_path / "folder.part").mkdir()
    with pytest.raises(OSError, match="directory"):
        fetch(Source(site.url("a")), tmp_path / "folder", patience=NO_WAIT)
