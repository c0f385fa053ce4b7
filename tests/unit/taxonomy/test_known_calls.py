"""ASVs named before are not classified again, and no byte of the results differs."""

from __future__ import annotations

import gzip
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


@pytest.fixture
def classified(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the sequences that are classified, not looked up."""
    seen: list[str] = []
    original = known_calls.classify

    def record(index: ReferenceIndex, pairs: list[tuple[str, str]], *rest: object) -> object:
        seen.extend(name for name, _ in pairs)
        return original(index, pairs, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(known_calls, "classify", record)
    return seen


def run(folder: Path, asvs: list[str], *options: str) -> tuple[bytes, bytes]:
    write_fasta(((identify_asv(asv), asv) for asv in asvs), folder / "asvs.fasta")
    arguments = ["--asvs", folder / "asvs.fasta", "--index", folder / "i", "--taxonomy",
                 folder / "t.tsv", "--hits", folder / "h.tsv", *options]  # fmt: skip
    assert main(list(map(str, arguments))) == 0
    return (folder / "t.tsv").read_bytes(), (folder / "h.tsv").read_bytes()


def test_only_unseen_ones_are_classified(
    tmp_path: Path, index: ReferenceIndex, asvs: list[str], classified: list[str]
) -> None:
    index.save(tmp_path / "i")
    known = ["--known", str(tmp_path / "k.jsonl.gz")]
    expected = run(tmp_path, asvs)
    run(tmp_path, asvs[:4], *known)
    assert classified == [identify_asv(asv) for asv in asvs[:4]]
    first = (tmp_path / "k.jsonl.gz").read_bytes()
    assert run(tmp_path, asvs, *known) == expected
    assert classified == [identify_asv(asv) for asv in asvs]
    assert run(tmp_path, asvs, *known) == expected
    assert len(classified) == len(asvs)
    run(tmp_path, asvs[:4], *known)  # samples taken away: the file is as it was
    assert (tmp_path / "k.jsonl.gz").read_bytes() == first


def test_other_settings_or_another_index_start_anew(
    tmp_path: Path, index: ReferenceIndex, records: list[ReferenceRecord], asvs: list[str],
    classified: list[str],
) -> None:  # fmt: skip
    index.save(tmp_path / "i")
    known = ["--known", str(tmp_path / "k.jsonl.gz")]
    run(tmp_path, asvs[:2], *known)
    for option in (["--seed", "2"], ["--bootstraps", "50"], ["--max-hits", "2"]):
        classified.clear()
        run(tmp_path, asvs[:2], *known, *option)
        assert len(classified) == 2, option
    build_index(records[1:], "made-up").save(tmp_path / "i")
    classified.clear()
    run(tmp_path, asvs[:2], *known)
    assert len(classified) == 2


@pytest.mark.parametrize("content", [b"", b"hello", gzip.compress(b"{}\n"), gzip.compress(b"[")])
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
