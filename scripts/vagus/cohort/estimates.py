"""Estimated contrasts of linear models: intervals, tests, standardised effects.

One container serves ordinary and mixed models, for one outcome or many at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEVEL = 0.95


@dataclass(frozen=True)
class Estimates:
    """Contrasts of one design, estimated for several outcomes.

    Attributes:
        values: shape (n_contrasts, n_outcomes), in units of the outcome.
        errors: standard errors, same shape.
        df: degrees of freedom of the t-tests, same shape.
        spread: shape (n_outcomes,): standard deviation of a sample that the model leaves,
            between subjects included.
        joint_f: F that all contrasts are 0, shape (n_outcomes,).
        joint_df: its denominator degrees of freedom, shape (n_outcomes,).
        subject_share: share of the left variance that is between subjects, shape
            (n_outcomes,); NaN where the model has no subjects.
    """

    values: Floats
    errors: Floats
    df: Floats
    spread: Floats
    joint_f: Floats
    joint_df: Floats
    subject_share: Floats

    @property
    def t(self) -> Floats:
        """t statistics; NaN where the standard error is 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios: Floats = np.where(self.errors > 0, self.values / self.errors, np.nan)
        return ratios

    @property
    def p_values(self) -> Floats:
        """Two-sided p-values of the single contrasts."""
        from scipy.stats import t

        p_values: Floats = 2 * t.sf(np.abs(self.t), self.df)
        return p_values

    @property
    def joint_p(self) -> Floats:
        """P-values of all contrasts together."""
        from scipy.stats import f

        p_values: Floats = f.sf(self.joint_f, self.values.shape[0], self.joint_df)
        return p_values

    def interval(self, level: float = LEVEL) -> tuple[Floats, Floats]:
        """Lower and upper limits of the contrasts."""
        from scipy.stats import t

        reach = t.ppf(0.5 + level / 2, self.df) * self.errors
        return self.values - reach, self.values + reach


def combine_df(df: Floats, n_contrasts: int) -> Floats:
    """Denominator df of an F of several contrasts from the df of independent ones, (k, n).

    E is the sum of df / (df - 2); the result is 2 E / (E - k) (Fai & Cornelius 1996, J. Stat.
    Comput. Simul. 54:363). One contrast keeps its own.
    """
    if n_contrasts == 1:
        single: Floats = df[0]
        return single
    expected = np.where(df > 2, df / np.maximum(df - 2, 1e-12), 0.0).sum(axis=0)
    excess = np.maximum(expected - n_contrasts, 1e-12)
    joint: Floats = np.where(expected > n_contrasts, 2 * expected / excess, 2.0)
    return joint
