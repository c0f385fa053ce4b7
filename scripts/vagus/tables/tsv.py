"""Tab-separated tables with one fixed form, so that equal content gives equal bytes.

The one reader, writer and check of tables that the registry describes (``vagus.tables.registry``).
Wide tables have readers of their own, since samples may be called as any column
(``vagus.tables.wide``).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from os import PathLike
from typing import TYPE_CHECKING, Any

from vagus.errors import VagusError, describe_damage
from vagus.files import check_regular, open_whole
from vagus.records import MAX_WHOLE
from vagus.tables.columns import ANY, TEXT, WHOLE, Column
from vagus.tables.table import Table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Path = str | PathLike[str]
FLOAT_FORMAT = "%.10g"
REMAKE = "If it is a result, remove it and run again; else fix it"
_LONGEST = 40
_ROUNDING = 1e-9


def write_table(
    frame: pd.DataFrame, path: Path, table: Table | None = None, *, index: bool = False
) -> None:
    """Write a TSV: UTF-8, header, ``.`` decimal, ten significant digits, empty for missing.

    Raises ValueError, a fault of the program, where the columns are not those of ``table``. Only
    what is not in the results folder has none.
    """
    if table is not None:
        check_frame(frame, table, index)
    with open_whole(path) as stream:
        frame.to_csv(stream, sep="\t", index=index, float_format=FLOAT_FORMAT, lineterminator="\n")


def check_frame(frame: pd.DataFrame, table: Table, index: bool = False) -> None:
    """Raise ValueError where columns are not those of a table, or a cell is not of its type."""
    header = [*([frame.index.name] if index else []), *frame.columns]
    fault = table.find_fault([str(name) for name in header])
    if not fault and table.cells is None:
        for name, values in frame.items():
            row, reason = find_flaw(values, _find(table, name))
            if reason:
                fault = f"row {row} of the column '{name}': {reason}"
                break
    if fault:
        raise ValueError(f"{table.files[0].path} ({table.name}): {fault}")


def make_names(names: Iterable[str]) -> pd.Series[str]:
    """A column of names for a new table: text even when there are none.

    Pandas takes an empty list for numbers, and then joins it with no column of names.
    """
    import pandas as pd

    return pd.Series(list(names), dtype=str)


def read_table(
    path: Path,
    table: Table | None = None,
    needs: Collection[str] | None = None,
    *,
    fill: bool = False,
    strict: bool = True,
    **options: object,
) -> pd.DataFrame:
    """Read a TSV of ours. Only the empty field is missing: a sample may be called 'NA'.

    With a ``table`` of the registry, columns of words are str, NaN where empty (with ``fill``
    ''); whole numbers int64 and other numbers float64, NaN where empty. The columns that it
    ``needs`` must be there, by default those of every such table; other ones may be. Entries may
    be empty only where the registry says so, or anywhere when not ``strict``.

    Raises VagusError when the file is not a table, a column is missing, an entry is not of its type
    or empty where that cannot be, or an entry of the key is there twice.
    """
    import pandas as pd

    check_regular(path)
    if table is not None:
        options["dtype"] = {name: str for name in read_header(path) if _is_text(table, name)}
    try:
        frame = pd.read_csv(
            path, sep="\t", encoding="utf-8", keep_default_na=False, na_values=[""], **options
        )  # type: ignore[call-overload]
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise VagusError(
            f"this table cannot be read: {reason}", fix=REMAKE, file=os.fspath(path)
        ) from error
    if table is None:
        return frame  # type: ignore[no-any-return]
    needed = table.names if needs is None else needs
    check_columns(frame, path, table.name, needed, table.key)
    return _convert(frame, path, table, fill, strict)


def read_header(path: Path) -> list[str]:
    """Column names of a TSV; none when the file is empty."""
    import csv

    with open(path, encoding="utf-8", errors="replace", newline="") as stream:
        try:
            return next(csv.reader(stream, delimiter="\t"), [])
        except csv.Error:
            return []


def check_columns(
    table: pd.DataFrame, path: Path, kind: str, columns: Collection[str], key: str = ""
) -> None:
    """Raise VagusError where a column is missing or rows are longer than the header.

    Every row must have an entry of its own in the column ``key``, if one is named.
    """
    import pandas as pd

    needed = [*columns, key] if key else columns
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise describe_damage(kind, path, f"the column '{missing[0]}' is missing", line=1)
    if not isinstance(table.index, pd.RangeIndex):
        raise describe_damage(kind, path, "rows are longer than the header")
    if key:
        is_wrong = (table[key].isna() | table[key].duplicated()).to_numpy()
        if is_wrong.any():
            what = f"an entry of '{key}' is missing or occurs twice"
            raise describe_damage(kind, path, what, line=int(is_wrong.argmax()) + 2)


def find_flaw(values: pd.Series[Any], column: Column) -> tuple[int, str]:
    """First row, from 0, with an entry that is not as described, and why; '' where none is.

    Empty entries are left to ``find_empty``.
    """
    if column.kind in (TEXT, ANY):
        return 0, ""  # a text may look like a number
    numbers = to_numbers(values)
    is_wrong = _is_nan(numbers) & values.notna().to_numpy()
    what = "is not a number"
    if column.kind == WHOLE and not is_wrong.any():
        is_wrong = ~_is_nan(numbers) & ((numbers != numbers.round()) | (abs(numbers) >= MAX_WHOLE))
        what = "is not a whole number"
    if column.lowest is not None and not is_wrong.any():
        is_wrong, what = numbers < column.lowest - _ROUNDING, f"is less than {column.lowest}"
    if column.highest is not None and not is_wrong.any():
        is_wrong, what = numbers > column.highest + _ROUNDING, f"is more than {column.highest}"
    if not is_wrong.any():
        return 0, ""
    row = int(is_wrong.argmax())
    return row, f"'{str(values.iloc[row])[:_LONGEST]}' {what}"


def find_empty(values: pd.Series[Any], column: Column) -> int | None:
    """First row, from 0, that is empty though the column has no empty entries; None without."""
    if column.empty or column.kind == ANY:
        return None
    is_empty = (values.isna() | (values.astype(object) == "")).to_numpy(bool)
    return int(is_empty.argmax()) if is_empty.any() else None


def to_numbers(values: pd.Series[Any]) -> NDArray[np.float64]:
    """Numbers as they are, all else (also 'True') as NaN."""
    import numpy as np
    import pandas as pd

    if values.dtype.kind not in "iuf":
        values = pd.to_numeric(values.astype(str).where(values.notna()), errors="coerce")
    numbers: NDArray[np.float64] = values.to_numpy(np.float64, na_value=np.nan)
    return numbers


def _is_nan(numbers: NDArray[np.float64]) -> NDArray[np.bool_]:
    import numpy as np

    return np.isnan(numbers)


def _find(table: Table, name: object) -> Column:
    column = table.find(str(name))
    if column is None:
        raise LookupError(name)
    return column


def _is_text(table: Table, name: str) -> bool:
    """Whether a column is read as text."""
    column = table.find(name)
    return column is not None and (column.kind == TEXT or column.is_exact)


def _convert(
    frame: pd.DataFrame, path: Path, table: Table, fill: bool, strict: bool
) -> pd.DataFrame:
    """The columns as the types of the registry; raises VagusError where one is not."""
    import numpy as np

    for name in frame.columns:
        column = table.find(name)
        if column is None:
            continue
        row, reason = find_flaw(frame[name], column)
        empty = find_empty(frame[name], column) if strict else None
        if reason or empty is not None:
            what = reason if reason else "an entry is empty"
            raise describe_damage(
                table.name, path, f"{what} in the column '{name}'",
                line=(row if reason else empty or 0) + 2,
            )  # fmt: skip
        if column.kind == TEXT:
            frame[name] = frame[name].fillna("") if fill else frame[name]
        elif column.is_exact:
            frame[name] = [float(word) for word in frame[name]]
        elif column.kind != ANY:
            numbers = to_numbers(frame[name])
            is_whole = column.kind == WHOLE and not _is_nan(numbers).any()
            frame[name] = numbers.astype(np.int64) if is_whole else numbers
    return frame
