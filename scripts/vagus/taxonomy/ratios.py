"""Do two ASVs keep one ratio over samples? Copies of one genome do; two strains do not.

Within a unit (a sample, or those of one subject together) with n reads of the two, the reads a
of the first are beta-binomial around n p: mean n p, variance n p q (1 + (n - 1) rho),
rho = p q s^2, where s is the standard deviation of the log ratio between units beyond the
counting of reads. Under either hypothesis X = sum (a - n p)^2 / variance is close to
chi-squared with one degree of freedom less than there are units; p is estimated from all
units, weighted by their information n / (1 + (n - 1) rho).

- *constant*: s = 0.15, what PCR and sequencing add to a ratio of 1 % different templates.
  It is rejected when X is too large.
- *varying*: s = ln 2, a ratio that doubles or halves from unit to unit. Strains that live in
  different people vary by far more. It is rejected when X is too small, so that a constant
  ratio has to be shown and is not assumed where data are few.

Only samples in which the rarer one is expected with 30 reads say anything. A denoiser sees a
variant beside a near and more abundant one from some 20 reads on, and none below: zeros there
say nothing, and taken at their face they make every constant ratio vary.

Each at the level 0.001: the ratio varies when *constant* is rejected, is constant when only
*varying* is, and else cannot be judged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

CONSTANT_SD = 0.15
VARYING_SD = math.log(2.0)
LEVEL = 0.001
MIN_EXPECTED_READS = 30.0  # of the rarer one, see below
CONSTANT, VARYING, UNCLEAR = "constant", "varying", "unclear"


@dataclass(frozen=True)
class Ratio:
    """What is known of the ratio of two ASVs.

    ``n_units`` are those with enough reads to decide; ``p_constant`` and ``p_varying`` are the
    p-values of the two hypotheses (1.0 where fewer than two units say anything).
    """

    verdict: str
    n_units: int
    p_constant: float = 1.0
    p_varying: float = 1.0


def compare_ratios(
    one: np.ndarray, two: np.ndarray, min_units: int, unit_of: np.ndarray | None = None
) -> Ratio:
    """Judge whether two ASVs keep a constant ratio; ``one`` and ``two`` are reads by sample.

    ``unit_of`` is the number of each sample's unit (its own where there is none); reads of a unit
    are added up over its samples that say anything. With fewer than ``min_units`` such units the
    verdict is UNCLEAR.
    """
    total = (one + two).astype(np.float64)
    both = (one > 0) & (two > 0)
    seen = both if both.any() else total > 0
    share = one[seen].sum() / max(total[seen].sum(), 1.0)
    tells = total * min(share, 1.0 - share) >= MIN_EXPECTED_READS
    units = np.flatnonzero(tells) if unit_of is None else unit_of[tells]
    labels, place = np.unique(units, return_inverse=True)
    n_units = len(labels)
    if n_units < max(min_units, 2):
        return Ratio(UNCLEAR, n_units)
    first, total = np.bincount(place, one[tells]), np.bincount(place, total[tells])
    upper = _find_tails(first, total, CONSTANT_SD)[1]
    lower = _find_tails(first, total, VARYING_SD)[0]
    settled = CONSTANT if lower < LEVEL else UNCLEAR
    verdict = VARYING if upper < LEVEL else settled
    return Ratio(verdict, n_units, upper, lower)


def _find_tails(first: np.ndarray, total: np.ndarray, log_sd: float) -> tuple[float, float]:
    """Lower and upper tail of X under a standard deviation of the log ratio."""
    from scipy.stats import chi2

    share = first.sum() / total.sum()
    for _ in range(3):  # the weights depend on the share, weakly
        spread = 1.0 + (total - 1.0) * share * (1.0 - share) * log_sd**2
        share = float(np.clip((first / spread).sum() / (total / spread).sum(), 1e-9, 1 - 1e-9))
    variance = total * share * (1.0 - share) * spread
    squares = (first - total * share) ** 2
    degrees = len(total) - 1
    # reads are whole, so that few of them agree by chance: half a read for the lower tail
    lower = chi2.cdf(float(((squares + 0.25) / variance).sum()), degrees)
    return float(lower), float(chi2.sf(float((squares / variance).sum()), degrees))
