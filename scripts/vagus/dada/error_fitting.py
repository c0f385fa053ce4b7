"""From observed transitions to rates: a smooth curve over quality for each transition.

``full`` quality range: loess of log10((errors + 1) / total) on quality, weighted by the
totals (Callahan et al. 2016, supplement), quality 93 by itself (Callahan et al. 2019).

``binned7``: there are observations at seven qualities, and averages between them. The
counts between two bins are shared between them in proportion to nearness; the rates at the
bins are made monotone and joined by straight lines in log10.

Any other scheme (``binned``, ``mixed``), and what is too sparse for loess: isotonic regression
on quality, joined by straight lines in log10. It needs neither to know the bins nor that there
is more than one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vagus.dada.error_model import MAX_QUALITY, N_QUALITIES, Counts, Rates, sum_by_true_base
from vagus.dada.loess import LoessError, fit_loess
from vagus.numerics.functions import log10, power
from vagus.reads.platforms import BINNED7, FULL, list_bins

Numbers = NDArray[Any]  # counts, or counts that were shared between bins

PACBIO_BINS = np.array(list_bins())
MIN_RATE = 1e-7
MAX_RATE = 0.25


def fit_rates(observed: Counts, scheme: str) -> Rates:
    """Rates (16, 94) from observed transitions (16, 94)."""
    if scheme == FULL:
        return fit_full_range(observed)
    if scheme == BINNED7:
        return fit_rows(share_between_bins(observed, PACBIO_BINS), fit_monotone)
    return fit_rows(observed, fit_monotone)


def fit_full_range(observed: Counts) -> Rates:
    """Loess over qualities; if quality 93 is there, loess over 0-92 and 93 by itself."""
    if observed[:, MAX_QUALITY].sum() == 0:
        return fit_rows(observed, fit_smooth)
    rates = np.empty(observed.shape)
    rates[:, :MAX_QUALITY] = fit_rows(observed[:, :MAX_QUALITY], fit_smooth)
    top = observed[:, MAX_QUALITY]
    totals = sum_by_true_base(observed)[:, MAX_QUALITY]
    rates[:, MAX_QUALITY] = (top + 1.0) / (totals + 4.0)
    return rates


def fit_rows(observed: Numbers, fit_row: Callable[[Numbers, Numbers], Rates]) -> Rates:
    """Fit each transition that is an error; reading without error gets what is left."""
    totals = sum_by_true_base(observed)
    rates = np.empty(observed.shape)
    for true in range(4):
        left = np.ones(observed.shape[1])
        for read in range(4):
            row = 4 * true + read
            if read != true:
                rates[row] = np.clip(fit_row(observed[row], totals[row]), MIN_RATE, MAX_RATE)
                left -= rates[row]
        rates[5 * true] = left
    return rates


def fit_smooth(errors: Numbers, totals: Numbers) -> Rates:
    """Loess in log10, extended flat beyond the observed qualities."""
    seen = np.flatnonzero(totals > 0)
    qualities = np.arange(len(totals), dtype=np.float64)
    if len(seen) == 0:
        return np.full(len(totals), MAX_RATE)
    logs = log10((errors[seen] + 1.0) / totals[seen])
    try:
        fitted = fit_loess(qualities[seen], logs, totals[seen].astype(np.float64), qualities)
    except LoessError:
        return fit_monotone(errors, totals)
    fitted[: seen[0]] = fitted[seen[0]]
    fitted[seen[-1] + 1 :] = fitted[seen[-1]]
    rates: Rates = power(10.0, fitted)
    return rates


def fit_monotone(errors: Numbers, totals: Numbers) -> Rates:
    """Rates that never rise with quality: pooled adjacent violators, lines in log10 between."""
    seen = np.flatnonzero(totals > 0)
    if len(seen) == 0:
        return np.full(len(totals), MAX_RATE)
    logs = log10((errors[seen] + 1.0) / totals[seen])
    level = pool_violators(logs, totals[seen].astype(np.float64))
    rates: Rates = power(10.0, np.interp(np.arange(len(totals)), seen, level))
    return rates


def pool_violators(values: Rates, weights: Rates) -> Rates:
    """Weighted least-squares fit that never rises (Barlow et al. 1972)."""
    means: list[float] = []
    masses: list[float] = []
    sizes: list[int] = []
    for value, weight in zip(values, weights, strict=True):
        means.append(float(value))
        masses.append(float(weight))
        sizes.append(1)
        while len(means) > 1 and means[-1] > means[-2]:
            mass = masses[-2] + masses[-1]
            means[-2] = (means[-2] * masses[-2] + means[-1] * masses[-1]) / mass
            masses[-2] = mass
            sizes[-2] += sizes[-1]
            del means[-1], masses[-1], sizes[-1]
    return np.repeat(means, sizes)


def share_between_bins(observed: Counts, bins: Counts) -> Rates:
    """Move the counts between two bins to these, in proportion to nearness; (16, 94)."""
    shared = np.zeros(observed.shape)
    qualities = np.clip(np.arange(N_QUALITIES), bins[0], bins[-1])
    right = np.clip(np.searchsorted(bins, qualities), 1, len(bins) - 1)
    low, high = bins[right - 1], bins[right]
    share = (qualities - low) / (high - low)
    for quality in range(N_QUALITIES):
        shared[:, low[quality]] += observed[:, quality] * (1 - share[quality])
        shared[:, high[quality]] += observed[:, quality] * share[quality]
    return shared
