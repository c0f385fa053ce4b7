"""Standardised effects with intervals."""

from __future__ import annotations

import math

import numpy as np

_Z = 1.959963984540054
_LIMIT = 60.0


def hedges_correction(df: float) -> float:
    """Factor that removes the bias of a standardised difference: 1 - 3 / (4 df - 1)."""
    return 1 - 3 / (4 * df - 1) if df > 1 else 1.0


def noncentral_interval(t: float, df: float) -> tuple[float, float]:
    """95 % limits of the noncentrality of an observed t (Steiger & Fouladi 1997).

    NaN where t is, or where the distribution cannot be inverted (very large t).
    """
    from scipy.optimize import brentq

    if not (math.isfinite(t) and math.isfinite(df) and abs(t) < _LIMIT):
        return math.nan, math.nan

    def solve(share: float) -> float:
        def excess(ncp: float) -> float:
            return noncentral_t_cdf(abs(t), df, ncp) - share

        reach = 6 + abs(t)
        low, high = abs(t) - reach, abs(t) + reach
        if not (excess(low) > 0 > excess(high)):
            return math.nan
        return float(brentq(excess, low, high, xtol=1e-9))

    low, high = solve(0.975), solve(0.025)
    return (low, high) if t >= 0 else (-high, -low)


def noncentral_t_cdf(t: float, df: float, ncp: float) -> float:
    """Distribution function of the noncentral t.

    Far from ``t`` scipy gives NaN at some values of ``ncp``; the approximation is used there,
    so that a root can be searched for across them.
    """
    from scipy.special import nctdtr

    value = float(nctdtr(df, ncp, t))
    return value if math.isfinite(value) else approximate_t_cdf(t, df, ncp)


def approximate_t_cdf(t: float, df: float, ncp: float) -> float:
    """Normal approximation of the noncentral t (Johnson & Welch 1940, Biometrika 31:362)."""
    from scipy.special import ndtr

    return float(ndtr((t * (1 - 1 / (4 * df)) - ncp) / math.sqrt(1 + t * t / (2 * df))))


def rank_biserial_interval(effect: float, n1: int, n2: int) -> tuple[float, float]:
    """95 % limits of 2 A - 1, A the chance that one of the first group exceeds one of the second.

    Newcombe (2006, Statistics in Medicine 25:559), method 5: limits are the values of A from
    which the observed one is 1.96 standard errors away, with N = (n1 + n2) / 2 - 1 and
    var(A) = A (1 - A) (1 + N ((1 - A) / (2 - A) + A / (1 + A))) / (n1 n2).
    """
    from scipy.optimize import brentq

    observed, pairs = (effect + 1) / 2, n1 * n2
    half = (n1 + n2) / 2 - 1

    def error(area: float) -> float:
        more = half * ((1 - area) / (2 - area) + area / (1 + area))
        return math.sqrt(max(area * (1 - area) * (1 + more) / pairs, 0.0))

    low = high = observed
    if observed > 0:
        low = brentq(lambda a: observed - a - _Z * error(a), 0.0, min(observed, 1 - 1e-9))
    if observed < 1:
        high = brentq(lambda a: a - observed - _Z * error(a), max(observed, 1e-9), 1.0)
    return 2 * low - 1, 2 * high - 1


def signed_rank_interval(effect: float, n: int) -> tuple[float, float]:
    """95 % limits of the matched-pairs rank-biserial correlation by Fisher's z.

    Its standard error is that of the signed-rank sum without an effect, over the largest sum.
    """
    largest = n * (n + 1) / 2
    error = math.sqrt(n * (n + 1) * (2 * n + 1) / 6) / largest
    return _fisher(effect, error)


def correlation_interval(rho: float, n: int) -> tuple[float, float]:
    """95 % limits of Spearman's rho: Fisher's z, variance (1 + rho^2 / 2) / (n - 3).

    Bonett & Wright (2000, Psychometrika 65:23).
    """
    if n <= 3:
        return math.nan, math.nan
    return _fisher(rho, math.sqrt((1 + rho**2 / 2) / (n - 3)))


def _fisher(effect: float, error: float) -> tuple[float, float]:
    if abs(effect) >= 1:
        bound = math.tanh(math.atanh(1 - 1e-9) - _Z * error)
        return (bound, 1.0) if effect > 0 else (-1.0, -bound)
    centre = math.atanh(effect)
    return math.tanh(centre - _Z * error), math.tanh(centre + _Z * error)


def omega_squared(among: float, within: float, df: int, n: int) -> float:
    """Partial omega squared, share of variation among levels corrected for chance.

    (SS_A - df MS_W) / (SS_A + (n - df) MS_W), MS_W = ``within`` the mean square (Olejnik & Algina
    2003, Psychological Methods 8:434; for distances Kelly et al. 2015, Bioinformatics 31:2461).
    Below 0 when there is less than chance alone gives.
    """
    whole = among + (n - df) * within
    return (among - df * within) / whole if whole > 0 else float(np.nan)
