"""When a second sequence is believed: bounds on likelihood ratios, strands, independent sites.

For one fixed alternative, a likelihood ratio of exp(T) or more has a chance of at most exp(-T)
under the first sequence (Markov's inequality). An alternative with m differences is one of
about (8 L)^m / m! (each of L sites: three substitutions, a deletion, four insertions), so it is
believed where T > m ln(8 L) - ln m! + margin.
"""

from __future__ import annotations

from math import exp, lgamma, log, log1p

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

CHANGES_PER_SITE = 8
MIN_SITE_DISTANCE_BP = 5
WRONG_STRAND_SHARE = 0.1
"""Mean share of an error's reads that are not of the strand that errs."""
MAX_STRAND_SITES = 2


def count_log_alternatives(n_differences: int, length_bp: int) -> float:
    """Logarithm of the number of sequences with so many differences."""
    return n_differences * log(CHANGES_PER_SITE * length_bp) - lgamma(n_differences + 1)


def bound_log10_p(statistic: float, n_differences: int, length_bp: int) -> float:
    """Upper bound of log10 p of the statistic, corrected for the number of alternatives."""
    excess = statistic - count_log_alternatives(n_differences, length_bp)
    return min(0.0, -excess / log(10))


def count_sites(columns: Ints) -> int:
    """Independent sites among columns that differ: those within 4 bp of one another are one."""
    bases = np.unique(columns // 2)
    return int(1 + (np.diff(bases) >= MIN_SITE_DISTANCE_BP).sum()) if len(bases) else 0


def weigh_strands(reverse: float, reads: float, reverse_others: float, others: float) -> float:
    """Odds, from their strands alone, that reads share an error of one strand, not a variant.

    Reads of a variant are antisense with the share q of the others, drawn to one half by one
    read of each strand. Reads with an error of one strand are nearly all of that strand: the
    share of the other is beta distributed with parameters 1 and ``1 / WRONG_STRAND_SHARE - 1``.
    Both strands are equally likely to be the one that errs. Numbers are rounded to whole reads.
    """
    n, k = round(reads), round(reverse)
    share = (reverse_others + 1) / (others + 2)
    variant = k * log(share) + (n - k) * log1p(-share)
    strength = 1 / WRONG_STRAND_SHARE - 1
    errors = [_log_beta(1 + few, strength + n - few) - _log_beta(1, strength) for few in (k, n - k)]
    top = max(errors)
    error = top + log(sum(exp(each - top) for each in errors) / 2)
    return exp(min(700.0, error - variant))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def is_strand_bound(odds: float, n_sites: int, max_odds: float) -> bool:
    """Whether strands speak against a variant on one or two independent sites.

    Errors at several sites that are bound to one strand and sit in the same reads are rarer
    still: the odds asked for are ``max_odds`` to the power of the sites.
    """
    return 1 <= n_sites <= MAX_STRAND_SITES and odds > max_odds**n_sites
