"""Rarefaction curves: expected richness and Shannon entropy at growing depth.

Drawing m of N reads without replacement, ASV i (N_i reads) is found X_i times, hypergeometric.

- Expected richness: sum of 1 - C(N - N_i, m) / C(N, m) (Hurlbert 1971, Ecology 52:577, eq. 9);
  its variance from the pairwise absences (Heck, van Belle & Simberloff 1975, Ecology 56:1459,
  eq. 5). Both are exact.
- Expected Shannon entropy (natural logarithm): the expectation of a sum is the sum of the
  expectations, hence exact as sum over i and k of P(X_i = k) * -(k/m) ln(k/m). Its standard
  deviation has no short form and is taken from repeated draws (empty with one repeat).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.diversity.rarefaction_plan import draw_reads
from vagus.numerics.functions import exp, log
from vagus.numerics.products import multiply
from vagus.tables.counts import CountTable
from vagus.tables.stages.diversity import RAREFACTION

if TYPE_CHECKING:
    import pandas as pd

N_DEPTHS = 12
_ROUNDING = 1e-10
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Abundances:
    """One sample's abundances, each distinct one once.

    Attributes:
        values: int64, shape (n_values,), distinct counts above 0, ascending.
        times: int64, shape (n_values,), number of ASVs with that count.
        total: reads of the sample, N.
        log_factorials: float64, shape (N + 1,).
    """

    values: NDArray[np.int64]
    times: NDArray[np.int64]
    total: int
    log_factorials: Floats

    @classmethod
    def from_counts(cls, counts: NDArray[np.int64]) -> Abundances:
        """``counts``: reads of each ASV, shape (n_asvs,); zeros are ignored."""
        from scipy.special import gammaln

        values, times = np.unique(counts[counts > 0], return_counts=True)
        total = int(counts.sum())
        return cls(values, times, total, gammaln(np.arange(total + 1) + 1.0))


def expected_richness(abundances: Abundances, depth: int) -> tuple[float, float]:
    """Mean and standard deviation of the number of ASVs among ``depth`` reads, 0 < m <= N."""
    total, times = abundances.total, abundances.times
    if depth == total:
        return float(times.sum()), 0.0
    if depth == 1:
        return 1.0, 0.0  # the sums below differ from it by their rounding
    absence = _absence_by_reads(abundances, depth)
    absent = absence[abundances.values]
    mean = float((times * (1 - absent)).sum())
    pair_sums = abundances.values[:, None] + abundances.values[None, :]
    both_absent = absence[np.minimum(pair_sums, total)]
    covariance = both_absent - np.outer(absent, absent)
    variance = float(multiply(times, covariance, times)) - (times * np.diag(covariance)).sum()
    alone = float((times * absent * (1 - absent)).sum())
    variance += alone
    # what is left where all reads of a draw are one ASV is the rounding of terms that cancel
    return mean, float(np.sqrt(variance)) if variance > _ROUNDING * alone else 0.0


def _absence_by_reads(abundances: Abundances, depth: int) -> Floats:
    """P that a draw has none of t given reads, C(N - t, m) / C(N, m), for t = 0 ... N."""
    total, table = abundances.total, abundances.log_factorials
    absence = np.zeros(total + 1)
    left = table[depth:] - table[: total - depth + 1]  # ln (n! / (n - m)!) for n = m ... N
    absence[: total - depth + 1] = exp(left[::-1] - left[-1])
    return absence


def expected_shannon(abundances: Abundances, depth: int) -> float:
    """Mean Shannon entropy (nats) among ``depth`` reads, 0 < m <= N."""
    total, logs = abundances.total, abundances.log_factorials
    whole = logs[total] - logs[depth] - logs[total - depth]
    mean = 0.0
    for value, times in zip(abundances.values.tolist(), abundances.times.tolist(), strict=True):
        others = total - value
        k = np.arange(max(1, depth - others), min(value, depth) + 1)
        ways = logs[value] - logs[k] - logs[value - k]
        ways = ways + logs[others] - logs[depth - k] - logs[others - depth + k]
        share = k / depth
        mean -= times * float((exp(ways - whole) * share * log(share)).sum())
    return mean + 0.0


def choose_curve_depths(total: int) -> list[int]:
    """Up to 12 depths from 1 read to all, denser at the start, where curves bend."""
    steps = (np.arange(1, N_DEPTHS + 1) / N_DEPTHS) ** 2
    return sorted({max(1, round(total * float(step))) for step in steps}) if total else []


def shannon_of(counts: NDArray[np.int64]) -> float:
    """Shannon entropy in nats of a vector of reads with at least one read."""
    share = counts[counts > 0] / counts.sum()
    return float(-(share * log(share)).sum()) + 0.0


def make_curves(table: CountTable, repeats: int, seed: int) -> pd.DataFrame:
    """Long table: sample, depth (reads), metric, mean, sd; samples without reads have no rows."""
    import pandas as pd

    rows: list[tuple[str, int, str, float, float]] = []
    for sample, counts in zip(table.samples, table.counts, strict=True):
        abundances = Abundances.from_counts(counts)
        present = counts[counts > 0]
        depths = choose_curve_depths(abundances.total)
        for depth in depths:
            mean, sd = expected_richness(abundances, depth)
            rows.append((sample, depth, "observed", mean, sd))
        for depth in depths:
            sd = _shannon_sd(present, depth, repeats, seed, sample)
            rows.append((sample, depth, "shannon", expected_shannon(abundances, depth), sd))
    return pd.DataFrame(rows, columns=RAREFACTION.names)


def _shannon_sd(
    counts: NDArray[np.int64], depth: int, repeats: int, seed: int, sample: str
) -> float:
    """Sample standard deviation over repeats; 0 when all reads are drawn."""
    if depth == int(counts.sum()) or depth == 1:
        return 0.0
    if repeats < 2:
        return float("nan")
    draws = [draw_reads(counts, depth, seed, sample, repeat) for repeat in range(repeats)]
    return float(np.std([shannon_of(draw) for draw in draws], ddof=1))
