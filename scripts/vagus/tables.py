"""Tab-separated tables with one fixed form, so that equal content gives equal bytes."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from os import PathLike
from typing import TYPE_CHECKING, Any

from vagus.errors import VagusError, describe_damage
from vagus.files import check_regular, open_whole
from vagus.records import MAX_WHOLE

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

FLOAT_FORMAT = "%.10g"
REMAKE = "If it is a result, remove it and run again; else fix it"


def write_table(table: pd.DataFrame, path: str | PathLike[str], *, index: bool = False) -> None:
    """Write a TSV: UTF-8, header, ``.`` decimal, ten significant digits, empty for missing."""
    with open_whole(path) as stream:
        table.to_csv(stream, sep="\t", index=index, float_format=FLOAT_FORMAT, lineterminator="\n")


def make_names(names: Iterable[str]) -> pd.Series[str]:
    """A column of names for a new table: text even when there are none.

    Pandas takes an empty list for numbers, and then joins it with no column of names.
    """
    import pandas as pd

    return pd.Series(list(names), dtype=str)


def read_table(path: str | PathLike[str], **options: object) -> pd.DataFrame:
    """Read a TSV of ours. Only the empty field is missing: a sample may be called 'NA'.

    Raises VagusError when the file is not a table, or not of the types that ``options`` ask for.
    """
    import pandas as pd

    check_regular(path)
    try:
        return pd.read_csv(
            path, sep="\t", encoding="utf-8", keep_default_na=False, na_values=[""], **options
        )  # type: ignore[call-overload, no-any-return]
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise VagusError(
            f"this table cannot be read: {reason}", fix=REMAKE, file=os.fspath(path)
        ) from error


def read_columns(
    path: str | PathLike[str],
    kind: str,
    *,
    texts: Collection[str] = (),
    counts: Collection[str] = (),
    wholes: Collection[str] = (),
    numbers: Collection[str] = (),
    optional: Collection[str] = (),
) -> pd.DataFrame:
    """Read a TSV of ours, a ``kind`` of file, that must have these columns.

    ``texts`` are str, empty where missing; ``wholes`` int64; ``counts`` the same, from 0 on;
    ``numbers`` float64, NaN where missing. Others stay as pandas reads them. Raises VagusError
    when a column that is not ``optional`` or a whole number is missing, or a row is longer
    than the header.
    """
    table = read_table(path, dtype=dict.fromkeys(texts, str))
    asked = (*texts, *counts, *wholes, *numbers)
    check_columns(table, path, kind, [name for name in asked if name not in optional])
    for name in (name for name in asked if name in table.columns):
        if name in texts:
            table[name] = table[name].fillna("")
        else:
            low = 0 if name in counts else -MAX_WHOLE if name in wholes else None
            table[name] = _read_numbers(table[name], low, kind, path)
    return table


def check_columns(
    table: pd.DataFrame,
    path: str | PathLike[str],
    kind: str,
    columns: Collection[str],
    key: str = "",
) -> None:
    """Raise VagusError where a column is missing or rows are longer than the header.

    Every row must have an entry of its own in the column ``key``, if one is named.
    """
    import pandas as pd

    needed = [*columns, key] if key else columns
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise describe_damage(kind, path, f"the column '{missing[0]}' is missing")
    if not isinstance(table.index, pd.RangeIndex):
        raise describe_damage(kind, path, "rows are longer than the header")
    if key and (table[key].isna().any() or table[key].duplicated().any()):
        raise describe_damage(kind, path, f"an entry of '{key}' is missing or occurs twice")


def _read_numbers(
    column: pd.Series[Any], low: int | None, kind: str, path: str | PathLike[str]
) -> NDArray[Any]:
    """A column as int64 of at least ``low``, or as float64."""
    import numpy as np
    import pandas as pd

    values = pd.to_numeric(column, errors="coerce").to_numpy(np.float64)
    if low is not None:
        are_right = (values >= low) & (values < MAX_WHOLE) & (values == np.floor(values))
    else:
        are_right = ~np.isnan(values) | column.isna().to_numpy()
    if not are_right.all():
        row = int(np.flatnonzero(~are_right)[0])
        text = str(column.iloc[row])[:40]
        raise describe_damage(kind, path, f"'{text}' is in the column '{column.name}'")
    found: NDArray[Any] = values if low is None else values.astype(np.int64)
    return found
