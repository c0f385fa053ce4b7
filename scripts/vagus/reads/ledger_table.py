"""The read ledger read back: where every read of each sample went."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from vagus.errors import describe_damage
from vagus.records import MAX_WHOLE
from vagus.tables import check_columns, read_table

if TYPE_CHECKING:
    import pandas as pd

KIND = "read ledger"
COUNTS = ("input", "kept", "asv_reads", "n_asvs")
FACTS = ("sample", "status", "reason")


def read_ledger(path: str | PathLike[str], needs: Collection[str] = ()) -> pd.DataFrame:
    """A row a sample, each once; whole numbers of reads, NaN where a failed sample has none.

    Raises VagusError for a damaged table, and one without the columns that are needed.
    """
    table = read_table(path, dtype=dict.fromkeys(FACTS, str))
    check_columns(table, path, KIND, ["sample", "input", *needs], "sample")
    for name in table.columns:
        if name in COUNTS or name.startswith("lost_"):
            if table[name].dtype.kind not in "iuf" and table[name].notna().any():
                raise describe_damage(KIND, path, f"'{name}' is not a number of reads")
            known = table[name].dropna().to_numpy(np.float64)
            if not ((known >= 0) & (known < MAX_WHOLE) & (known == np.floor(known))).all():
                raise describe_damage(KIND, path, f"'{name}' is not a number of reads")
    return table
