"""Correction for multiple tests (Benjamini & Hochberg 1995, J. R. Stat. Soc. B 57:289)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)


def adjust_p_values(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Benjamini-Hochberg q-values, shape (n,); NaN (not tested) stays NaN and does not count."""
    adjusted = np.full(p_values.shape, np.nan)
    is_tested = ~np.isnan(p_values)
    if is_tested.any():
        from scipy.stats import false_discovery_control

        adjusted[is_tested] = false_discovery_control(p_values[is_tested], method="bh")
    return adjusted


def adjust_families(frame: pd.DataFrame, families: Sequence[NDArray[np.bool_]]) -> pd.DataFrame:
    """Fill ``q_value`` from ``p_value``; each family is a mask over the rows."""
    p_values = frame["p_value"].to_numpy(dtype=np.float64)
    q_values = np.full(p_values.size, np.nan)
    for family in families:
        chosen = np.asarray(family, dtype=bool)
        q_values[chosen] = adjust_p_values(p_values[chosen])
    frame["q_value"] = q_values
    n_tested = int((~np.isnan(p_values)).sum())
    log.info("%d of %d rows tested", n_tested, len(frame))
    return frame
