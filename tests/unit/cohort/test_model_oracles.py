"""Linear, mixed and distance models against R on data that fit on a page."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform
from scipy.stats import f_oneway, ttest_ind

from vagus.cohort.distance_tests import permdisp
from vagus.cohort.linear_models import fit_linear
from vagus.cohort.mixed_models import fit_mixed
from vagus.cohort.partial_permanova import TermColumns, measure_term
from vagus.diversity.ordination import center_squares
from vagus.statistics.rank_tests import PermutationPlan
from vagus.study.comparison import Comparison

# id <- rep(1:8, c(3,2,3,3,2,3,3,2)); g <- rep(c(0,1),4)[id]; t <- ave(id, id, FUN=seq_along)-1
# age <- c(31,45,52,28,60,39,47,35)[id]; y and z as below
SIZES = [3, 2, 3, 3, 2, 3, 3, 2]
SUBJECTS = np.repeat(np.arange(8), SIZES)
TIMES = np.concatenate([np.arange(size) for size in SIZES]).astype(float)
GROUP = (SUBJECTS % 2).astype(float)
AGE = np.array([31.0, 45, 52, 28, 60, 39, 47, 35])[SUBJECTS]
Y = [3.1, 3.6, 2.9, 4.4, 4.0, 2.2, 2.9, 2.7, 4.9, 4.1, 5.2, 3.0, 3.3, 3.9, 4.6, 4.2, 2.5, 2.1,
     3.2, 4.8, 4.3]  # fmt: skip
Z = [1, 5, 3, 2, 4.5, 4, 1, 5.5, 3, 6, 1.5, 2, 5, 6, 2, 4, 1, 4, 3.3, 5, 2.2]
DESIGN = np.column_stack([np.ones(21), AGE, GROUP, TIMES])
PLAN = PermutationPlan(99, (1, 2))


def test_mixed_model_equals_lmer_test() -> None:
    # coef(summary(lmer(y ~ age + g + t + (1|id)))), VarCorr
    fitted = fit_mixed(DESIGN, np.array([Y, Z]).T, SUBJECTS, np.eye(4)[2:])
    expected = [1.421860050509818, 0.070248014594825]
    # lmer stops its search for the variances when they change by about 1e-7
    assert fitted.values[:, 0] == pytest.approx(expected, rel=1e-6)
    assert fitted.errors[:, 0] == pytest.approx([0.23632172060436, 0.12275570533678], rel=1e-6)
    # lmerTest takes its derivatives numerically
    assert fitted.df[:, 0] == pytest.approx([3.9672634110299, 12.6456550249058], rel=1e-5)
    assert fitted.p_values[:, 0] == pytest.approx([0.0039458938042479, 0.577179116043], rel=1e-5)
    assert fitted.spread[0] ** 2 == pytest.approx(0.010832422830644 + 0.182671240233131, rel=1e-6)
    # contestMD(m, rbind(c(0,0,1,0), c(0,0,0,1)))
    assert fitted.joint_f[0] == pytest.approx(18.126372846847, rel=1e-6)
    assert fitted.joint_df[0] == pytest.approx(5.5075114094059, rel=1e-5)
    assert fitted.joint_p[0] == pytest.approx(0.0037776730384664, rel=1e-5)


def test_negative_likeness_equals_gls() -> None:
    # gls(z ~ age + g + t, correlation = corCompSymm(form = ~1|id)); lmer is singular there
    fitted = fit_mixed(DESIGN, np.array(Z)[:, None], SUBJECTS, np.eye(4)[1:])
    values = [0.019878297068797, 0.809392337304371, 0.366608506333702]
    errors = [0.017601355017282, 0.335710458319421, 0.507369716924868]
    assert fitted.values[:, 0] == pytest.approx(values, rel=1e-7)
    assert fitted.errors[:, 0] == pytest.approx(errors, rel=1e-7)
    assert fitted.subject_share[0] == pytest.approx(-0.43774682471989, rel=1e-6)


def test_mixed_model_equals_statsmodels() -> None:
    from statsmodels.regression.mixed_linear_model import MixedLM

    fitted = fit_mixed(DESIGN, np.array(Y)[:, None], SUBJECTS, np.eye(4))
    reference = MixedLM(Y, DESIGN, SUBJECTS).fit(reml=True, method="bfgs", gtol=1e-10)
    # Its standard errors also count the uncertainty of the variances, and are larger.
    assert fitted.values[:, 0] == pytest.approx(reference.fe_params, rel=1e-4)
    variance = float(reference.cov_re[0, 0] + reference.scale)
    assert fitted.spread[0] ** 2 == pytest.approx(variance, rel=1e-4)


def test_balanced_mixed_models_are_classical() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(10, 3)) + rng.normal(size=(10, 1))
    subjects, levels = np.repeat(np.arange(10), 3), np.repeat([0.0, 1.0], 15)
    design = np.column_stack([np.ones(30), levels, np.tile([0, 1, 0], 10), np.tile([0, 0, 1], 10)])
    fitted = fit_mixed(design, values.reshape(-1, 1), subjects, np.eye(4)[1:2])
    expected = ttest_ind(values[5:].mean(axis=1), values[:5].mean(axis=1))
    assert fitted.t[0, 0] == pytest.approx(expected.statistic, rel=1e-8)
    assert fitted.df[0, 0] == pytest.approx(8)
    within = fit_mixed(design, values.reshape(-1, 1), subjects, np.eye(4)[2:])
    left = values - values.mean(axis=1, keepdims=True)
    squares = 10 * (left.mean(axis=0) ** 2).sum()
    residual = (left**2).sum() - squares
    assert within.joint_f[0] == pytest.approx((squares / 2) / (residual / 18), rel=1e-8)
    assert within.joint_df[0] == pytest.approx(18, rel=1e-6)


def test_outcomes_without_variation_are_missing() -> None:
    outcomes = np.column_stack([Y, np.ones(21), DESIGN[:, 1]])
    fitted = fit_mixed(DESIGN, outcomes, SUBJECTS, np.eye(4)[2:3])
    assert np.isnan(fitted.values[0]).tolist() == [False, True, True]
    alone = fit_mixed(DESIGN, np.ones((21, 1)), SUBJECTS, np.eye(4)[2:3])
    assert np.isnan(alone.p_values).all()


def test_linear_model_equals_statsmodels_and_welch() -> None:
    import statsmodels.api as sm

    first = np.unique(SUBJECTS, return_index=True)[1]
    design, outcome = DESIGN[first][:, :3], np.array(Y)[first]
    fitted = fit_linear(design, outcome[:, None], np.eye(3)[1:])
    reference = sm.OLS(outcome, design).fit(cov_type="HC2")
    assert fitted.values[:, 0] == pytest.approx(reference.params[1:])
    assert fitted.errors[:, 0] == pytest.approx(reference.bse[1:])
    classical = sm.OLS(outcome, design).fit().f_test(np.eye(3)[1:])
    assert fitted.joint_f[0] == pytest.approx(float(classical.fvalue))
    assert fitted.joint_p[0] == pytest.approx(float(classical.pvalue))
    two = np.column_stack([np.ones(21), GROUP])
    welch = ttest_ind(np.array(Y)[GROUP == 1], np.array(Y)[GROUP == 0], equal_var=False)
    assert fit_linear(two, np.array(Y)[:, None], np.eye(2)[1:]).t[0, 0] == pytest.approx(
        welch.statistic
    )
    three = np.column_stack([np.ones(21), TIMES == 1, TIMES == 2]).astype(float)
    oneway = f_oneway(*(np.array(Y)[time == TIMES] for time in range(3)))
    joint = fit_linear(three, np.array(Y)[:, None], np.eye(3)[1:])
    assert joint.joint_p[0] == pytest.approx(oneway.pvalue)


def test_bell_mccaffrey_df_by_hand() -> None:
    # Groups of 2 and 8: the small group's variance has 1 df and most of the weight.
    design = np.column_stack([np.ones(10), np.repeat([1.0, 0.0], [2, 8])])
    outcome = np.arange(10.0)[:, None] ** 2
    fitted = fit_linear(design, outcome, np.eye(2)[1:])
    # Satterthwaite with equal true variances: (1/2 + 1/8)^2 / (1/4 + 1/(64 * 7))
    assert fitted.df[0, 0] == pytest.approx((1 / 2 + 1 / 8) ** 2 / (1 / 4 + 1 / 448))


def distances() -> np.ndarray:
    # outer(1:12, 1:7, function(i, j) (i*i*j + 3*i*j*j + 5*j) %% 11), Bray-Curtis
    i, j = np.arange(1, 13)[:, None], np.arange(1, 8)[None, :]
    return squareform(pdist((i * i * j + 3 * i * j * j + 5 * j) % 11, "braycurtis"))


LEVELS = np.tile([0, 1, 2], 4)
CODES = np.column_stack([LEVELS == 1, LEVELS == 2]).astype(float)
NUMBERS = np.array([2.0, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5])[:, None]
ONES, NOTHING, ONE_BLOCK = np.ones((12, 1)), np.zeros((12, 0)), np.zeros(12, dtype=np.int64)


@pytest.mark.parametrize(
    ("tested", "before", "after", "expected"),
    [
        # adonis2(D ~ cov + gg, by = "margin") and by = "terms"
        (NUMBERS, [CODES], [], (0.13678274135473, 0.15019028542849, 1.8016395833112)),
        (NUMBERS, [], [CODES], (0.14632621214241, 0.16066921418356, 1.9273418068737)),
        (CODES, [NUMBERS], [], (0.15703335247686, 0.17242587622313, 1.0341856762055)),
    ],
)
def test_terms_equal_adonis2(tested, before, after, expected) -> None:  # type: ignore[no-untyped-def]
    columns = TermColumns(
        tested, np.hstack([ONES, *before]), np.hstack([NOTHING, *after]), ONE_BLOCK
    )
    found = measure_term(center_squares(distances()), columns, PLAN)
    assert found is not None
    assert (found.squares, found.r2, found.pseudo_f) == pytest.approx(expected, rel=1e-8)


def test_terms_within_blocks_equal_adonis2() -> None:
    # adonis2(D ~ b + gg, by = "terms"), b <- factor(rep(1:4, each = 3))
    blocks = np.repeat(np.arange(4), 3)
    dummies = (blocks[:, None] == np.arange(4)).astype(float)
    columns = TermColumns(CODES, dummies, NOTHING, blocks)
    found = measure_term(center_squares(distances()), columns, PLAN)
    assert found is not None
    expected = (0.16657682326454, 0.18290480497821, 1.0864681998907)
    assert (found.squares, found.r2, found.pseudo_f) == pytest.approx(expected, rel=1e-8)


def test_dispersion_equals_betadisper() -> None:
    # anova(betadisper(D, gg, type = "centroid", bias.adjust = TRUE))
    names = tuple(f"s{index:02d}" for index in range(12))
    comparison = Comparison("v", "independent", names, ("a", "b", "c"), LEVELS, np.arange(12))
    found = permdisp(distances(), comparison, PLAN)
    assert found.statistic == pytest.approx(2.7715375343217, rel=1e-8)
