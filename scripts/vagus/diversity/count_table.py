"""The ASV table, or one of taxa, in memory: reads of each in every sample."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from vagus.errors import VagusError
from vagus.records import MAX_WHOLE
from vagus.reference.lineage import RANKS
from vagus.tables import read_table

_WHOLE_NUMBER = re.compile(r"[0-9]+(\.0*)?")
FIRST_COLUMNS = ("asv", *RANKS)


@dataclass(frozen=True)
class CountTable:
    """Reads of ASVs in samples, in one fixed order.

    A table of taxa (species, genera) has the same form; its taxa stand in ``asvs``.

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
    neither, an ASV or sample stands twice, or a cell is not a whole number of reads.
    """
    table = read_table(path, dtype=str, header=None)
    header = ["" if name != name else str(name) for name in table.iloc[0]]
    if header[0] not in FIRST_COLUMNS:
        raise VagusError(
            f"the first column is '{header[0]}', not 'asv'", file=path, line=1,
            fix="Give the ASV table of the denoise stage",
        )  # fmt: skip
    asvs = [str(name) for name in table.iloc[1:, 0]]
    _refuse_duplicates(header, "column", path)
    _refuse_duplicates(asvs, "ASV", path)
    cells = table.iloc[1:, 1:].to_numpy(dtype=object)
    return CountTable.from_counts(header[1:], asvs, _parse_counts(cells, path).T)


def _refuse_duplicates(names: list[str], what: str, path: str | PathLike[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise VagusError(f"the {what} '{name}' stands twice", file=path, fix="Keep one of them")
        seen.add(name)


def _parse_counts(cells: NDArray[np.object_], path: str | PathLike[str]) -> NDArray[np.int64]:
    """Cells as int64; a bad cell is named by its line."""
    counts = np.zeros(cells.shape, dtype=np.int64)
    for row in range(cells.shape[0]):
        try:
            counts[row] = cells[row].astype(np.int64)
            good = bool((counts[row] >= 0).all())
        except (TypeError, ValueError, OverflowError):
            good = all(
                _WHOLE_NUMBER.fullmatch(str(cell)) and float(cell) < MAX_WHOLE
                for cell in cells[row]
            )
            counts[row] = [int(float(cell)) for cell in cells[row]] if good else 0
        if not good:
            raise VagusError(
                "a cell is not a whole number of reads", file=path, line=row + 2,
                fix="Give counts of reads, not proportions; write 0 where there are none",
            )  # fmt: skip
    return counts
