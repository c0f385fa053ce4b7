"""Tables of variants read back: of a sample, of a pool; names, sequences and reads checked."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

from vagus.errors import describe_damage
from vagus.sequences import identify_asv, is_sequence
from vagus.tables import read_table
from vagus.tables.stages.denoise import VARIANTS
from vagus.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd


def read_variants(path: str | PathLike[str], description: Table = VARIANTS) -> pd.DataFrame:
    """Read ``variants.tsv`` of either engine, or the same of a pool; texts are never missing.

    A pool's variants have no breakpoint: bimeras are sought in samples.

    Raises VagusError when a column is missing or of another kind, or a name is not that of its
    sequence.
    """
    table = read_table(path, description, fill=True)
    check_variants(table, description.name, path)
    if "breakpoint_bp" in table:
        _check_breakpoints(table, description.name, path)
    return table


def _check_breakpoints(table: pd.DataFrame, kind: str, path: str | PathLike[str]) -> None:
    """Raise VagusError where the breakpoint of a bimera is missing or not a position."""
    places = table["breakpoint_bp"]
    is_bimera = table["flags"].str.contains("bimera", regex=False)
    is_position = (places >= 0) & (places % 1 == 0)
    for row in table.index[~is_position & (is_bimera | places.notna())]:
        text = f"{places[row]:g}" if places.notna()[row] else "nothing"
        raise describe_damage(kind, path, f"{text} is in the column 'breakpoint_bp'")


def check_variants(table: pd.DataFrame, kind: str, path: str | PathLike[str]) -> None:
    """Raise VagusError where a name is not that of its sequence, or occurs twice."""
    for name, sequence in zip(table["asv"], table["sequence"], strict=True):
        if not is_sequence(sequence) or identify_asv(sequence) != name:
            raise describe_damage(kind, path, f"'{name}' is not the name of its sequence")
    if table["asv"].duplicated().any():
        raise describe_damage(kind, path, "a variant occurs twice")
