"""Permutation test of a variable that changes within subjects, by whole series.

Samples of one person are autocorrelated, and people may answer differently: samples that change
places within a person then look more different from each other than they are, and a number that
varies within people is found too often. Here every person has one contribution,

    v_s = sum over its samples of x_i y_i,

x the variable and y the principal coordinates, both without the person's mean and without the
covariates. When the variable does nothing on average, v_s points as often one way as the other,
whatever the correlation within the series. The statistic is |sum v_s|^2 / sum |v_s|^2; signs of
whole persons are flipped, all 2^(people - 1) ways where these are few. With one sample of each
person at each of two levels it is the usual permutation within people.

Products of the contributions follow from Gower's matrix G alone: A_st = x_s' G_st x_t. Several
columns (levels) are orthonormal together, and their products are added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.products import multiply
from vagus.numerics.systems import find_basis
from vagus.statistics.rank_tests import PermutationPlan
from vagus.study.model_tests import FEW_CHANGES

Floats = NDArray[np.float64]
MIN_SERIES = 6
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class FlipTest:
    """P-value, flips that it rests on, people with a contribution, and a note."""

    p_value: float
    flips: int
    n_series: int
    note: str


def flip_series(
    gower: Floats,
    tested: Floats,
    before: Floats,
    subjects: NDArray[np.int64],
    plan: PermutationPlan,
) -> FlipTest:
    """Test columns (n, k) beside ``before`` (n, q), which has a column for each subject."""
    given = find_basis(before)
    term = find_basis(tested, given)
    rest = gower - multiply(given, multiply(given.T, gower))
    rest = rest - multiply(multiply(rest, given), given.T)
    products = _multiply_series(rest, term, subjects)
    sizes = np.diag(products)
    used = np.flatnonzero(sizes > _TOLERANCE * max(float(sizes.max(initial=0.0)), 1e-300))
    n = used.size
    if n < 2:
        return FlipTest(float("nan"), 0, n, FEW_CHANGES)
    products = products[np.ix_(used, used)]
    n_ways = 2 ** (n - 1)
    is_exact = n_ways <= plan.permutations
    signs = _list_signs(n) if is_exact else _draw_signs(n, plan)
    sums = (multiply(signs, products) * signs).sum(axis=1)
    observed = float(products.sum())
    n_extreme = int((sums >= observed - _TOLERANCE * float(np.abs(products).sum())).sum())
    p = n_extreme / n_ways if is_exact else (n_extreme + 1) / (len(signs) + 1)
    return FlipTest(p, len(signs), n, _describe(n, len(signs), is_exact))


def _multiply_series(rest: Floats, term: Floats, subjects: NDArray[np.int64]) -> Floats:
    """A_st, shape (n_subjects, n_subjects)."""
    members = (np.arange(int(subjects.max()) + 1)[:, None] == subjects[None, :]).astype(np.float64)
    total = np.zeros((len(members), len(members)))
    for column in term.T:
        weights = members * column
        total += multiply(weights, rest, weights.T)
    return total


def _list_signs(n: int) -> Floats:
    """All signs of n series, the first +: shape (2^(n - 1), n)."""
    codes = np.arange(2 ** (n - 1))[:, None] >> np.arange(n)[None, :]
    is_turned = (np.roll(codes, 1, axis=1) & 1) * (np.arange(n) > 0)
    return np.where(is_turned > 0, -1.0, 1.0)


def _draw_signs(n: int, plan: PermutationPlan) -> Floats:
    generator = np.random.default_rng(list(plan.seed))
    return np.where(generator.integers(0, 2, (plan.permutations, n)) > 0, -1.0, 1.0)


def _describe(n: int, n_flips: int, is_exact: bool) -> str:
    kind = "all" if is_exact else "random"
    text = f"signs of whole series of {n} subjects flipped: {kind} {n_flips}"
    smallest = 1 / n_flips if is_exact else 1 / (n_flips + 1)
    if n < MIN_SERIES:
        text += f"; too few subjects for a small p-value: it cannot be below {smallest:.2g}"
    return text
