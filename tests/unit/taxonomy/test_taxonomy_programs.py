from __future__ import annotations

from pathlib import Path

import pytest

import classify_asvs
import gather_taxa
import index_reference
from vagus.reference.starter import ReferenceRecord
from vagus.sequences import identify_asv, write_fasta
from vagus.tables import read_table, write_table
from vagus.tables.stages.taxonomy import HITS, TAXONOMY


@pytest.fixture
def reference(records: list[ReferenceRecord], tmp_path: Path) -> Path:
    path = tmp_path / "my reference.fasta"
    write_fasta(((f"{r.accession} {';'.join(r.lineage)}", r.sequence) for r in records), path)
    return path


def name_compositions(folder: Path) -> list[str]:
    ranks = ("phylum", "class", "order", "family", "genus", "species")
    return [f"--table={rank}={folder}/composition_{rank}.tsv" for rank in ranks]


def run(tmp_path: Path, reference: Path, asvs: list[str], *options: str) -> tuple[Path, Path]:
    write_fasta(((identify_asv(asv), asv) for asv in asvs), tmp_path / "asvs.fasta")
    index = ["--reference", str(reference), "--min-length-bp", "100"]
    assert index_reference.main([*index, "--index", str(tmp_path / "r.index")]) == 0
    taxonomy, hits = tmp_path / "taxonomy.tsv", tmp_path / "hits.tsv"
    arguments = ["--asvs", tmp_path / "asvs.fasta", "--index", tmp_path / "r.index",
                 "--taxonomy", taxonomy, "--hits", hits]  # fmt: skip
    assert classify_asvs.main([*map(str, arguments), *options]) == 0
    return taxonomy, hits


def test_whole_stage(tmp_path: Path, reference: Path, records: list[ReferenceRecord]) -> None:
    asvs = [records[0].sequence, records[5].sequence, "ACGT" * 150]
    taxonomy, hits = run(tmp_path, reference, asvs, "--max-hits", "3")
    table = read_table(taxonomy)
    assert list(table.columns) == TAXONOMY.names
    assert table["Feature ID"].tolist() == [identify_asv(asv) for asv in asvs]
    assert table["species"].fillna("").tolist() == ["Genus00 species0", "Genus10 species1", ""]
    assert table["Taxon"].tolist()[2] == "Unassigned"
    assert table["nearest"].fillna("").tolist() == ["ref000", "ref101", ""]
    found = read_table(hits)
    assert list(found.columns) == HITS.names
    assert found["hit"].tolist() == [1, 2, 3, 1, 2, 3]
    assert found["identity"].tolist()[0] == 1.0
    counts = table[["Feature ID"]].rename(columns={"Feature ID": "asv"}).assign(s=[7, 2, 1])
    write_table(counts, tmp_path / "counts.tsv")
    composition = ["--asv-table", tmp_path / "counts.tsv", "--taxonomy", taxonomy,
                   *name_compositions(tmp_path / "out")]  # fmt: skip
    assert gather_taxa.main(list(map(str, composition))) == 0
    genus = (tmp_path / "out" / "composition_genus.tsv").read_text()
    assert genus == "genus\ts\nGenus00\t7\nGenus10\t2\nunnamed\t1\n"
    assert len(list((tmp_path / "out").iterdir())) == 6


def test_threads_and_company_do_not_change_a_row(
    tmp_path: Path, reference: Path, records: list[ReferenceRecord]
) -> None:
    asvs = [record.sequence[:500] + "ACGTTACA" * 6 for record in records]
    one, one_hits = run(tmp_path, reference, asvs)
    rows, hit_bytes = one.read_text().splitlines(), one_hits.read_bytes()
    two, two_hits = run(tmp_path, reference, asvs, "--threads", "3")
    assert two.read_text().splitlines() == rows
    assert two_hits.read_bytes() == hit_bytes
    alone, _ = run(tmp_path, reference, asvs[3:4])
    assert alone.read_text().splitlines() == [rows[0], rows[4]]


def test_no_asvs(tmp_path: Path, reference: Path) -> None:
    taxonomy, hits = run(tmp_path, reference, [])
    assert taxonomy.read_text() == "\t".join(TAXONOMY.names) + "\n"
    assert hits.read_text() == "\t".join(HITS.names) + "\n"
    (tmp_path / "counts.tsv").write_text("asv\ts\n")
    arguments = ["--asv-table", tmp_path / "counts.tsv", "--taxonomy", taxonomy,
                 *name_compositions(tmp_path)]  # fmt: skip
    assert gather_taxa.main(list(map(str, arguments))) == 0
    assert (tmp_path / "composition_order.tsv").read_text() == "order\ts\n"


def test_user_mistakes_exit_2(
    tmp_path: Path, reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = str(tmp_path / "x.index")
    assert index_reference.main(["--reference", "no.such", "--index", index]) == 2
    assert "no reference 'no.such'" in capsys.readouterr().err
    assert index_reference.main(["--reference", str(reference), "--index", index]) == 2
    assert "none of 8 references is usable" in capsys.readouterr().err
    assert not Path(index).exists()
    arguments = ["--asvs", reference, "--index", reference, "--taxonomy", tmp_path / "t",
                 "--hits", tmp_path / "h"]  # fmt: skip
    assert classify_asvs.main(list(map(str, arguments))) == 2
    assert "not an index" in capsys.readouterr().err
