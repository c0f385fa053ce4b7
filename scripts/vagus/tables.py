"""Tab-separated tables with one fixed form, so that equal content gives equal bytes."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING

from vagus.files import open_whole

if TYPE_CHECKING:
    import pandas as pd

FLOAT_FORMAT = "%.10g"


def write_table(table: pd.DataFrame, path: str | PathLike[str], *, index: bool = False) -> None:
    """Write a TSV: UTF-8, header, ``.`` decimal, ten significant digits, empty for missing."""
    with open_whole(path) as stream:
        table.to_csv(stream, sep="\t", index=index, float_format=FLOAT_FORMAT, lineterminator="\n")


def read_table(path: str | PathLike[str], **options: object) -> pd.DataFrame:
    """Read a TSV of ours. Only the empty field is missing: a sample may be called 'NA'."""
    import pandas as pd

    return pd.read_csv(
        path, sep="\t", encoding="utf-8", keep_default_na=False, na_values=[""], **options
    )  # type: ignore[call-overload, no-any-return]
