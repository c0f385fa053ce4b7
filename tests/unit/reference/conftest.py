"""A folder for installed references, 16S-like sequences, and files served on loopback."""

from __future__ import annotations

import http.server
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

# E. coli positions around 515, 787 and 1083, by which the strand of a 16S gene is recognised
CORE = (
    "GTGCCAGCAGCCGCGGTAATACGGAGGGTGCAAGC" + "ACGT" * 5 + "ATTAGATACCCTGGTAGTCCACGC"
    "CAGTC" * 4 + "ATGTTGGGTTAAGTCCCGCAACGAG"
)  # fmt: skip


def make_gene(seed: int, length: int = 1400) -> str:
    """A random sequence with the conserved sites of a 16S gene in its middle."""
    flank = random.Random(seed).choices("ACGT", k=length - len(CORE))
    half = len(flank) // 2
    return "".join(flank[:half]) + CORE + "".join(flank[half:])


@dataclass
class Site:
    """Files by path and how the server treats them; every request is written down.

    ``cut`` ends the connection after that many bytes of an answer, as many times as the number
    says; ``errors`` are answered first, in order; ``ignore_range`` always sends all.
    """

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    cut: dict[str, tuple[int, int]] = field(default_factory=dict)
    errors: dict[str, list[int]] = field(default_factory=dict)
    ignore_range: bool = False
    claim_length: bool = True
    requests: list[tuple[str, str]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"{self.address}/{path}"


def _make_handler(site: Site) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.lstrip("/")
            wanted = self.headers.get("Range", "")
            site.requests.append((path, wanted))
            if site.errors.get(path):
                self.send_error(site.errors[path].pop(0))
                return
            if path not in site.files:
                self.send_error(404)
                return
            content = site.files[path]
            tag = f'"{len(content)}"'
            start = int(wanted[6:-1]) if wanted and not site.ignore_range else 0
            if start and self.headers.get("If-Range") != tag:
                start = 0
            if start > len(content):
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            self.send_header("ETag", tag)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(content)}/{len(content)}")
            if site.claim_length:
                self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            body = content[start:]
            n_times, n_bytes = site.cut.get(path, (0, 0))
            if n_times:
                site.cut[path] = (n_times - 1, n_bytes)
                body = body[:n_bytes]
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    return Handler


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    site = Site()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _make_handler(site))
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def references(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty folder of installed references."""
    folder = tmp_path / "references"
    monkeypatch.setenv("VAGUS_REFERENCES", str(folder))
    return folder


@pytest.fixture(scope="session")
def gene() -> Callable[[int], str]:
    """Makes the random 16S-like gene of a number."""
    return make_gene
