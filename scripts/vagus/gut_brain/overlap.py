"""How much two capacities are the same reads: what their comparisons share."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vagus.tables.stages.gut_brain import CAPACITY_OVERLAP

if TYPE_CHECKING:
    from vagus.tables.counts import CountTable


def measure_overlap(
    table: CountTable, matches: pd.DataFrame, capacities: Sequence[str], controls: Collection[str]
) -> pd.DataFrame:
    """One row a pair of capacities that occur; samples of ``controls`` are left out.

    ``reads_shared`` are of ASVs that have both. The rank correlation (Spearman) is that of their
    shares over the samples with reads; two that are one list of taxa have 1.
    """
    own = np.array([name not in controls for name in table.samples], dtype=bool)
    counts, totals = table.counts[own], table.reads[own]
    of_capacity = {
        capacity: np.isin(table.asvs, matches.loc[matches["capacity"] == capacity, "asv"])
        for capacity in capacities
    }
    rows = []
    for first, second in combinations(capacities, 2):
        one, other = of_capacity[first], of_capacity[second]
        sums = [int(counts[:, mask].sum()) for mask in (one, other, one & other, one | other)]
        if not (sums[0] and sums[1]):
            continue
        correlation = _correlate(counts[:, one], counts[:, other], totals)
        rows.append([first, second, *sums[:3], sums[2] / sums[3], correlation])
    return pd.DataFrame(rows, columns=CAPACITY_OVERLAP.names)


def _correlate(one: np.ndarray, other: np.ndarray, totals: np.ndarray) -> float:
    """Spearman's correlation of shares; NaN where one of them does not vary."""
    from scipy.stats import rankdata

    known = totals > 0
    ranks = [rankdata(part.sum(axis=1)[known] / totals[known]) for part in (one, other)]
    if any(np.ptp(part) == 0 for part in ranks) or known.sum() < 3:
        return float("nan")
    first, second = (part - part.mean() for part in ranks)
    return float((first * second).sum() / np.sqrt((first**2).sum() * (second**2).sum()))
