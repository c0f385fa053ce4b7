"""Diversity within samples.

| metric | definition |
|---|---|
| observed | number of ASVs |
| chao1 | S + F1 (F1 - 1) / (2 (F2 + 1)), bias-corrected (Chao 1984); F1, F2: ASVs with 1, 2 reads |
| shannon | - sum p ln p, natural logarithm (Shannon 1948) |
| simpson | 1 - sum p^2 (Simpson 1949) |
| hill_1, hill_2 | effective numbers of ASVs: exp(shannon), 1 / sum p^2 (Hill 1973); the one of
  order 0 is observed |
| pielou | shannon / ln S (Pielou 1966); undefined, hence empty, for one ASV, where vegan also gives
  none and scikit-bio gives 1 |
| faith_pd | total length of the branches from the root to the sample's ASVs (Faith 1992) |

Denoised tables have almost no singletons, so Chao1 adds less to ``observed`` than its theory
supposes; it is given because readers expect it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.diversity.phylogeny_arrays import PhylogenyArrays
from vagus.diversity.rarefaction_plan import NOT_RAREFIED, RarefactionPlan, iterate_rarefied
from vagus.numerics.products import multiply
from vagus.tables.counts import CountTable

if TYPE_CHECKING:
    import pandas as pd

COUNT_METRICS = ("observed", "chao1", "shannon", "simpson", "pielou", "hill_1", "hill_2")
ALPHA_METRICS = (*COUNT_METRICS, "faith_pd")
Floats = NDArray[np.float64]


def measure_counts(table: CountTable, tree: PhylogenyArrays | None) -> Floats:
    """Metrics of samples with at least one read each: (n_samples, 8), in ``ALPHA_METRICS``.

    Without a tree, as for species or genera, the last (faith_pd) is left out.
    """
    values = np.empty((len(table.samples), len(list_metrics(tree))))
    for row, counts in enumerate(table.counts):
        values[row, : len(COUNT_METRICS)] = _measure_vector(counts[counts > 0])
    if tree is not None:
        values[:, -1] = multiply(tree.lengths, tree.sum_below(table.counts) > 0)
    return values


def list_metrics(tree: PhylogenyArrays | None) -> tuple[str, ...]:
    """Metrics that can be had with or without a tree."""
    return COUNT_METRICS if tree is None else ALPHA_METRICS


def _measure_vector(counts: NDArray[np.int64]) -> list[float]:
    from skbio.diversity import alpha

    pielou = alpha.pielou_e(counts) if counts.size > 1 else np.nan
    shannon = float(alpha.shannon(counts)) + 0.0
    return [
        float(alpha.sobs(counts)),
        float(alpha.chao1(counts)),
        shannon,
        max(float(alpha.simpson(counts)), 0.0),
        float(pielou),
        math.exp(shannon),
        float(alpha.inv_simpson(counts)),
    ]


def measure_alpha(
    table: CountTable, tree: PhylogenyArrays | None, plan: RarefactionPlan
) -> pd.DataFrame:
    """One row a sample, averaged over the plan's repeats; excluded samples have empty metrics."""
    repeats = [measure_counts(rarefied, tree) for rarefied in iterate_rarefied(table, plan)]
    values = _mean_of_defined(np.stack(repeats))
    return _make_table(table, plan.kept, values, plan.depth, list_metrics(tree))


def measure_unrarefied(table: CountTable, tree: PhylogenyArrays | None) -> pd.DataFrame:
    """One row a sample, from all its reads; samples without reads have empty metrics."""
    kept = [s for s, reads in zip(table.samples, table.reads, strict=True) if reads > 0]
    values = measure_counts(table.select(kept), tree)
    return _make_table(table, kept, values, NOT_RAREFIED, list_metrics(tree))


def _mean_of_defined(repeats: Floats) -> Floats:
    """Mean over the first axis of the values that are defined; NaN where none is."""
    defined = ~np.isnan(repeats)
    n_defined = defined.sum(axis=0)
    sums = np.where(defined, repeats, 0.0).sum(axis=0)
    return np.where(n_defined > 0, sums / np.maximum(n_defined, 1), np.nan)


def _make_table(
    table: CountTable, kept: list[str], values: Floats, depth: int, names: tuple[str, ...]
) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame({"sample": list(table.samples), "reads": table.reads, "depth": depth})
    metrics = pd.DataFrame(values, columns=list(names), index=sorted(kept))
    metrics = metrics.reindex(list(table.samples)).reset_index(drop=True)
    return pd.concat([frame, metrics], axis=1)
