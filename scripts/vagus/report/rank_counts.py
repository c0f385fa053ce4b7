"""Reads by taxon and sample at one rank, with shares: made once, asked for every sample."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RankCounts:
    """A table of composition.

    Attributes:
        labels: taxa, in the order of the table.
        places: column of each sample.
        counts: reads, shape (n_taxa, n_samples), int64.
    """

    labels: tuple[str, ...]
    places: dict[str, int]
    counts: NDArray[np.int64]

    @classmethod
    def from_table(cls, table: pd.DataFrame) -> RankCounts:
        """From a wide table of taxa (its index) and samples (its columns)."""
        return cls(
            tuple(table.index),
            {name: place for place, name in enumerate(table.columns)},
            np.asfortranarray(table.to_numpy(np.int64)),
        )

    @cached_property
    def totals(self) -> NDArray[np.int64]:
        """Reads of each sample, shape (n_samples,)."""
        totals: NDArray[np.int64] = self.counts.sum(axis=0)
        return totals

    @cached_property
    def shares(self) -> NDArray[np.float64]:
        """Shares of the sample's reads (0 to 1); 0 in samples without reads."""
        shares: NDArray[np.float64] = self.counts / np.maximum(self.totals, 1)
        return shares

    def has_reads(self, sample: str) -> bool:
        """Whether the sample is in the table and has reads."""
        return sample in self.places and bool(self.totals[self.places[sample]] > 0)

    def count(self, sample: str) -> dict[str, int]:
        """Reads of each taxon of a sample; those without are left out."""
        column = self.counts[:, self.places[sample]]
        return {self.labels[i]: int(column[i]) for i in np.flatnonzero(column)}

    def take_shares(self, samples: Iterable[str]) -> NDArray[Any]:
        """Shares in some samples, shape (n_taxa, n_those)."""
        taken: NDArray[Any] = self.shares[:, [self.places[name] for name in samples]]
        return taken
