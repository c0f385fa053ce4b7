"""The ASV table, or one of taxa, in memory: reads of each in every sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.tables.wide import FIRST_COLUMNS, read_wide

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class CountTable:
    """Reads of ASVs in samples, in one fixed order.

    A table of taxa (species, genera) has the same form; its taxa are in ``asvs``.

    Attributes:
        samples: names, sorted by code points.
        asvs: ASV ids, sorted; the order of the file does not matter, so that random draws
            depend on contents alone.
        counts: int64, shape (n_samples, n_asvs), reads.
    """

    samples: tuple[str, ...]
    asvs: tuple[str, ...]
    counts: NDArray[np.int64]

    @classmethod
    def from_counts(
        cls, samples: Sequence[str], asvs: Sequence[str], counts: NDArray[np.integer]
    ) -> CountTable:
        """Sort rows by sample and columns by ASV. ``counts`` has shape (n_samples, n_asvs)."""
        matrix = np.asarray(counts, dtype=np.int64).reshape(len(samples), len(asvs))
        rows = sorted(range(len(samples)), key=samples.__getitem__)
        columns = sorted(range(len(asvs)), key=asvs.__getitem__)
        matrix = np.ascontiguousarray(matrix[np.ix_(rows, columns)])
        return cls(tuple(samples[row] for row in rows), tuple(asvs[col] for col in columns), matrix)

    @classmethod
    def from_wide(cls, table: pd.DataFrame) -> CountTable:
        """From a wide table: ASVs are its index, samples its columns."""
        counts = table.to_numpy(np.int64)
        return cls.from_counts(table.columns.tolist(), table.index.tolist(), counts.T)

    @cached_property
    def reads(self) -> NDArray[np.int64]:
        """Reads of each sample, shape (n_samples,)."""
        reads: NDArray[np.int64] = self.counts.sum(axis=1)
        return reads

    def select(self, samples: Sequence[str]) -> CountTable:
        """The table of these samples alone; all ASVs stay."""
        row_of = {sample: row for row, sample in enumerate(self.samples)}
        rows = [row_of[sample] for sample in sorted(samples)]
        return CountTable(tuple(sorted(samples)), self.asvs, self.counts[rows])


def read_count_table(path: str | PathLike[str]) -> CountTable:
    """Read ``asv_table.tsv``: a column ``asv``, then one column of reads for each sample.

    In a table of taxa the first column is called as their rank. Raises VagusError when it is
    neither, an ASV or sample occurs twice, or a cell is not a whole number of reads.
    """
    return CountTable.from_wide(read_wide(path, FIRST_COLUMNS))
