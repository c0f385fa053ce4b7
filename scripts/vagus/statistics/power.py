"""What a design could have found: the smallest true effect that it finds 8 times in 10.

It follows from the standard error and the degrees of freedom, not from the estimate: it says what
the study could find before anybody looked ('observed power' would only repeat p).
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vagus.statistics.effect_sizes import noncentral_t_cdf

POWER, LEVEL = 0.8, 0.05
_Z = 1.959963984540054  # half an interval of 95 %, in standard errors
_Z_POWER = 0.8416212335729143  # normal quantile of POWER

Floats = NDArray[np.float64]


@lru_cache(maxsize=4096)
def detect_by_t(df: float) -> float:
    """Smallest difference in standard errors that a two-sided t-test finds with POWER.

    The noncentrality at which |t| exceeds its critical value with that probability (Cohen 1988,
    chapter 2); NaN without degrees of freedom.
    """
    from scipy.optimize import brentq
    from scipy.stats import t

    if not (math.isfinite(df) and df > 0):
        return math.nan
    critical = float(t.ppf(1 - LEVEL / 2, df))

    def excess(ncp: float) -> float:
        below = noncentral_t_cdf(critical, df, ncp) - noncentral_t_cdf(-critical, df, ncp)
        return 1 - below - POWER

    high = critical + 2.0
    while excess(high) < 0:
        high *= 2
    return float(brentq(excess, 0.0, high, xtol=1e-9))


def detect_folds(low: Floats, high: Floats) -> Floats:
    """Smallest log2 folds that are found where one taxon of all that are tested differs.

    ``low`` and ``high`` (n_taxa) are limits of 95 %. Such a taxon needs p < LEVEL / n_taxa to be
    found after the correction. NaN where an interval is not known.
    """
    from scipy.special import ndtri

    errors = (high - low) / (2 * _Z)
    known = np.isfinite(errors)
    if not known.any():
        return np.full(len(low), np.nan)
    critical = float(ndtri(1 - LEVEL / 2 / int(known.sum())))
    return np.where(known, (critical + _Z_POWER) * errors, np.nan)


def detect_shift(spread: float, growth: float, critical: float) -> float:
    """Smallest shift whose estimate exceeds ``critical`` with POWER.

    The estimate is taken as normal around the shift s with variance ``spread`` + ``growth`` s, so
    that (s - critical)^2 = z^2 (spread + growth s), of which the larger root counts.
    """
    z2 = _Z_POWER**2
    centre = critical + z2 * growth / 2
    return centre + math.sqrt(max(centre**2 - critical**2 + z2 * spread, 0.0))
