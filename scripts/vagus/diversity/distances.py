"""A square table of distances between samples, in memory and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from vagus.errors import VagusError
from vagus.tables import read_table, write_table
from vagus.tables.stages.diversity import BETA


@dataclass(frozen=True)
class Distances:
    """Distances between samples.

    Attributes:
        samples: names, sorted by code points.
        values: float64, shape (n_samples, n_samples), symmetric, zero diagonal.
    """

    samples: tuple[str, ...]
    values: NDArray[np.float64]

    def select(self, samples: list[str]) -> Distances:
        """Distances between these samples, in the order given."""
        place = {sample: row for row, sample in enumerate(self.samples)}
        rows = [place[sample] for sample in samples]
        return Distances(tuple(samples), self.values[np.ix_(rows, rows)])


def write_distances(distances: Distances, path: str | PathLike[str]) -> None:
    """Write a square TSV with the samples as first column (``sample``) and as header."""
    import pandas as pd

    frame = pd.DataFrame(distances.values, columns=list(distances.samples))
    frame.insert(0, "sample", list(distances.samples), allow_duplicates=True)
    write_table(frame, path, BETA)


def read_distances(path: str | PathLike[str]) -> Distances:
    """Read what ``write_distances`` wrote, samples sorted.

    Raises VagusError when rows and columns differ or the table is not symmetric.
    """
    import pandas as pd

    table = read_table(path, dtype=str, header=None)
    header = [str(name) for name in table.iloc[0]]
    rows = [str(name) for name in table.iloc[1:, 0]]
    if header[0] != "sample" or header[1:] != rows or len(set(rows)) < len(rows):
        raise VagusError(
            "rows and columns do not name the same samples once each, in the same order",
            file=path, fix="Give a distance table of the diversity stage",
        )  # fmt: skip
    cells = table.iloc[1:, 1:].to_numpy(dtype=object).ravel()
    values = pd.to_numeric(cells, errors="coerce").astype(np.float64).reshape(len(rows), len(rows))
    is_square = np.isfinite(values).all() and np.allclose(values, values.T, atol=1e-9)
    if not is_square or np.diag(values).any():
        raise VagusError(
            "the distances are not symmetric with zeros on the diagonal, or some are missing",
            file=path, fix="Give a distance table of the diversity stage",
        )  # fmt: skip
    order = sorted(range(len(rows)), key=rows.__getitem__)
    return Distances(tuple(rows[row] for row in order), values[np.ix_(order, order)])
