"""ASVs named before are not classified again, and no byte of the results differs."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from classify_asvs import main
from vagus.reference.index import ReferenceIndex, build_index
from vagus.reference.starter import ReferenceRecord
from vagus.sequences import identify_asv, write_fasta
from vagus.taxonomy import known_calls
from vagus.taxonomy.classify import NamedSequence, Settings


@pytest.fixture
def asvs(records: list[ReferenceRecord], change: Callable[[str, int, int], str]) -> list[str]:
    return [change(record.sequence, n, 3 * n) for n, record in enumerate(records)] + ["ACGT" * 99]


MARK = "Kept from before"


def mark_kept(path: Path) -> None:
    """Give all kept calls another domain, so that it shows where they are taken over."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        state, *rows = map(json.loads, stream)
    for row in rows:
        row["names"][0] = MARK
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(line) + "\n" for line in (state, *rows))


def list_kept(taxonomy: bytes) -> list[str]:
    """ASVs of a table of calls that were taken over from a marked file."""
    lines = taxonomy.decode().splitlines()
    return [line.split("\t")[0] for line in lines if MARK in line]


def run(folder: Path, asvs: list[str], *options: str) -> tuple[bytes, bytes]:
    write_fasta(((identify_asv(asv), asv) for asv in asvs), folder / "asvs.fasta")
    arguments = ["--asvs", folder / "asvs.fasta", "--index", folder / "i", "--taxonomy",
                 folder / "t.tsv", "--hits", folder / "h.tsv", *options]  # fmt: skip
    assert main(list(map(str, arguments))) == 0
    return (folder / "t.tsv").read_bytes(), (folder / "h.tsv").read_bytes()


def test_only_unseen_ones_are_classified(
    tmp_path: Path, index: ReferenceIndex, asvs: list[str]
) -> None:
    index.save(tmp_path / "i")
    known = ["--known", str(tmp_path / "k.jsonl.gz")]
    expected = run(tmp_path, asvs)
    run(tmp_path, asvs[:4], *known)
    first = (tmp_path / "k.jsonl.gz").read_bytes()
    assert run(tmp_path, asvs, *known) == expected
    assert run(tmp_path, asvs, *known) == expected
    run(tmp_path, asvs[:4], *known)  # samples taken away: the file is as it was
    assert (tmp_path / "k.jsonl.gz").read_bytes() == first
    mark_kept(tmp_path / "k.jsonl.gz")
    taxonomy, _ = run(tmp_path, asvs, *known)
    assert list_kept(taxonomy) == [identify_asv(asv) for asv in asvs[:4]]


def test_other_settings_or_another_index_start_anew(
    tmp_path: Path, index: ReferenceIndex, records: list[ReferenceRecord], asvs: list[str]
) -> None:
    index.save(tmp_path / "i")
    known = ["--known", str(tmp_path / "k.jsonl.gz")]
    for option in (["--seed", "2"], ["--bootstraps", "50"], ["--max-hits", "2"]):
        run(tmp_path, asvs[:2], *known)
        mark_kept(tmp_path / "k.jsonl.gz")
        assert list_kept(run(tmp_path, asvs[:2], *known, *option)[0]) == [], option
    run(tmp_path, asvs[:2], *known)
    mark_kept(tmp_path / "k.jsonl.gz")
    build_index(records[1:], "made-up").save(tmp_path / "i")
    assert list_kept(run(tmp_path, asvs[:2], *known)[0]) == []


@pytest.mark.parametrize(
    "content", [b"", b"hello", gzip.compress(b"{}\n", mtime=0), gzip.compress(b"[", mtime=0)]
)
def test_damaged_files_count_as_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "k").write_bytes(content)
    assert known_calls.read_calls(tmp_path / "k", "state") == {}
    assert known_calls.read_calls(tmp_path / "absent", "state") == {}
    whole = tmp_path / "w.gz"
    named = {"0" * 32: NamedSequence("x", known_calls.Call(), ())}
    known_calls.write_calls(named, whole, "state")
    assert list(known_calls.read_calls(whole, "state")) == ["0" * 32]
    whole.write_bytes(whole.read_bytes()[:-9])
    assert known_calls.read_calls(whole, "state") == {}


def test_digest_of_an_index_is_that_of_its_content(
    tmp_path: Path, index: ReferenceIndex, records: list[ReferenceRecord]
) -> None:
    index.save(tmp_path / "i")
    assert ReferenceIndex.load(tmp_path / "i").digest == index.digest
    assert build_index(records, "other name").digest == index.digest
    assert build_index(records[1:], "made-up").digest != index.digest
    settings = Settings()
    states = {known_calls.digest_state(index, s, c)
              for s in (settings, Settings(seed=2)) for c in ("a", "b")}  # fmt: skip
    assert len(states) == 4
