from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import gather_taxa
from vagus.diversity import levels
from vagus.diversity.levels import name_at_level
from vagus.errors import VagusError
from vagus.tables import read_table, write_table
from vagus.wide_tables import write_wide

RANKS = ("domain", "phylum", "class", "order", "family", "genus", "species")
LINEAGES = {
    "a": ("B", "P", "C", "O", "F", "G", "G one"),
    "b": ("B", "P", "C", "O", "F", "G", ""),
    "c": ("B", "P", "C", "O", "F", "", ""),
    "d": ("", "", "", "", "", "", ""),
}


def test_names() -> None:
    assert name_at_level(LINEAGES["a"], "species") == "G one"
    assert name_at_level(LINEAGES["b"], "species") == "unnamed G"
    assert name_at_level(LINEAGES["b"], "genus") == "G"
    assert name_at_level(LINEAGES["c"], "genus") == "unnamed F"
    assert name_at_level(LINEAGES["d"], "genus") == "unnamed"


def test_reads_are_kept_at_every_level(tmp_path: Path) -> None:
    counts = pd.DataFrame({"asv": list("abcd"), "s1": [1, 2, 4, 8], "s2": [9, 0, 0, 3]})
    taxonomy = pd.DataFrame(LINEAGES.values(), columns=RANKS)
    taxonomy.insert(0, "Feature ID", list(LINEAGES))
    counts = counts.set_index("asv")
    write_wide(counts, tmp_path / "asvs.tsv")
    write_table(taxonomy, tmp_path / "taxonomy.tsv")
    given = ["--asv-table", f"{tmp_path}/asvs.tsv", "--taxonomy", f"{tmp_path}/taxonomy.tsv"]
    wanted = [f"--table={rank}={tmp_path}/{rank}/table.tsv" for rank in ("species", "genus")]
    assert gather_taxa.main([*given, *wanted]) == 0
    genera = read_table(tmp_path / "genus" / "table.tsv")
    assert genera.to_dict("list") == {
        "genus": ["G", "unnamed", "unnamed F"],
        "s1": [3, 8, 4],
        "s2": [9, 3, 0],
    }
    species = read_table(tmp_path / "species" / "table.tsv")
    assert species[["s1", "s2"]].sum().tolist() == [15, 12]
    with pytest.raises(VagusError, match="1 ASVs have no row"):
        levels.gather_taxa(counts.set_axis(list("abce")), taxonomy, "genus")
