"""Calls of several databases joined by hand-made cases of the documented rule."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from join_databases import main
from vagus.errors import VagusError
from vagus.reference.lineage import RANKS
from vagus.reference.names import Names
from vagus.tables import read_table, write_table
from vagus.tables.stages.taxonomy import HITS, TAXONOMY
from vagus.taxonomy.consensus import join_databases
from vagus.taxonomy.ranks import format_taxon

OLD = ["Bacteria", "Firmicutes", "Bacilli", "Lactobacillales", "Lactobacillaceae",
       "Lactobacillus", "Lactobacillus reuteri"]  # fmt: skip
NEW = ["Bacteria", "Bacillota", "Bacilli", "Lactobacillales", "Lactobacillaceae",
       "Limosilactobacillus", "Limosilactobacillus reuteri"]  # fmt: skip


@pytest.fixture(scope="module")
def synonyms() -> Names:
    return Names.read()


def make_table(*rows: tuple[list[str], str]) -> pd.DataFrame:
    content = []
    for number, (names, note) in enumerate(rows):
        names = names + [""] * (7 - len(names))
        row: dict[str, object] = dict.fromkeys(TAXONOMY.names)
        row |= {"Feature ID": f"asv{number}", "Taxon": format_taxon(names), "Confidence": 0.9}
        row |= {rank: name or None for rank, name in zip(RANKS, names, strict=True)}
        row["note"] = note or None
        content.append(row)
    return pd.DataFrame(content, columns=TAXONOMY.names)


def join(synonyms: Names, *calls: tuple[list[str], str]) -> dict[str, object]:
    tables = [(f"db{number}", make_table(call)) for number, call in enumerate(calls, 1)]
    row: dict[str, object] = join_databases(tables, synonyms).iloc[0].to_dict()
    return row


def test_synonyms_are_no_disagreement_and_priority_decides(synonyms: Names) -> None:
    row = join(synonyms, (NEW, ""), (OLD, ""))
    assert (row["genus"], row["database"], row["disagreement"]) == (
        "Limosilactobacillus", "db1", None,
    )  # fmt: skip
    assert join(synonyms, (OLD, ""), (NEW, ""))["species"] == "Lactobacillus reuteri"


def test_disagreement_is_said_at_its_broadest_rank(synonyms: Names) -> None:
    other = [*NEW[:5], "Ligilactobacillus", "Ligilactobacillus salivarius"]
    far = ["Bacteria", "Bacteroidota", "Bacteroidia"]
    row = join(synonyms, (NEW, ""), (other, ""), (far, ""), (NEW[:3], ""))
    assert row["disagreement"] == "genus: db2 Ligilactobacillus; phylum: db3 Bacteroidota"


def test_the_first_that_names_the_genus_gives_the_call(synonyms: Names) -> None:
    assert join(synonyms, (NEW[:4], ""), (NEW, ""))["database"] == "db2"
    assert join(synonyms, (NEW[:2], ""), (NEW[:4], ""), (NEW[:4], ""))["database"] == "db2"
    assert join(synonyms, ([], ""), ([], ""))["Taxon"] == "Unassigned"


def test_species_from_another_database_of_the_same_genus(synonyms: Names) -> None:
    row = join(synonyms, (NEW[:6], "genus by alignment"), (OLD, ""))
    assert row["species"] == "Lactobacillus reuteri"
    assert row["note"] == "genus by alignment; species from db2"
    assert str(row["Taxon"]).endswith("; s__Lactobacillus reuteri")
    other = [*NEW[:5], "Ligilactobacillus", "Ligilactobacillus salivarius"]
    assert join(synonyms, (NEW[:6], ""), (other, ""))["species"] is None


def test_an_organelle_in_any_database_is_set_apart(synonyms: Names) -> None:
    row = join(synonyms, (NEW, ""), ([], "set apart: mitochondria"))
    assert row["note"] == "set apart: mitochondria"
    assert row["genus"] is None
    assert row["database"] == "db2"


def test_program(tmp_path: Path) -> None:
    write_table(make_table((NEW, ""), (NEW[:2], "")), tmp_path / "a.tsv")
    write_table(make_table((OLD, ""), (OLD, "")), tmp_path / "b.tsv")
    asvs = make_table((NEW, ""), (NEW, ""))["Feature ID"].tolist()
    for name, order in (("a", asvs), ("b", asvs[::-1])):
        rows = [(asv, n, f"{name}{n}", 1.0, 1.0, "x") for asv in order for n in (1, 2)]
        write_table(pd.DataFrame(rows, columns=HITS.names), tmp_path / f"{name}_hits.tsv")
    databases = [
        part
        for name, database in (("a", "gtdb"), ("b", "own"))
        for part in (
            "--database",
            database,
            f"{tmp_path}/{name}.tsv",
            f"{tmp_path}/{name}_hits.tsv",
        )
    ] + ["--hits", str(tmp_path / "hits.tsv")]
    assert main([*databases, "--taxonomy", str(tmp_path / "c.tsv")]) == 0
    hits = read_table(tmp_path / "hits.tsv")
    assert hits.columns.tolist() == ["asv", "database", *HITS.names[1:]]
    assert hits["asv"].tolist() == [asvs[0]] * 4 + [asvs[1]] * 4
    assert hits["accession"].tolist() == ["a1", "a2", "b1", "b2"] * 2
    table = read_table(tmp_path / "c.tsv")
    assert table.columns.tolist() == [*TAXONOMY.names, "database", "disagreement"]
    assert table["database"].tolist() == ["gtdb", "own"]
    empty = make_table()
    write_table(empty, tmp_path / "a.tsv")
    write_table(empty, tmp_path / "b.tsv")
    for name in "ab":
        no_hits = pd.DataFrame(columns=HITS.names)
        write_table(no_hits, tmp_path / f"{name}_hits.tsv")
    assert main([*databases, "--taxonomy", str(tmp_path / "c.tsv")]) == 0


def test_tables_of_other_asvs_are_refused(synonyms: Names) -> None:
    with pytest.raises(VagusError, match="not of the same ASVs"):
        join_databases([("a", make_table((NEW, ""))), ("b", make_table())], synonyms)
