"""The table of alpha diversity read back."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike
from typing import TYPE_CHECKING

from vagus.tables import read_table
from vagus.tables.stages.diversity import ALPHA

if TYPE_CHECKING:
    import pandas as pd


def read_alpha(path: str | PathLike[str], needs: Collection[str] = ()) -> pd.DataFrame:
    """A row a sample (each once), numbers in all other columns; NaN where a sample has none.

    Raises VagusError for a damaged table, and one without the columns that are needed.
    """
    return read_table(path, ALPHA, ["sample", *needs])
