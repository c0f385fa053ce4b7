"""Standardised effects and their limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import nct

from vagus.statistics.effect_sizes import (
    approximate_t_cdf,
    correlation_interval,
    hedges_correction,
    noncentral_interval,
    noncentral_t_cdf,
    rank_biserial_interval,
    signed_rank_interval,
)


def test_hedges_correction() -> None:
    assert hedges_correction(10) == pytest.approx(1 - 3 / 39)


@pytest.mark.parametrize("t", [-3.2, -0.4, 0.0, 1.7, 6.0])
def test_noncentral_limits_leave_their_tails(t: float) -> None:
    low, high = noncentral_interval(t, 9.5)
    assert nct.sf(t, 9.5, low) == pytest.approx(0.025, abs=1e-6)
    assert nct.cdf(t, 9.5, high) == pytest.approx(0.025, abs=1e-6)


# nctdtr of scipy 1.17 is NaN for these t, df and ncp; the first is where a search starts
HOLES = [(6.0, 20, -6.0), (7.0, 20, -6.0), (6.0, 50, -5.5)]


@pytest.mark.parametrize(("t", "df", "ncp"), HOLES)
def test_holes_of_the_library_do_not_stop_the_search(t: float, df: float, ncp: float) -> None:
    low, high = noncentral_interval(t, df)
    assert nct.sf(t, df, low) == pytest.approx(0.025, abs=1e-6)
    assert nct.cdf(t, df, high) == pytest.approx(0.025, abs=1e-6)
    # T > t > 0 needs a normal deviate above -ncp, which happens once in 50 million draws or less
    assert noncentral_t_cdf(t, df, ncp) == pytest.approx(1.0, abs=1e-7)


@pytest.mark.parametrize("ncp", [-4.0, 0.5, 1.2, 4.0])
def test_approximation(ncp: float) -> None:
    exact = float(nct.cdf(1.2, 20, ncp))
    assert approximate_t_cdf(1.2, 20, ncp) == pytest.approx(exact, abs=0.01)


def test_noncentral_limits_of_nothing() -> None:
    assert all(math.isnan(limit) for limit in noncentral_interval(math.nan, 5))
    assert all(math.isnan(limit) for limit in noncentral_interval(500.0, 5))


def test_rank_biserial_limits_hold_the_truth() -> None:
    rng = np.random.default_rng(3)
    truth = 2 * 0.7602499389 - 1  # P(N(1, 1) > N(0, 1)) = Phi(1 / sqrt 2)
    held = 0
    for _ in range(300):
        first, second = rng.normal(1, size=10), rng.normal(size=14)
        effect = 2 * float((first[:, None] > second[None, :]).mean()) - 1
        low, high = rank_biserial_interval(effect, 10, 14)
        assert -1 <= low <= effect <= high <= 1
        held += low <= truth <= high
    assert 0.92 <= held / 300 <= 0.99


def test_limits_at_the_edge() -> None:
    low, high = rank_biserial_interval(1.0, 6, 6)
    assert 0 < low < 1
    assert high == 1.0
    assert signed_rank_interval(-1.0, 8)[0] == -1.0
    low, high = signed_rank_interval(0.3, 12)
    assert -1 < low < 0.3 < high < 1


def test_correlation_limits_by_hand() -> None:
    error = math.sqrt((1 + 0.25 / 2) / 17)
    low, high = correlation_interval(0.5, 20)
    assert low == pytest.approx(math.tanh(math.atanh(0.5) - 1.959963984540054 * error))
    assert high == pytest.approx(math.tanh(math.atanh(0.5) + 1.959963984540054 * error))
    assert all(math.isnan(limit) for limit in correlation_interval(0.5, 3))
