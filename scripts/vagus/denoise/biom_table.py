"""The ASV table as BIOM 2.1 (HDF5), with equal bytes for equal counts."""

from __future__ import annotations

from datetime import datetime
from os import PathLike

import pandas as pd

from vagus import __version__
from vagus.files import write_whole

NO_DATE = datetime(1970, 1, 1)


def write_biom(table: pd.DataFrame, path: str | PathLike[str]) -> None:
    """Write an ASV x sample table. The date that the format asks for is a fixed one."""
    import h5py
    from biom import Table
    from scipy.sparse import csr_matrix

    biom = Table(
        csr_matrix(table.to_numpy(dtype=float).reshape(table.shape)),
        [str(name) for name in table.index],
        [str(name) for name in table.columns],
        table_id="vagus",
        type="OTU table",
    )
    with write_whole(path) as temporary, h5py.File(temporary, "w") as stream:
        biom.to_hdf5(stream, f"vagus {__version__}", creation_date=NO_DATE)
