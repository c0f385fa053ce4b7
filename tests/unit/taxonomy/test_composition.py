from __future__ import annotations

import pandas as pd
import pytest

from vagus.errors import VagusError
from vagus.taxonomy.composition import COMPOSITION_RANKS, summarise

TABLE = pd.DataFrame({"S 1": [5, 3, 0, 1, 2], "S2": [0, 4, 7, 0, 1]}, index=list("abcde"))
TAXONOMY = pd.DataFrame(
    {
        "Feature ID": list("edcbax"),
        "genus": ["Alpha", None, "Beta", "Alpha", "Gamma", "Never"],
        "species": [None] * 6,
    }
)


def test_sums_order_and_unassigned_last() -> None:
    result = summarise(TABLE, TAXONOMY, "genus")
    assert result.reset_index().to_dict("list") == {
        "genus": ["Alpha", "Beta", "Gamma", "Unassigned"],
        "S 1": [5, 0, 5, 1],
        "S2": [5, 7, 0, 0],
    }


def test_unassigned_is_there_even_when_nothing_or_everything_is() -> None:
    everything = summarise(TABLE, TAXONOMY, "species")
    assert everything.reset_index().to_dict("list") == {
        "species": ["Unassigned"],
        "S 1": [11],
        "S2": [12],
    }
    named = TAXONOMY.assign(genus="Alpha")
    assert summarise(TABLE, named, "genus").index.tolist() == ["Alpha", "Unassigned"]


def test_no_asvs_and_no_samples() -> None:
    empty = summarise(TABLE.iloc[:0], TAXONOMY, "genus")
    assert empty.reset_index().to_dict("list") == {"genus": ["Unassigned"], "S 1": [0], "S2": [0]}
    assert summarise(TABLE[[]], TAXONOMY, "genus").columns.tolist() == []


def test_every_asv_needs_a_row() -> None:
    with pytest.raises(VagusError, match="2 ASVs have no row in the taxonomy table"):
        summarise(TABLE, TAXONOMY.iloc[2:], "genus")


def test_ranks() -> None:
    assert COMPOSITION_RANKS == ("phylum", "class", "order", "family", "genus", "species")
