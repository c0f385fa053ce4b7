"""Score tests of counts against R, and against sums written out."""

from __future__ import annotations

import numpy as np
import pytest

from vagus.statistics.common_centre import _cumulate, find_centre, measure_unchanged
from vagus.statistics.conditional_scores import (
    estimate_within,
    fit_conditional,
    score_within,
    score_within_together,
)
from vagus.statistics.count_fits import estimate_counts
from vagus.statistics.count_scores import fit_counts, score_column, score_together
from vagus.statistics.score_permutations import permute_scores

# y <- c(3,0,7,12,1,0,25,4,9,2,0,15); o <- log(c(100,80,150,200,60,90,300,120,140,70,50,180))
# z <- c(0,1,0,1,1,0,1,0,0,1,0,1); x <- c(0,0,0,0,0,0,1,1,1,1,1,1)
COUNTS = np.array([[3.0, 0, 7, 12, 1, 0, 25, 4, 9, 2, 0, 15]]).T
OFFSET = np.log([100, 80, 150, 200, 60, 90, 300, 120, 140, 70, 50, 180])
NUISANCE = np.array([[1.0] * 12, [0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1]]).T
TESTED = np.array([0.0] * 6 + [1] * 6)
ALONE = np.arange(12)
# c <- c(3,0,7,12,1,4,25,4,9,2,6,15); xx <- c(0,1,2,0,2,1,1,0,2,0,1,3)
# zz <- c(1,0,0,0,1,1,0,0,1,1,0,1); p <- rep(1:4, each = 3); ws <- 1/(1 + ave(c, p))
VISITS = np.array([[3.0, 0, 7, 12, 1, 4, 25, 4, 9, 2, 6, 15]]).T
DOSE = np.array([0.0, 1, 2, 0, 2, 1, 1, 0, 2, 0, 1, 3])
DIET = np.array([[1.0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1]]).T
PEOPLE = np.repeat(np.arange(4), 3)


def test_null_fit_equals_r() -> None:
    # m0 <- glm(y ~ z + offset(o), family = MASS::negative.binomial(1), epsilon = 1e-14)
    coefficients, fit = fit_counts(COUNTS, OFFSET, NUISANCE)
    assert coefficients[:, 0] == pytest.approx([-3.47812508394882, 0.43864794048721], rel=1e-7)
    expected = [3.08652265248522, 3.82879254548797, 4.62978397872783]
    assert fit.means[:3, 0] == pytest.approx(expected, rel=1e-7)


def test_score_equals_r() -> None:
    # w <- 1/(1+mu); e <- x - Z %*% solve(t(Z) %*% (Z*mu*w), t(Z) %*% (x*mu*w)); u <- e*(y-mu)*w
    # T <- sum(u)/sqrt(sum(u^2)); t <- T*sqrt(9/(12-T^2)); 2*pt(-abs(t),9); sum(u)/sum(e^2*mu*w)
    found = score_column(COUNTS, OFFSET, NUISANCE, TESTED, ALONE)
    assert found.t[0] == pytest.approx(1.343225154689227, rel=1e-6)
    assert found.p_values[0] == pytest.approx(0.212086237656068, rel=1e-6)
    assert found.effects[0] == pytest.approx(0.578739501994930, rel=1e-6)
    assert found.effects[0] / found.errors[0] == pytest.approx(1.415604877059502, rel=1e-6)


def test_fold_and_jackknife_error_equal_r() -> None:
    # m1 <- update(m0, . ~ . + x); A <- solve(t(X) %*% (X*mu*w)); h <- rowSums((X%*%A)*X)*mu*w
    # U <- X*((y-mu)*w/(1-h)); sqrt((A %*% t(U) %*% U %*% A)[3,3])
    columns = np.column_stack([NUISANCE, TESTED])
    effects, errors, df = estimate_counts(COUNTS, OFFSET, columns, ALONE, 1)
    assert effects[0, 0] == pytest.approx(0.582570907824605, rel=1e-7)
    assert errors[0, 0] == pytest.approx(0.54203030643698, rel=1e-6)
    assert df == 9


def test_conditional_fit_equals_r() -> None:
    # glm(c ~ factor(p) + zz + xx + offset(o), family = quasipoisson, weights = ws)
    columns = np.column_stack([DIET, DOSE])
    effects, _, _ = estimate_within(VISITS, OFFSET, columns, PEOPLE, 2)
    expected = [-0.457450851464867, 0.177664690348300]
    assert effects[:, 0] == pytest.approx(expected, rel=1e-6)


def test_conditional_score_equals_r() -> None:
    # m <- glm(c ~ factor(p) + zz + offset(o), family = quasipoisson, weights = ws)
    # e: what D <- model.matrix(m) leaves of xx, weights mu*ws; u <- tapply(e*(c-mu)*ws, p, sum)
    found, n = score_within(VISITS, OFFSET, DIET, DOSE, PEOPLE)
    assert n[0] == 4
    assert found.t[0] == pytest.approx(1.083896016837413, rel=1e-6)
    assert found.p_values[0] == pytest.approx(0.391686656040538, rel=1e-6)


def test_one_column_together_is_its_own_test() -> None:
    rng = np.random.default_rng(1)
    scores, n = rng.normal(size=(15, 4)), np.full(4, 15.0)
    df = n - 3
    size2 = scores.sum(axis=0) ** 2 / (scores**2).sum(axis=0)
    from scipy.stats import t as student

    expected = 2 * student.sf(np.sqrt(size2 * df / (n - size2)), df)
    assert score_together([scores], n, df) == pytest.approx(expected, rel=1e-6)


def test_levels_together_do_not_depend_on_the_reference() -> None:
    rng = np.random.default_rng(2)
    people, levels = np.repeat(np.arange(9), 3), np.tile(np.eye(3), (9, 1))
    counts, offset = rng.poisson(9, (27, 5)).astype(float), rng.normal(size=27) / 3
    nothing = np.zeros((27, 0))
    first = score_within_together(counts, offset, nothing, levels[:, 1:], people)
    other = score_within_together(counts, offset, nothing, levels[:, :2], people)
    assert first == pytest.approx(other, rel=1e-6)


def test_people_with_equal_samples_have_no_direction() -> None:
    level, people = np.tile([0.0, 1], 4), np.repeat(np.arange(4), 2)
    found, n = score_within(np.ones((8, 1)), np.zeros(8), np.zeros((8, 0)), level, people)
    assert n[0] == 0
    assert np.isnan(found.p_values[0])


def test_level_of_a_person_and_its_depths_cancel() -> None:
    rng = np.random.default_rng(3)
    counts = rng.poisson(20, (12, 6)).astype(float)
    empty = np.zeros((12, 0))
    plain = fit_conditional(counts, OFFSET, empty, PEOPLE)
    moved = fit_conditional(counts, OFFSET + 2.0 * PEOPLE, empty, PEOPLE)
    assert moved.means == pytest.approx(plain.means, rel=1e-10)
    totals = np.array([plain.means[s == PEOPLE].sum(axis=0) for s in range(4)])
    assert totals == pytest.approx(np.array([counts[s == PEOPLE].sum(axis=0) for s in range(4)]))


def test_centre_is_where_most_taxa_are_and_not_the_median() -> None:
    rng = np.random.default_rng(4)
    errors = rng.uniform(0.1, 0.3, 200)
    truth = np.where(np.arange(200) < 120, -0.4, -0.4 + rng.uniform(0.3, 2.5, 200))
    effects = truth + errors * rng.normal(size=200)
    assert find_centre(effects, errors) == pytest.approx(-0.4, abs=0.08)
    assert np.median(effects) > -0.25
    unchanged = measure_unchanged(effects + 0.4, errors)
    assert unchanged[:120].mean() > 0.6
    assert unchanged[(truth > 0.6)].max() < 0.2


def test_normal_distribution_function() -> None:
    from scipy.stats import norm

    values = np.linspace(-9, 9, 181)
    assert _cumulate(values) == pytest.approx(norm.cdf(values), abs=2e-7)


def test_permutations_agree_with_all_orders() -> None:
    from itertools import permutations

    rng = np.random.default_rng(5)
    residuals, column = rng.normal(size=(6, 2)), rng.normal(size=(6, 1))
    orders = np.array(list(permutations(range(6))))
    moved = column[orders][:, :, 0]
    sizes = (moved @ residuals) ** 2 / (moved**2 @ residuals**2)
    exact = (sizes >= sizes[0] - 1e-9).mean(axis=0)
    found = permute_scores(residuals, column, np.full(2, 1e-6), (7,))
    assert found == pytest.approx(exact, abs=0.06)  # 999 random orders: 3.8 standard errors
    kept = permute_scores(residuals, column, np.array([0.9, 0.3]), (7,))
    assert kept.tolist() == [0.9, 0.3]
