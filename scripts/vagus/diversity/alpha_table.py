"""The table of alpha diversity read back."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike
from typing import TYPE_CHECKING

from vagus.errors import describe_damage
from vagus.tables import check_columns, read_table

if TYPE_CHECKING:
    import pandas as pd

KIND = "table of alpha diversity"


def read_alpha(path: str | PathLike[str], needs: Collection[str] = ()) -> pd.DataFrame:
    """A row a sample (each once), numbers in all other columns; NaN where a sample has none.

    Raises VagusError for a damaged table, and one without the columns that are needed.
    """
    table = read_table(path, dtype={"sample": str})
    check_columns(table, path, KIND, ["sample", *needs], "sample")
    for name in table.columns.drop("sample"):
        if table[name].dtype.kind not in "iuf" and table[name].notna().any():
            raise describe_damage(KIND, path, f"the column '{name}' is not numeric")
    return table
