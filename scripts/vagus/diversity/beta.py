"""Diversity between samples.

| metric | definition | counts |
|---|---|---|
| braycurtis | sum of abs(p_i - q_i) / 2 over ASVs, proportions (Bray & Curtis 1957) | rarefied |
| jaccard | 1 - shared ASVs / ASVs in either sample, presence alone (Jaccard 1912) | rarefied |
| unweighted_unifrac | length of branches that lead to one of the two samples alone / length of
  branches that lead to either, from the root down (Lozupone & Knight 2005) | rarefied |
| weighted_unifrac | sum of length * abs(p_b - q_b) / sum of length * (p_b + q_b) over branches,
  the normalised form, 0 to 1 (Lozupone et al. 2007) | rarefied |
| aitchison | Euclidean distance of centred log-ratios after adding 0.5 to every count
  (Aitchison 1986); ASVs that no compared sample has are left out first | all reads |
| robust_aitchison | Euclidean distance of log-ratios of what was seen, completed at low rank
  (vagus.diversity.robust_pca) | all reads, controls left out |

Every sample of a table has a say in the robust distances of all others, hence controls are left
out of them. Tables of species or genera have no tree, hence no UniFrac.

Rarefied metrics are means over the plan's repeated draws. For equal depths Bray-Curtis of
proportions equals Bray-Curtis of counts; without rarefaction it does not follow depth. With the
pseudocount of 0.5 the Aitchison distance does feel depth: compare samples of similar depth.
Where a ratio is 0/0 (no branch has a length) the distance is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from vagus.diversity.distances import Distances
from vagus.diversity.phylogeny_arrays import PhylogenyArrays
from vagus.diversity.rarefaction_plan import RarefactionPlan, iterate_rarefied
from vagus.diversity.robust_pca import center_completed
from vagus.numerics.functions import log
from vagus.numerics.products import multiply
from vagus.tables.counts import CountTable

PSEUDOCOUNT = 0.5
_ROUNDING = 1e-12
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def measure_braycurtis(counts: Counts, tree: PhylogenyArrays) -> Floats:
    """Bray-Curtis of proportions: (n_samples, n_asvs) -> (n_samples, n_samples)."""
    return _pair_up(_proportions(counts), "cityblock") / 2


def measure_jaccard(counts: Counts, tree: PhylogenyArrays) -> Floats:
    """Jaccard distance of presence: (n_samples, n_asvs) -> (n_samples, n_samples)."""
    return _unshared_share((counts > 0).astype(np.float64), np.ones(counts.shape[1]))


def measure_unweighted_unifrac(counts: Counts, tree: PhylogenyArrays) -> Floats:
    """Unweighted UniFrac: (n_samples, n_asvs) -> (n_samples, n_samples)."""
    present = (tree.sum_below(counts) > 0).T.astype(np.float64)
    return _unshared_share(present, tree.lengths)


def measure_weighted_unifrac(counts: Counts, tree: PhylogenyArrays) -> Floats:
    """Normalised weighted UniFrac: (n_samples, n_asvs) -> (n_samples, n_samples)."""
    below = tree.sum_below(counts)
    counted = below.any(axis=1) & (tree.lengths > 0)
    weighted = below[counted] / counts.sum(axis=1) * tree.lengths[counted, None]
    heights = weighted.sum(axis=0)
    return _divide(_pair_up(weighted.T, "cityblock"), heights[:, None] + heights[None, :])


def measure_aitchison(counts: Counts, tree: PhylogenyArrays) -> Floats:
    """Aitchison distance, pseudocount 0.5: (n_samples, n_asvs) -> (n_samples, n_samples)."""
    present = counts[:, (counts > 0).any(axis=0)]
    if present.shape[1] == 0:
        return np.zeros((counts.shape[0], counts.shape[0]))
    logs = log(present + PSEUDOCOUNT)
    return _pair_up(logs - logs.mean(axis=1, keepdims=True), "euclidean")


def measure_robust_aitchison(counts: Counts, tree: PhylogenyArrays) -> Floats:
    """Robust Aitchison distance: (n_samples, n_asvs) -> (n_samples, n_samples)."""
    return _pair_up(center_completed(counts), "euclidean")


BETA_METRICS: dict[str, Callable[[Counts, PhylogenyArrays], Floats]] = {
    "braycurtis": measure_braycurtis,
    "jaccard": measure_jaccard,
    "weighted_unifrac": measure_weighted_unifrac,
    "unweighted_unifrac": measure_unweighted_unifrac,
    "aitchison": measure_aitchison,
    "robust_aitchison": measure_robust_aitchison,
}
ON_ALL_READS = ("aitchison", "robust_aitchison")
NO_TREE = PhylogenyArrays(np.array([-1]), np.zeros(1), np.zeros(0, dtype=np.int64))
WITHOUT_CONTROLS = ("robust_aitchison",)
ON_TREES = ("weighted_unifrac", "unweighted_unifrac")


def measure_beta(
    table: CountTable,
    tree: PhylogenyArrays | None,
    plan: RarefactionPlan,
    metrics: Sequence[str],
) -> dict[str, Distances]:
    """Distances between the plan's kept samples, one table a metric.

    Without a tree, metrics that need one are left out.
    """
    metrics = [m for m in metrics if tree is not None or m not in ON_TREES]
    some_tree = tree if tree is not None else NO_TREE
    samples = {m: plan.compared if m in WITHOUT_CONTROLS else plan.kept for m in metrics}
    means = {m: np.zeros((len(samples[m]),) * 2) for m in metrics}
    for metric in (m for m in metrics if m in ON_ALL_READS):
        means[metric] = BETA_METRICS[metric](table.select(samples[metric]).counts, some_tree)
    rarefied_metrics = [metric for metric in metrics if metric not in ON_ALL_READS]
    tables = iterate_rarefied(table, plan) if rarefied_metrics else ()
    for n_tables, rarefied in enumerate(tables, 1):
        for metric in rarefied_metrics:
            distances = BETA_METRICS[metric](rarefied.counts, some_tree)
            means[metric] += (distances - means[metric]) / n_tables
    return {m: Distances(tuple(sorted(samples[m])), _tidy(means[m])) for m in metrics}


def _proportions(counts: Counts) -> Floats:
    shares: Floats = counts / counts.sum(axis=1, keepdims=True)
    return shares


def _pair_up(rows: Floats, metric: str) -> Floats:
    """Square matrix of distances between rows; also for one row or none."""
    from scipy.spatial.distance import pdist, squareform

    if len(rows) < 2:
        return np.zeros((len(rows), len(rows)))
    # pdist reads row by row: several times slower on a transposed or column-ordered array
    square: Floats = squareform(pdist(np.ascontiguousarray(rows), metric))
    return square


def _unshared_share(present: Floats, weights: Floats) -> Floats:
    """Weight of features in one of two rows alone / weight of features in either."""
    shared = multiply(present * weights, present.T)
    totals = multiply(present, weights)
    either = totals[:, None] + totals[None, :] - shared
    return _divide(either - shared, either)


def _divide(above: Floats, below: Floats) -> Floats:
    quotient: Floats = above / np.where(below > 0, below, 1.0)
    return np.where(below > 0, quotient, 0.0)


def _tidy(values: Floats) -> Floats:
    """Symmetric, zero diagonal, rounding noise set to zero."""
    values = (values + values.T) / 2
    values[np.abs(values) < _ROUNDING] = 0.0
    np.fill_diagonal(values, 0.0)
    return values
