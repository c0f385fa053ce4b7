"""Correction for multiple tests (Benjamini & Hochberg 1995, J. R. Stat. Soc. B 57:289)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def adjust_p_values(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Benjamini-Hochberg q-values, shape (n,); NaN (not tested) stays NaN and does not count."""
    adjusted = np.full(p_values.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(p_values))
    order = tested[np.argsort(p_values[tested], kind="stable")]
    scaled = p_values[order] * order.size / np.arange(1, order.size + 1)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted
