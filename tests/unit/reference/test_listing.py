"""``vagus reference list`` shows what was counted at installation, not what others publish."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.reference.conftest import Site
from unit.reference.made_references import UPPER, Gene, make_fasta, write_table
from vagus.cli import main as cli
from vagus.reference.contents import count_records
from vagus.reference.starter import ReferenceRecord


def list_rows(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, str]:
    """Lines by the name of the reference."""
    capsys.readouterr()
    assert cli.main(["reference", "list", *words]) == 0
    return {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}


def test_a_file_called_as_a_database_is_not_that_database(
    references: Path, tmp_path: Path, gene: Gene, capsys: pytest.CaptureFixture[str]
) -> None:
    to_species = [f">A{i} {UPPER}g__G{i};s__G{i} x\n{gene(i)}\n" for i in range(7)]
    to_genus = [f">B{i} {UPPER}g__H{i};s__\n{gene(20 + i)}\n" for i in range(3)]
    to_family = [f">C{i} {UPPER}g__;s__\n{gene(40 + i)}\n" for i in range(2)]
    fasta = tmp_path / "silva.fasta"
    fasta.write_text("".join(to_species + to_genus + to_family), encoding="utf-8")
    before = list_rows(capsys)["silva"]
    assert "published: SILVA SSU Ref NR99: curated" in before
    assert cli.main(["reference", "add", str(fasta), "--release", "my own"]) == 0
    row = list_rows(capsys)["silva"]
    assert "12 sequences, 7 named to species, 3 to genus, 2 to family" in row
    assert "own files (silva.fasta)" in row
    for foreign in ("510,000", "SILVA", "138", "CC-BY", "published"):
        assert foreign not in row
    assert "published" in list_rows(capsys)["gtdb"]


def test_what_was_fetched_is_counted_too(
    site: Site, references: Path, tmp_path: Path, gene: Gene, capsys: pytest.CaptureFixture[str]
) -> None:
    site.files["a.fa"] = make_fasta(gene)
    table = tmp_path / "t.tsv"
    write_table(table, site.url("a.fa"))
    assert "published: a small one" in list_rows(capsys, "--table", str(table))["mini"]
    assert cli.main(["reference", "get", "mini", "--table", str(table)]) == 0
    row = list_rows(capsys, "--table", str(table))["mini"]
    assert row.endswith("4 sequences, 4 named to species; from a.fa")
    assert "published" not in row


def test_a_damaged_or_older_record_is_no_traceback(
    references: Path, tmp_path: Path, gene: Gene, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.fa").write_bytes(make_fasta(gene))
    assert cli.main(["reference", "add", str(tmp_path / "x.fa")]) == 0
    record = references / "x" / "provenance.json"
    record.write_text('{"name": "x", "sha256": "0", "version": "1\\u001b[31m"}', encoding="utf-8")
    row = list_rows(capsys)["x"]
    assert "were not counted" in row
    assert "\x1b" not in row
    record.write_text("{", encoding="utf-8")
    assert "damaged" in list_rows(capsys)["x"]


def test_counts_by_hand() -> None:
    lineages = [("d", "", "", "", "", "", "s"), ("d", "p", "", "", "", "", ""), ("d",) + 6 * ("",)]
    records = [ReferenceRecord(str(i), "ACGT", names) for i, names in enumerate(lineages)]  # type: ignore[arg-type]
    counts = count_records(records)
    assert counts["sequences"] == 3
    assert {rank: n for rank, n in counts.items() if n} == {
        "sequences": 3, "species": 1, "phylum": 1, "domain": 1,
    }  # fmt: skip
