"""Tables of variants as the engines write them, and damaged ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vagus.denoise.variant_tables import read_variants
from vagus.errors import VagusError
from vagus.phase.variants import COLUMNS
from vagus.sequences import identify_asv
from vagus.tables import write_table

GENES = ("ACGTACGTAC", "ACGTTCGTAC", "ACGTTCGGAC")


def make_phase_table() -> pd.DataFrame:
    """A variant, an ambiguous one, and a bimera of both: only that has parents."""
    names = [identify_asv(gene) for gene in GENES]
    return pd.DataFrame(
        {
            "asv": names, "sequence": GENES, "reads": [50, 30, 9], "uniques": [50, 30, 9],
            "engine": "phase", "birth_type": "cluster", "birth_p_value": np.nan,
            "birth_fold": np.nan, "parent": "", "hamming": 1, "exact_reads": [9, 8, 7],
            "flags": ["", "ambiguous", "ambiguous;bimera"], "log_ratio": [np.nan, 12.5, 8.0],
            "reverse_reads": [20, 15, 4], "left_parent": ["", "", names[0]],
            "right_parent": ["", "", names[1]], "breakpoint_bp": [np.nan, np.nan, 6.0],
        }
    )[list(COLUMNS)]  # fmt: skip


def test_only_bimeras_have_breakpoints(tmp_path: Path) -> None:
    path = tmp_path / "variants.tsv"
    write_table(make_phase_table(), path)
    table = read_variants(path)
    assert list(table["left_parent"]) == ["", "", identify_asv(GENES[0])]
    assert table["breakpoint_bp"].isna().tolist() == [True, True, False]
    assert table["breakpoint_bp"][2] == 6


@pytest.mark.parametrize("place", [np.nan, 6.5, -2.0])
def test_a_bimera_without_a_place(tmp_path: Path, place: float) -> None:
    path = tmp_path / "variants.tsv"
    write_table(make_phase_table().assign(breakpoint_bp=[np.nan, np.nan, place]), path)
    with pytest.raises(VagusError, match="breakpoint_bp"):
        read_variants(path)


def test_dada_writes_fewer_columns(tmp_path: Path) -> None:
    path = tmp_path / "variants.tsv"
    write_table(make_phase_table()[list(COLUMNS[:12])].assign(flags=""), path)
    assert list(read_variants(path).columns) == list(COLUMNS[:12])
