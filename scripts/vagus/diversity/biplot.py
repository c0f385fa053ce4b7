"""Biplot arrows: which taxa change along the axes of an ordination.

For a table of taxa, centred by columns, and principal coordinates U with eigenvalues L, the
arrow of a taxon is cov(taxon, U standardised) * sqrt((n - 1) / L), the projection of Legendre
& Legendre 2012 (Numerical Ecology, 3rd ed., eq. 9.44 and sect. 9.3.3). Its direction is where the
taxon grows; its length is comparable among taxa, not among tables. The table is the relative
abundance, or the centred log-ratio for distances on log-ratios (missing values of the robust one
are 0, the sample's mean). Beside it is the correlation of the taxon with each axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.diversity.beta import PSEUDOCOUNT
from vagus.diversity.ordination import Ordination
from vagus.diversity.robust_pca import robust_log_ratios
from vagus.numerics.functions import log
from vagus.numerics.products import multiply
from vagus.tables.counts import CountTable
from vagus.tables.stages.diversity import BIPLOT

if TYPE_CHECKING:
    import pandas as pd

MAX_ARROWS = 25
N_AXES = 2
Floats = NDArray[np.float64]


def describe_taxa(counts: NDArray[np.int64], metric: str) -> Floats:
    """Values of taxa that go with a distance: (n_samples, n_taxa) -> the same shape."""
    if metric == "aitchison":
        logs = log(counts + PSEUDOCOUNT)
        ratios: Floats = logs - logs.mean(axis=1, keepdims=True)
        return ratios
    if metric == "robust_aitchison":
        return np.nan_to_num(robust_log_ratios(counts), nan=0.0)
    shares: Floats = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return shares


def project_taxa(values: Floats, coordinates: Floats, eigenvalues: Floats) -> Floats:
    """Arrows, shape (n_taxa, n_axes); 0 on axes without extent.

    ``values`` (n_samples, n_taxa), ``coordinates`` (n_samples, n_axes), ``eigenvalues`` (n_axes,).
    """
    n = len(values)
    centred = values - values.mean(axis=0)
    spread = coordinates.std(axis=0, ddof=1)
    usable = (spread > 0) & (eigenvalues > 0)
    safe = np.where(usable, spread, 1.0)
    standard = (coordinates - coordinates.mean(axis=0)) / safe
    covariance = multiply(centred.T, standard) / (n - 1)
    arrows: Floats = covariance * np.sqrt((n - 1) / np.where(usable, eigenvalues, 1.0))
    return np.where(usable, arrows, 0.0)


def correlate_taxa(values: Floats, coordinates: Floats) -> Floats:
    """Pearson correlation of every taxon with every axis; 0 where either does not vary."""
    centred = values - values.mean(axis=0)
    axes = coordinates - coordinates.mean(axis=0)
    below = np.sqrt((centred**2).sum(axis=0))[:, None] * np.sqrt((axes**2).sum(axis=0))[None, :]
    above = multiply(centred.T, axes)
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), 0.0)


def tabulate_arrows(table: CountTable, ordination: Ordination, metric: str) -> pd.DataFrame:
    """The 25 longest arrows on the first two axes: taxon, PC1, PC2, length, r_PC1, r_PC2.

    Samples are those of the ordination; equal lengths are ordered by the taxon's name.
    """
    import pandas as pd

    part = table.select(list(ordination.samples))
    if ordination.proportions.size < N_AXES or not part.counts.any():
        return pd.DataFrame(columns=BIPLOT.names)
    present: NDArray[np.bool_] = np.asarray(part.counts.any(axis=0))
    names = [name for name, kept in zip(part.asvs, present.tolist(), strict=True) if kept]
    values = describe_taxa(part.counts[:, present], metric)
    axes = ordination.coordinates[:, :N_AXES]
    arrows = project_taxa(values, axes, ordination.eigenvalues[:N_AXES])
    lengths = np.sqrt((arrows**2).sum(axis=1))
    chosen = choose_longest(lengths, names)
    related = correlate_taxa(values, axes)
    rows = [(names[i], *arrows[i], lengths[i], *related[i]) for i in chosen]
    return pd.DataFrame(rows, columns=BIPLOT.names)


def choose_longest(lengths: Floats, names: Sequence[str]) -> list[int]:
    """Places of the longest arrows, the longest first."""
    order = sorted(range(len(names)), key=lambda i: (-round(float(lengths[i]), 12), names[i]))
    return [i for i in order[:MAX_ARROWS] if lengths[i] > 0]
