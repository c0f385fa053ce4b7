"""The read ledger read back: where every read of each sample went."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike
from typing import TYPE_CHECKING

from vagus.tables import read_table
from vagus.tables.stages.denoise import LEDGER

if TYPE_CHECKING:
    import pandas as pd


def read_ledger(path: str | PathLike[str], needs: Collection[str] = ()) -> pd.DataFrame:
    """A row a sample, each once; whole numbers of reads, NaN where a failed sample has none.

    Raises VagusError for a damaged table, and one without the columns that are needed.
    """
    return read_table(path, LEDGER, ["sample", "input", *needs], strict=False)
