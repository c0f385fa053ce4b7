"""Tab-separated tables with one fixed form, so that equal content gives equal bytes."""

from __future__ import annotations

import os
from os import PathLike
from typing import TYPE_CHECKING

from vagus.errors import VagusError
from vagus.files import open_whole

if TYPE_CHECKING:
    import pandas as pd

FLOAT_FORMAT = "%.10g"
REMAKE = "If it is a result, remove it and run again; else mend it"


def write_table(table: pd.DataFrame, path: str | PathLike[str], *, index: bool = False) -> None:
    """Write a TSV: UTF-8, header, ``.`` decimal, ten significant digits, empty for missing."""
    with open_whole(path) as stream:
        table.to_csv(stream, sep="\t", index=index, float_format=FLOAT_FORMAT, lineterminator="\n")


def read_table(path: str | PathLike[str], **options: object) -> pd.DataFrame:
    """Read a TSV of ours. Only the empty field is missing: a sample may be called 'NA'.

    Raises VagusError when the file is no table, or not of the types that ``options`` ask for.
    """
    import pandas as pd

    try:
        return pd.read_csv(
            path, sep="\t", encoding="utf-8", keep_default_na=False, na_values=[""], **options
        )  # type: ignore[call-overload, no-any-return]
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise VagusError(
            f"this table cannot be read: {reason}", fix=REMAKE, file=os.fspath(path)
        ) from error
