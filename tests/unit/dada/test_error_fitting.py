"""Rates from observed transitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vagus.dada.defaults import load_default_model
from vagus.dada.error_fitting import PACBIO_BINS, fit_rates, pool_violators, share_between_bins
from vagus.dada.error_model import ErrorModel


def observe(qualities: np.ndarray, n: int = 40_000) -> np.ndarray:
    """Transitions at rates 10^(-q/10) / 3, rounded, of ``n`` bases at each quality."""
    observed = np.zeros((16, 94), np.int64)
    for true in range(4):
        for read in range(4):
            rate = 10 ** (-qualities / 10) / 3
            observed[4 * true + read, qualities] = np.round(n * rate)
        observed[5 * true, qualities] = n
    return observed


def test_quality_93_stands_by_itself() -> None:
    # R dada2 1.26, PacBioErrfun: A2A..A2T = 4540, 0, 0, 0 gives 1 / 4544 for each error and
    # 1 - 3 / 4544 = 9.993398e-01; C2A..C2T = 90, 10, 0, 0 gives 91 / 104, 11 / 104, 1 / 104
    observed = observe(np.arange(93))
    observed[:4, 93] = [4540, 0, 0, 0]
    observed[4:8, 93] = [90, 10, 0, 0]
    rates = fit_rates(observed, "full")
    assert rates[:4, 93] == pytest.approx([9.993398e-01, *[2.200704e-04] * 3], rel=1e-6)
    assert rates[4:8, 93] == pytest.approx([0.875, 0.10576923, 0.00961538, 0.00961538], rel=1e-6)
    assert rates[8:, 93] == pytest.approx([0.25] * 8)


def test_full_range_follows_the_observations() -> None:
    rates = fit_rates(observe(np.arange(2, 60)), "full")
    for quality in (10, 20, 30):
        assert rates[1, quality] == pytest.approx(10 ** (-quality / 10) / 3, rel=0.2)
    assert np.allclose(rates[1, :3], rates[1, 2])


@pytest.mark.parametrize("scheme", ["full", "binned7", "ont", "mixed"])
def test_rates_of_a_true_base_sum_to_one(scheme: str) -> None:
    rates = fit_rates(observe(PACBIO_BINS), scheme)
    assert rates.reshape(4, 4, 94).sum(axis=1) == pytest.approx(np.ones((4, 94)), rel=1e-9)
    assert rates.min() > 0


def test_bins_get_their_own_rates_and_lines_between() -> None:
    rates = fit_rates(observe(PACBIO_BINS, 10_000_000), "binned7")
    expected = 10 ** (-PACBIO_BINS / 10) / 3
    total = 1 + 3 * expected
    assert rates[1, PACBIO_BINS] == pytest.approx(expected / total, rel=1e-2)
    between = np.log10(rates[1, 10]) + (13 - 10) / 7 * np.log10(rates[1, 17] / rates[1, 10])
    assert np.log10(rates[1, 13]) == pytest.approx(between)


def test_counts_between_bins_are_shared_and_conserved() -> None:
    observed = np.zeros((16, 94), np.int64)
    observed[0, 20], observed[1, 50], observed[2, 1] = 10, 4, 7
    shared = share_between_bins(observed, PACBIO_BINS)
    assert shared[0, 17] == pytest.approx(4)
    assert shared[0, 22] == pytest.approx(6)
    assert (shared[1, 40], shared[2, 3]) == (4, 7)
    assert shared.sum() == pytest.approx(observed.sum())


@given(st.lists(st.tuples(st.floats(-9, 0), st.floats(0.1, 1e6)), min_size=1, max_size=30))
def test_pooled_values_never_rise_and_keep_their_mean(points: list[tuple[float, float]]) -> None:
    values, weights = (np.array(column) for column in zip(*points, strict=True))
    level = pool_violators(values, weights)
    assert np.all(np.diff(level) <= 1e-12)
    assert np.average(level, weights=weights) == pytest.approx(np.average(values, weights=weights))


def test_no_observation_gives_the_greatest_rates() -> None:
    rates = fit_rates(np.zeros((16, 94), np.int64), "full")
    assert np.allclose(rates, 0.25)


@pytest.mark.parametrize("scheme", ["full", "binned7", "ont"])
def test_default_models_are_whole(scheme: str) -> None:
    model = load_default_model(scheme, "too few")
    assert (model.source, model.scheme, model.reason) == ("default", scheme, "too few")
    assert model.rates.reshape(4, 4, 94).sum(axis=1) == pytest.approx(np.ones((4, 94)), rel=1e-6)


def test_a_model_read_back_is_the_same(tmp_path) -> None:
    model = ErrorModel(
        rates=fit_rates(observe(np.arange(94)), "full"), observed=observe(np.arange(94)),
        samples=("b", "ä"), rounds=3, n_reads=7,
    )  # fmt: skip
    model.save(tmp_path / "m.tsv", tmp_path / "m.json")
    again = ErrorModel.load(tmp_path / "m.tsv", tmp_path / "m.json")
    assert np.array_equal(again.rates, model.rates)
    assert np.array_equal(again.observed, model.observed)
    assert again.describe() == model.describe()
