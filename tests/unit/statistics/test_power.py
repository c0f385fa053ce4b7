"""Smallest effects that designs find: against published tables, by hand, and by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vagus.cohort.partial_permanova import TermColumns, measure_term
from vagus.cohort.permutations import PermutationPlan
from vagus.statistics.power import detect_by_t, detect_folds, detect_shift


@pytest.mark.parametrize(("n_each", "d"), [(394, 0.2), (64, 0.5), (26, 0.8)])
def test_people_that_small_medium_and_large_effects_need(n_each: int, d: float) -> None:
    """People in each group for power 0.8 at 0.05, two-sided, as Cohen's effects are tabulated."""
    found = [detect_by_t(2 * n - 2) * math.sqrt(2 / n) for n in (n_each - 1, n_each)]
    assert found[1] <= d < found[0]


def test_few_degrees_of_freedom() -> None:
    assert math.isnan(detect_by_t(0.0))
    assert detect_by_t(1.0) > detect_by_t(2.0) > detect_by_t(30.0) > 2.8015


def test_folds_by_hand() -> None:
    """One taxon: (1.96 + 0.8416) x 0.5; of ten, p < 0.005 is needed: 2.807 instead of 1.96."""
    reach = 1.959964 * 0.5
    assert detect_folds(np.array([1 - reach]), np.array([1 + reach])) == pytest.approx(
        [1.40079], abs=1e-4
    )
    ten = detect_folds(np.full(10, -reach), np.full(10, reach))
    assert ten == pytest.approx(np.full(10, (2.807034 + 0.841621) * 0.5), abs=1e-4)
    lacking = detect_folds(np.array([np.nan, -reach]), np.array([np.nan, reach]))
    assert math.isnan(lacking[0])
    assert lacking[1] == pytest.approx(1.40079, abs=1e-4)


def test_shift_solves_its_equation() -> None:
    shift = detect_shift(2.0, 0.5, 3.0)
    assert shift - 0.8416212 * math.sqrt(2.0 + 0.5 * shift) == pytest.approx(3.0)


@pytest.mark.long
@pytest.mark.parametrize(
    ("n", "n_dimensions", "decay"), [(24, 30, 0.8), (40, 30, 0.8), (24, 3, 0.5)]
)
def test_permanova_finds_what_it_could_have_found(n: int, n_dimensions: int, decay: float) -> None:
    """Two groups whose true share of variation is the detectable one differ 8 times in 10.

    300 draws: 95 in 100 shares of a true 0.8 lie within 0.045; the formula may err by as much.
    """
    spread = decay ** np.arange(n_dimensions)
    group = (np.arange(n) >= n // 2).astype(float)
    columns = TermColumns(
        group[:, None], np.ones((n, 1)), np.zeros((n, 0)), np.zeros(n, dtype=np.int64)
    )

    def draw(rng: np.random.Generator, share: float) -> np.ndarray:
        squared = 4 * share / (1 - share) * float((spread**2).sum())
        side = rng.normal(size=n_dimensions) * spread
        shift = side / np.linalg.norm(side) * math.sqrt(squared)
        points = rng.normal(size=(n, n_dimensions)) * spread + np.outer(group - 0.5, shift)
        points -= points.mean(axis=0)
        return points @ points.T

    rng = np.random.default_rng(n + n_dimensions)
    plan = PermutationPlan(199, (1,))
    null = [measure_term(draw(rng, 0.0), columns, plan) for _ in range(40)]
    least = float(np.median([test.detectable for test in null if test is not None]))
    tests = [measure_term(draw(rng, least), columns, plan) for _ in range(300)]
    found = np.mean([test is not None and test.p_value <= 0.05 for test in tests])
    assert 0.71 <= found <= 0.89
