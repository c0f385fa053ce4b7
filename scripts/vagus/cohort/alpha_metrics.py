"""Which columns of ``alpha.tsv`` are tested."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np

from vagus.diversity.alpha import ALPHA_METRICS

if TYPE_CHECKING:
    import pandas as pd

NOT_METRICS = ("sample", "reads", "depth")
SAME_ORDER = ("hill_1", "hill_2")
"""Metrics that put samples in the order of another one: Shannon and Simpson."""
N_TESTED = len(set(ALPHA_METRICS) - set(SAME_ORDER))
"""Metrics of a study by default that are tested together."""
_ALIKE = 1e-9


def list_metrics(alpha: pd.DataFrame) -> list[str]:
    """Metrics of an alpha table, in its order."""
    return [str(name) for name in alpha.columns if name not in NOT_METRICS]


def find_redundant(alpha: pd.DataFrame, samples: Collection[str]) -> dict[str, str]:
    """Why metrics are not tested that say nothing of their own, over these samples.

    One is the same in all of them (coverage of 1), or equals a metric before it (Chao1 equals the
    observed ASVs where none is seen once): a second test of the same numbers would only make the
    correction for many tests stricter.
    """
    own = alpha[alpha["sample"].astype(str).isin(set(samples))]
    found: dict[str, str] = {}
    before: dict[str, np.ndarray] = {}
    for metric in list_metrics(alpha):
        values = own[metric].to_numpy(float)
        known = values[~np.isnan(values)]
        twin = next((name for name, other in before.items() if _is_alike(values, other)), "")
        if known.size > 1 and np.ptp(known) <= _ALIKE * abs(known[0]):
            found[metric] = f"not tested: {known[0]:.4g} in every sample"
        elif known.size > 1 and twin:
            found[metric] = f"not tested: equal to {twin} in every sample"
        else:
            before[metric] = values
    return found


def _is_alike(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.allclose(one, other, rtol=_ALIKE, atol=0.0, equal_nan=True))
