"""Wide tables: a row for each ASV, strain or taxon, a column of counts for each sample.

The first column has the names of the rows and every other column is a sample: the place alone
decides which is which, so a sample may be called 'asv', 'genus' or as any other column. In memory
the rows' names are the index and the columns are samples, all of them.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from os import PathLike
from typing import IO, TYPE_CHECKING, Any

from vagus.errors import VagusError
from vagus.records import MAX_WHOLE
from vagus.reference.lineage import RANKS
from vagus.tables.columns import WHOLE
from vagus.tables.stages.common import ASV as ASV_COLUMN
from vagus.tables.table import Table
from vagus.tables.tsv import write_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Path = str | PathLike[str]
ASV = ASV_COLUMN.name
FIRST_COLUMNS = (ASV, *RANKS)
_N_ROWS = 4096
_FIX = "If it is a result, delete the file and run again; else correct it"


def write_wide(frame: pd.DataFrame, path: Path, table: Table | None = None) -> None:
    """Write the index, headed by its name, then the columns.

    Raises ValueError, a fault of the program, where a name or a cell is not as ``table`` says.
    """
    if table is not None:
        check_wide(frame, table)
    write_table(frame, path, index=True)


def check_wide(frame: pd.DataFrame, table: Table) -> None:
    """Raise ValueError where the index or a cell is not as the description of a table says."""
    fault = table.find_fault([str(frame.index.name)])
    cells = table.cells
    if not fault and cells is not None:
        kinds = "iu" if cells.kind == WHOLE else "iuf"
        wrong = [name for name, own in frame.items() if own.dtype.kind not in kinds]
        fault = f"the cells of '{wrong[0]}' are not each a {cells.kind}" if wrong else ""
    if fault:
        raise ValueError(f"{table.files[0].path} ({table.name}): {fault}")


def read_wide(path: Path, keys: Collection[str] = (ASV,)) -> pd.DataFrame:
    """Counts (int64): rows named by the first column, which is called as one of ``keys``.

    Raises VagusError when it is not, a row or sample is there twice or without a name, or a cell
    is not a whole number of reads.
    """
    import pandas as pd

    blocks = list(iterate_wide(path, keys))
    return pd.concat(blocks) if len(blocks) > 1 else blocks[0]


def iterate_wide(path: Path, keys: Collection[str] = (ASV,)) -> Iterator[pd.DataFrame]:
    """The same table in blocks of rows, one at least; raises VagusError as ``read_wide``."""
    import pandas as pd

    seen: set[str] = set()
    n_rows = 0
    try:
        with open(path, encoding="utf-8", newline="") as stream:
            key, samples = _read_header(stream, path, keys)
            for block in _split(stream, len(samples) + 1):
                names = _check_names(block[0], path, n_rows, seen)
                counts = _read_counts(block.iloc[:, 1:], path, n_rows)
                index = pd.Index(names, name=key, dtype=str)
                yield pd.DataFrame(counts, index=index, columns=pd.Index(samples, dtype=str))
                n_rows += len(names)
    except (ValueError, csv.Error) as error:
        reason = str(error).splitlines()[0].rstrip(".")
        raise VagusError(f"this table cannot be read: {reason}", file=path, fix=_FIX) from error


def read_samples(path: Path, keys: Collection[str] = (ASV,)) -> list[str]:
    """Names of the samples, in the order of the columns; raises VagusError as ``read_wide``."""
    with open(path, encoding="utf-8", errors="replace", newline="") as stream:
        return _read_header(stream, path, keys)[1]


def _read_header(stream: IO[str], path: Path, keys: Collection[str]) -> tuple[str, list[str]]:
    header = next(csv.reader(stream, delimiter="\t"), [])
    first = header[0] if header else ""
    if first not in keys:
        wanted = "' or '".join(keys) if len(keys) < 3 else ASV
        raise VagusError(
            f"the first column is '{first}', not '{wanted}'", file=path, line=1, fix=_FIX
        )
    seen: set[str] = set()
    for name in header[1:]:
        if name in seen or not name:
            what = f"the column '{name}' is there twice" if name else "a column has no name"
            raise VagusError(what, file=path, line=1, fix=_FIX)
        seen.add(name)
    return first, header[1:]


def _split(stream: IO[str], n_columns: int) -> Iterator[pd.DataFrame]:
    """Rows in blocks, columns numbered by place; a block without rows when there is none."""
    import pandas as pd

    reader = pd.read_csv(
        stream, sep="\t", header=None, names=range(n_columns), dtype={0: str},
        keep_default_na=False, na_values=[""], low_memory=False, chunksize=_N_ROWS,
    )  # type: ignore[call-overload]  # fmt: skip
    with reader:
        for block in reader:
            if not isinstance(block.index, pd.RangeIndex):
                raise ValueError("rows are longer than the header")
            yield block


def _check_names(column: pd.Series[Any], path: Path, n_before: int, seen: set[str]) -> list[str]:
    names: list[str] = column.tolist()
    for row, name in enumerate(names):
        if name in seen or not isinstance(name, str):
            what = f"the row '{name}' is there twice" if name in seen else "a row has no name"
            raise VagusError(what, file=path, line=n_before + row + 2, fix=_FIX)
        seen.add(name)
    return names


def _read_counts(cells: pd.DataFrame, path: Path, n_before: int) -> NDArray[np.int64]:
    """Cells as int64, shape (n_rows, n_samples); a bad one is reported with its line."""
    import numpy as np

    counts: NDArray[Any] = cells.to_numpy()
    if counts.dtype == np.int64 and counts.size and counts.min() >= 0 and counts.max() < MAX_WHOLE:
        return counts
    values = np.zeros(cells.shape, np.float64)
    for place, (_, column) in enumerate(cells.items()):
        values[:, place] = _to_floats(column)
    are_right = (values >= 0) & (values < MAX_WHOLE) & (values == np.floor(values))
    if not are_right.all():
        row = int(np.flatnonzero(~are_right.all(axis=1))[0])
        raise VagusError(
            "a cell is not a whole number of reads", file=path, line=n_before + row + 2, fix=_FIX
        )
    return values.astype(np.int64)


def _to_floats(column: pd.Series[Any]) -> NDArray[np.float64]:
    """Numbers as they are, all else (also 'True') as NaN."""
    import numpy as np
    import pandas as pd

    if column.dtype.kind not in "iuf":
        column = pd.to_numeric(column.astype(str), errors="coerce")
    numbers: NDArray[np.float64] = column.to_numpy(np.float64)
    return numbers
