"""The ASV table as BIOM 2.1 (HDF5), with equal bytes for equal counts."""

from __future__ import annotations

from datetime import datetime
from os import PathLike

from vagus import __version__
from vagus.denoise.sparse_table import SparseTable
from vagus.files import write_whole

NO_DATE = datetime(1970, 1, 1)


def write_biom(table: SparseTable, path: str | PathLike[str]) -> None:
    """Write an ASV x sample table. The date that the format asks for is a fixed one."""
    import h5py
    from biom import Table

    biom = Table(
        table.matrix.astype(float).tocsr(),
        table.asvs,
        table.samples,
        table_id="vagus",
        type="OTU table",
    )
    with write_whole(path) as temporary, h5py.File(temporary, "w") as stream:
        biom.to_hdf5(stream, f"vagus {__version__}", creation_date=NO_DATE)
