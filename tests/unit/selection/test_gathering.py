"""Reads of taxa: every read is counted once at each rank, whether or not it has a name there."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import gather_taxa
from vagus.errors import VagusError
from vagus.selection import composition
from vagus.selection.composition import is_unnamed, join_unnamed, name_at_rank
from vagus.tables import read_table, write_table
from vagus.tables.wide import read_wide, write_wide

RANKS = ("domain", "phylum", "class", "order", "family", "genus", "species")
LINEAGES = {
    "a": ("B", "P", "C", "O", "F", "G", "G one"),
    "b": ("B", "P", "C", "O", "F", "G", ""),
    "c": ("B", "P", "C", "O", "F", "", ""),
    "d": ("", "", "", "", "", "", ""),
    "e": ("B", "P", "C", "O", "F", "H", ""),
}
COUNTS = pd.DataFrame({"s1": [1, 2, 4, 8, 2], "s2": [9, 0, 0, 3, 11]}, index=list("abcde"))


def make_taxonomy() -> pd.DataFrame:
    taxonomy = pd.DataFrame(LINEAGES.values(), columns=RANKS)
    taxonomy.insert(0, "Feature ID", list(LINEAGES))
    return taxonomy


def test_names() -> None:
    assert name_at_rank(LINEAGES["a"], "species") == "G one"
    assert name_at_rank(LINEAGES["b"], "species") == "unnamed G"
    assert name_at_rank(LINEAGES["b"], "genus") == "G"
    assert name_at_rank(LINEAGES["c"], "genus") == "unnamed F"
    assert name_at_rank(LINEAGES["d"], "genus") == "unnamed"


def test_reads_are_kept_at_every_rank(tmp_path: Path) -> None:
    write_wide(COUNTS.rename_axis("asv"), tmp_path / "asvs.tsv")
    write_table(make_taxonomy(), tmp_path / "taxonomy.tsv")
    given = ["--asv-table", f"{tmp_path}/asvs.tsv", "--taxonomy", f"{tmp_path}/taxonomy.tsv"]
    wanted = [f"--table={rank}={tmp_path}/{rank}.tsv" for rank in ("species", "genus")]
    assert gather_taxa.main([*given, *wanted]) == 0
    genera = read_table(tmp_path / "genus.tsv")
    # named ones first: H has 13 reads, G 12; then d with 11 and c with 4
    assert genera.to_dict("list") == {
        "genus": ["H", "G", "unnamed", "unnamed F"],
        "s1": [2, 3, 8, 4],
        "s2": [11, 9, 3, 0],
    }
    species = read_table(tmp_path / "species.tsv")
    assert species[["s1", "s2"]].sum().tolist() == [17, 23]
    joined = join_unnamed(read_wide(tmp_path / "genus.tsv", ["genus"]))
    assert joined.reset_index().to_dict("list") == {
        "genus": ["H", "G", "Unassigned"], "s1": [2, 3, 12], "s2": [11, 9, 3],
    }  # fmt: skip


def test_no_asvs_no_samples_no_names() -> None:
    empty = composition.gather_taxa(COUNTS.iloc[:0], make_taxonomy(), "genus")
    assert empty.reset_index().to_dict("list") == {"genus": [], "s1": [], "s2": []}
    assert join_unnamed(empty).empty
    bare = composition.gather_taxa(COUNTS[[]], make_taxonomy(), "genus")
    assert bare.columns.tolist() == []
    unnamed = composition.gather_taxa(COUNTS.loc[["d"]], make_taxonomy(), "phylum")
    assert join_unnamed(unnamed).index.tolist() == ["Unassigned"]
    named = composition.gather_taxa(COUNTS.loc[["a"]], make_taxonomy(), "genus")
    assert join_unnamed(named).index.tolist() == ["G"]


def test_every_asv_needs_a_row() -> None:
    with pytest.raises(VagusError, match="1 ASVs have no row"):
        composition.gather_taxa(COUNTS.set_axis(list("abcdf")), make_taxonomy(), "genus")


@pytest.mark.parametrize(
    ("label", "expected"),
    [("unnamed", True), ("unnamed F", True), ("unnamedia", False), ("Unassigned", False)],
)
def test_unnamed_groups(label: str, expected: bool) -> None:
    assert is_unnamed(label) is expected
