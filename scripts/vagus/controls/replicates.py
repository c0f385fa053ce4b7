"""Repeatability: how similar replicates of one biological sample are.

Replicates are samples with the same value in the sheet's column ``controls.replicate``.

- Distances within replicates against distances between samples that are no replicates of each
  other: medians and their ratio. 0: replicates are identical; 1: no more similar than strangers.
- Of each alpha metric, the coefficient of variation within replicates (root mean square of
  sd / mean), and the intraclass correlation ICC(1) from a one-way analysis of variance with
  groups of different size (Shrout & Fleiss 1979, Psychol. Bull. 86:420, with the mean size n0): the
  share of the variance that is between biological samples. It is negative when replicates differ
  more than samples do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.diversity.distances import Distances
from vagus.study.samples import Sample

if TYPE_CHECKING:
    import pandas as pd

MIN_REPLICATES = 2
Floats = NDArray[np.float64]


def group_replicates(samples: Sequence[Sample], column: str) -> dict[str, list[str]]:
    """Biological samples with at least two replicates: name -> sorted sample names."""
    groups: dict[str, list[str]] = {}
    for sample in samples:
        if value := sample.value(column):
            groups.setdefault(value, []).append(sample.name)
    return {
        name: sorted(members)
        for name, members in sorted(groups.items())
        if len(members) >= MIN_REPLICATES
    }


def compare_distances(
    distances: Distances, groups: dict[str, list[str]], others: Sequence[str]
) -> tuple[list[dict[str, object]], dict[str, object] | None]:
    """A row for each group (replicate, samples, n, mean_distance) and one for all.

    Distances between are those between replicates of different groups and to ``others``, study
    samples without replicates. The second is None without any measured replicates.
    """
    place = {sample: i for i, sample in enumerate(distances.samples)}
    kept = {g: [place[s] for s in names if s in place] for g, names in groups.items()}
    kept = {g: rows for g, rows in kept.items() if len(rows) >= MIN_REPLICATES}
    if not kept:
        return [], None
    within, rows = [], []
    for group, members in kept.items():
        block = distances.values[np.ix_(members, members)]
        pairs = block[np.triu_indices(len(members), 1)]
        within += pairs.tolist()
        names = "; ".join(distances.samples[i] for i in members)
        rows.append({"replicate": group, "n": len(members), "mean_distance": float(pairs.mean()),
                     "samples": names})  # fmt: skip
    label = {i: group for group, members in kept.items() for i in members}
    label |= {place[s]: f"\0{s}" for s in others if s in place and place[s] not in label}
    ordered = sorted(label)
    between = [
        float(distances.values[i, j])
        for a, i in enumerate(ordered)
        for j in ordered[a + 1 :]
        if label[i] != label[j]
    ]
    return rows, _summarise(within, between)


def _summarise(within: list[float], between: list[float]) -> dict[str, object]:
    inside = float(np.median(within))
    outside = float(np.median(between)) if between else math.nan
    return {
        "pairs_within": len(within), "median_within": inside,
        "pairs_between": len(between), "median_between": outside,
        "ratio": inside / outside if outside > 0 else math.nan,
    }  # fmt: skip


def compare_values(
    alpha: pd.DataFrame, groups: dict[str, list[str]], metric: str
) -> dict[str, object] | None:
    """Coefficient of variation within replicates and ICC(1) of a metric; None without data."""
    known = alpha.set_index("sample")[metric].dropna()
    members = [known[[s for s in names if s in known.index]] for names in groups.values()]
    values = [m.to_numpy(dtype=float) for m in members if len(m) >= MIN_REPLICATES]
    if not values:
        return None
    ratios = [v.std(ddof=1) / v.mean() for v in values if v.mean() != 0]
    variation = float(np.sqrt(np.mean(np.square(ratios)))) if ratios else math.nan
    return {"n_groups": len(values), "n_samples": sum(v.size for v in values),
            "cv": variation, "icc": intraclass_correlation(values)}  # fmt: skip


def intraclass_correlation(groups: Sequence[Floats]) -> float:
    """ICC(1): (MSB - MSW) / (MSB + (n0 - 1) MSW); NaN with one group or no variation."""
    sizes = np.array([group.size for group in groups], dtype=float)
    n, k = sizes.sum(), sizes.size
    if k < 2 or n <= k:
        return math.nan
    pooled = np.concatenate(list(groups))
    means = np.array([group.mean() for group in groups])
    between = float((sizes * (means - pooled.mean()) ** 2).sum() / (k - 1))
    within = float(sum(((g - g.mean()) ** 2).sum() for g in groups) / (n - k))
    size = (n - (sizes**2).sum() / n) / (k - 1)
    below = between + (size - 1) * within
    return (between - within) / below if below > 0 else math.nan
