"""The ASV table as its counts that are not zero, in memory in proportion to these."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from os import PathLike

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csc_matrix

from vagus.files import open_whole
from vagus.tables.stages.denoise import ASV_TABLE


@dataclass(frozen=True)
class SparseTable:
    """Counts by sample.

    Attributes:
        asvs, samples: names of the rows and of the columns.
        rows: int32 (n,), reads: int64 (n,); those of sample ``i`` are from ``starts[i]`` to
            ``starts[i + 1]`` (int64, n_samples + 1).
    """

    asvs: list[str]
    samples: list[str]
    rows: NDArray[np.int32]
    reads: NDArray[np.int64]
    starts: NDArray[np.int64]

    @property
    def matrix(self) -> csc_matrix:
        """As a sparse matrix, ASV x sample."""
        shape = (len(self.asvs), len(self.samples))
        return csc_matrix((self.reads, self.rows, self.starts), shape=shape)

    def fill(self) -> pd.DataFrame:
        """With the zeros."""
        names = pd.Index(self.asvs, name=ASV_TABLE.key, dtype=str)
        return pd.DataFrame(self.matrix.toarray(), index=names, columns=self.samples)

    def write(self, path: str | PathLike[str]) -> None:
        """Write the full table as a TSV, one row in memory at a time."""
        matrix = self.matrix.tocsr()
        row = np.zeros(len(self.samples), np.int64)
        with open_whole(path) as stream:
            writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
            writer.writerow([ASV_TABLE.key, *self.samples])
            for i, name in enumerate(self.asvs):
                own = slice(matrix.indptr[i], matrix.indptr[i + 1])
                row[:] = 0
                row[matrix.indices[own]] = matrix.data[own]
                writer.writerow([name, *row.tolist()])
