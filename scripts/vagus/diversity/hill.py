"""Hill numbers and sample coverage: rarefied, observed, extrapolated and at the asymptote.

The Hill number of order q is the effective number of ASVs (or taxa): q = 0 counts them, q = 1 is
the exponential of Shannon entropy, q = 2 the inverse of Simpson's concentration (Hill 1973,
Ecology 54:427). For one sample of n reads with f1 singletons and f2 doubletons:

| value at m reads | source |
|---|---|
| rarefied (m < n) | expected frequency counts of a draw without replacement: Chao et al. 2014,
  Ecol. Monogr. 84:45, eq. 5 |
| extrapolated (m > n) | q = 0: S + f0 (1 - (1 - f1 / (n f0 + f1))^(m - n)), f0 by Chao1; q = 1:
  entropies of sample and asymptote weighted n / m and 1 - n / m; q = 2: exact expectation
  (ibid., table 1) |
| asymptote | q = 0: Chao1 with the factor (n - 1) / n (Chao 1984); q = 1: Chao, Wang & Jost 2013,
  Methods Ecol. Evol. 4:1091, eq. 7; q = 2: 1 / sum of x (x - 1) / (n (n - 1)) |
| coverage | Chao & Jost 2012, Ecology 93:2533: eq. 4a (at n), eq. 5 (below), eq. 12 (above n) |

All of it rests on singletons. Denoisers almost never call a sequence that was read once, so in
tables of ASVs f1 is near 0, coverage near 1 and extrapolation flat, whatever was missed. Values
are those of the table, and no claim about what the denoiser left out.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vagus.diversity.rarefaction_curve import Abundances, expected_richness, expected_shannon
from vagus.numerics.functions import exp, power

ORDERS = (0, 1, 2)
MAX_EXTRAPOLATION = 2
MAX_TAIL_TERMS = 200_000
Floats = NDArray[np.float64]


def count_rare(abundances: Abundances) -> tuple[int, int]:
    """Numbers of singletons and doubletons, f1 and f2."""
    found = dict(zip(abundances.values.tolist(), abundances.times.tolist(), strict=True))
    return found.get(1, 0), found.get(2, 0)


def unseen_share(abundances: Abundances) -> float:
    """A of the sources: the chance that a singleton's next read is of a new ASV is 1 - A.

    A = (n - 1) f1 / ((n - 1) f1 + 2 f2); without doubletons f1 - 1 stands for f1 and 1 for f2.
    Here the complement to 1 of the source's symbol in Chao, Wang & Jost 2013 is returned.
    """
    f1, f2 = count_rare(abundances)
    n = abundances.total
    if f2 > 0:
        return (n - 1) * f1 / ((n - 1) * f1 + 2 * f2)
    return (n - 1) * (f1 - 1) / ((n - 1) * (f1 - 1) + 2) if f1 > 0 else 0.0


def measure_coverage(abundances: Abundances, size: int) -> float:
    """Expected coverage of a sample of ``size`` >= 1 reads (0 to 1); NaN for a lone read."""
    n = abundances.total
    if n < 2:
        return math.nan
    if size < n:
        return 1.0 - _expected_missing(abundances, size)
    f1, _ = count_rare(abundances)
    if f1 == 0:
        return 1.0
    return 1.0 - f1 / n * unseen_share(abundances) ** (size - n + 1)


def _expected_missing(abundances: Abundances, size: int) -> float:
    """Sum of x / n * C(n - x, m) / C(n - 1, m), m < n."""
    n, logs = abundances.total, abundances.log_factorials
    values, times = abundances.values, abundances.times
    rare = values <= n - size
    x = values[rare]
    ways = logs[n - x] - logs[n - x - size] - logs[n - 1] + logs[n - 1 - size]
    return float((times[rare] * x / n * exp(ways)).sum())


def measure_hill(abundances: Abundances, size: int) -> tuple[float, float, float]:
    """Hill numbers of orders 0, 1, 2 of a sample of ``size`` >= 1 reads (see the module)."""
    n = abundances.total
    if size <= n:
        richness, _ = expected_richness(abundances, size)
        return richness, math.exp(expected_shannon(abundances, size)), _simpson(abundances, size)
    return (
        _extrapolate_richness(abundances, size - n),
        math.exp(_extrapolate_entropy(abundances, size)),
        _simpson(abundances, size),
    )


def estimate_asymptote(abundances: Abundances) -> tuple[float, float, float]:
    """Hill numbers of orders 0, 1, 2 of the whole community; NaN where there is no estimate."""
    n, pairs = abundances.total, _sum_pairs(abundances)
    richness = float(abundances.times.sum()) + estimate_unseen(abundances)
    return richness, math.exp(asymptotic_entropy(abundances)), n * (n - 1) / pairs if pairs else (
        math.nan
    )  # fmt: skip


def estimate_unseen(abundances: Abundances) -> float:
    """Estimated number of unseen ASVs, f0: (n-1)/n f1^2 / (2 f2), or f1 (f1 - 1) / 2."""
    f1, f2 = count_rare(abundances)
    n = abundances.total
    return (n - 1) / n * (f1 * f1 / (2 * f2) if f2 > 0 else f1 * (f1 - 1) / 2)


def _extrapolate_richness(abundances: Abundances, more: int) -> float:
    f1, _ = count_rare(abundances)
    n, unseen = abundances.total, estimate_unseen(abundances)
    seen = float(abundances.times.sum())
    if unseen == 0:
        return seen
    return seen + unseen * (1 - (1 - f1 / (n * unseen + f1)) ** more)


def _extrapolate_entropy(abundances: Abundances, size: int) -> float:
    n = abundances.total
    observed = expected_shannon(abundances, n)
    return n / size * observed + (size - n) / size * asymptotic_entropy(abundances)


def asymptotic_entropy(abundances: Abundances) -> float:
    """Shannon entropy (nats) of the whole community, after Chao, Wang & Jost 2013, eq. 7."""
    from scipy.special import digamma

    n = abundances.total
    x = abundances.values[abundances.values < n].astype(np.float64)
    times = abundances.times[abundances.values < n]
    seen = float((times * x / n * (digamma(n) - digamma(x))).sum())
    f1, _ = count_rare(abundances)
    share = unseen_share(abundances)
    return seen + (f1 / n * share * _sum_tail(n, share) if f1 and share > 0 else 0.0)


@cache
def _sum_tail(n: int, share: float, max_terms: int = MAX_TAIL_TERMS) -> float:
    """Sum over j >= 0 of share^j / (n + j).

    The published form, (1 - A)^(1 - n) (-ln A - sum of (1 - A)^r / r), is this sum times
    1 - A; written so, it loses all digits to cancellation for large n. More than ``max_terms``
    terms are replaced by the integral of exp(-y) / (n (1 - share exp(-y / n))) over y >= 0,
    which equals it.
    """
    if share <= 0 or math.log(1e-18) / math.log(share) < max_terms:
        n_terms = 1 if share <= 0 else math.ceil(math.log(1e-18) / math.log(share)) + 1
        j = np.arange(n_terms)
        return float((power(share, j) / (n + j)).sum())
    from scipy.integrate import quad

    def term(y: float) -> float:
        return math.exp(-y) / (n * -math.expm1(math.log(share) - y / n))

    bend = n * (1 - share)
    parts = [quad(term, a, b, epsrel=1e-11)[0] for a, b in ((0, bend), (bend, bend + 60))]
    return float(sum(parts))


def _sum_pairs(abundances: Abundances) -> float:
    """Sum of x (x - 1) over ASVs."""
    x = abundances.values.astype(np.float64)
    return float((abundances.times * x * (x - 1)).sum())


def _simpson(abundances: Abundances, size: int) -> float:
    """Hill number of order 2 of ``size`` reads: 1 / (1/m + (m-1)/m * sum x(x-1) / (n(n-1)))."""
    n = abundances.total
    if n < 2:
        return 1.0
    return 1 / (1 / size + (size - 1) / size * _sum_pairs(abundances) / (n * (n - 1)))


def find_size(abundances: Abundances, coverage: float) -> float | None:
    """Reads at which the expected coverage is ``coverage``; None above twice the sample.

    Between two whole numbers of reads the coverage is taken as linear.
    """
    low, high = 1, MAX_EXTRAPOLATION * abundances.total
    if measure_coverage(abundances, low) >= coverage:
        return 1.0
    if not measure_coverage(abundances, high) >= coverage:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if measure_coverage(abundances, middle) >= coverage:
            high = middle
        else:
            low = middle
    below, above = measure_coverage(abundances, low), measure_coverage(abundances, high)
    return low + (coverage - below) / (above - below)


def measure_hill_between(abundances: Abundances, size: float) -> tuple[float, float, float]:
    """Hill numbers at a fractional number of reads, linear between its neighbours."""
    low = math.floor(size)
    part = size - low
    below = measure_hill(abundances, low)
    if part == 0:
        return below
    above = measure_hill(abundances, low + 1)
    a, b, c = (x + part * (y - x) for x, y in zip(below, above, strict=True))
    return a, b, c
