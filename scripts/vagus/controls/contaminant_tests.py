"""Statistics that distinguish contaminants from what the samples contain (Davis et al. 2018).

Davis NM, Proctor DM, Holmes SP, Relman DA & Callahan BJ 2018, Microbiome 6:226, as the
package decontam documents and computes them:

- **prevalence**: is the ASV present in a greater share of negative controls than of samples? One
  side of the chi-squared test for two proportions with Yates' correction, or, where an expected
  count is below 5, Fisher's exact test with half the probability of the observed table (mid-p).
  An ASV that is in all samples and controls gets 0.5; one in a single sample or control has no
  p-value.
- **frequency**: does its share fall as 1 / DNA concentration (contaminant: a constant amount beside
  a varying one) or not depend on it? Logarithms of the shares above 0 are fitted by both; the ratio
  of the two residual sums of squares is compared with F(k, k), k = samples with the ASV - 1.
  Negative controls do not enter.
- **combined**: both by Fisher's method, chi-squared with 4 degrees of freedom.

Small values speak for a contaminant. They are scores with a threshold (0.1 by default, as there),
not corrected for the number of ASVs: among many ASVs some that are no contaminants are called.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.functions import log

MIN_EXPECTED = 5
Floats = NDArray[np.float64]


def score_prevalence(present: NDArray[np.bool_], negative: NDArray[np.bool_]) -> Floats:
    """p-values of ASVs, shape (n_asvs,); NaN where there is none.

    ``present`` has shape (n_samples, n_asvs), ``negative`` (n_samples,): samples with reads alone,
    negative controls marked, positive controls left out.
    """
    n_negatives, n_samples = int(negative.sum()), int((~negative).sum())
    in_negatives = present[negative].sum(axis=0).tolist()
    in_samples = present[~negative].sum(axis=0).tolist()
    pairs = zip(in_negatives, in_samples, strict=True)
    if n_negatives == 0 or n_samples == 0:
        return np.full(present.shape[1], np.nan)
    return np.array([compare_shares(a, n_negatives, b, n_samples) for a, b in pairs], dtype=float)


@cache
def compare_shares(a: int, n_a: int, b: int, n_b: int) -> float:
    """p-value that a of n_a is a greater share than b of n_b (see the module)."""
    found, whole = a + b, n_a + n_b
    if found < 2:
        return math.nan
    if found == whole:
        return 0.5
    expected = [n * part / whole for n in (n_a, n_b) for part in (found, whole - found)]
    if min(expected) < MIN_EXPECTED:
        return _exact_mid_p(a, n_a, found, whole)
    from scipy.stats import norm

    yates = min(0.5, abs(a - expected[0]))
    squared = sum((abs(a - expected[0]) - yates) ** 2 / value for value in expected)
    return float(norm.sf(math.copysign(math.sqrt(squared), a / n_a - b / n_b)))


def _exact_mid_p(a: int, n_a: int, found: int, whole: int) -> float:
    """P(A > a) + P(A = a) / 2, A hypergeometric."""
    from scipy.stats import hypergeom

    drawn = hypergeom(whole, found, n_a)
    return float(drawn.sf(a) + drawn.pmf(a) / 2)


def score_frequency(shares: Floats, concentrations: Floats) -> Floats:
    """p-values of ASVs, shape (n_asvs,); NaN where fewer than two samples contain the ASV.

    ``shares`` (n_samples, n_asvs) of the samples that are no negative controls and have a
    concentration, ``concentrations`` (n_samples,), all above 0.
    """
    from scipy.stats import f

    logs = log(concentrations)
    values = np.full(shares.shape[1], np.nan)
    for column in range(shares.shape[1]):
        held = shares[:, column] > 0
        k = int(held.sum()) - 1
        if k < 1:
            continue
        log_shares = log(shares[held, column])
        falling = _spread(log_shares + logs[held])
        constant = _spread(log_shares)
        if constant > 0:
            values[column] = float(f.cdf(falling / constant, k, k))
        elif falling > 0:
            values[column] = 1.0
    return values


def _spread(values: Floats) -> float:
    return float(((values - values.mean()) ** 2).sum())


def combine(prevalence: Floats, frequency: Floats) -> Floats:
    """Fisher's method for two p-values each; NaN where either is."""
    from scipy.stats import chi2

    with np.errstate(divide="ignore"):
        score = -2 * (log(prevalence) + log(frequency))
    combined: Floats = chi2.sf(score, 4)
    return combined
