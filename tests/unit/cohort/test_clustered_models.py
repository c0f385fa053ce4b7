"""Clustered errors: classical tests where they must agree, and the formulas written out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import f, ttest_ind, ttest_rel

from vagus.cohort.clustered_models import fit_clustered

SIZES = [3, 2, 4, 3, 2, 5]
SUBJECTS = np.repeat(np.arange(6), SIZES)
RNG = np.random.default_rng(7)
NUMBERS = RNG.normal(size=(19, 2))
OUTCOMES = RNG.normal(size=(19, 3)) + NUMBERS[:, :1]


def centre(values, clusters):  # type: ignore[no-untyped-def]
    """Rows without the mean of their cluster."""
    means = np.array([values[clusters == s].mean(axis=0) for s in np.unique(clusters)])
    return values - means[clusters]


def write_out(design, outcome, clusters, contrast):  # type: ignore[no-untyped-def]
    """Variance and degrees of freedom of Bell & McCaffrey (2002) with matrices of all rows."""
    inverse = np.linalg.inv(design.T @ design)
    rest = np.eye(len(design)) - design @ inverse @ design.T
    columns = []
    for s in np.unique(clusters):
        mine = clusters == s
        roots, vectors = np.linalg.eigh(rest[np.ix_(mine, mine)])
        power = [root**-0.5 if root > 1e-9 else 0.0 for root in roots]
        adjusted = vectors @ np.diag(power) @ vectors.T
        column = np.zeros(len(design))
        column[mine] = adjusted @ design[mine] @ inverse @ contrast
        columns.append(rest @ column)
    g = np.array(columns).T
    roots = np.linalg.eigvalsh(g.T @ g)
    return ((g.T @ outcome) ** 2).sum(), roots.sum() ** 2 / (roots**2).sum()


def test_two_visits_are_the_paired_t_test() -> None:
    values = RNG.normal(size=(7, 2))
    subjects, level = np.repeat(np.arange(7), 2), np.tile([0.0, 1.0], 7)[:, None]
    fitted = fit_clustered(
        centre(level, subjects), centre(values.reshape(-1, 1), subjects), subjects, np.eye(1)
    )
    expected = ttest_rel(values[:, 1], values[:, 0])
    assert fitted.t[0, 0] == pytest.approx(expected.statistic, rel=1e-10)
    assert fitted.df[0, 0] == pytest.approx(6, rel=1e-10)
    assert fitted.p_values[0, 0] == pytest.approx(expected.pvalue, rel=1e-9)
    assert fitted.joint_p[0] == pytest.approx(expected.pvalue, rel=1e-9)


def test_three_visits_together_are_the_test_of_hotelling() -> None:
    values = RNG.normal(size=(9, 3))
    subjects = np.repeat(np.arange(9), 3)
    levels = np.tile(np.eye(3)[:, 1:], (9, 1))
    fitted = fit_clustered(
        centre(levels, subjects), centre(values.reshape(-1, 1), subjects), subjects, np.eye(2)
    )
    differences = values[:, 1:] - values[:, :1]
    mean = differences.mean(axis=0)
    t2 = 9 * mean @ np.linalg.inv(np.cov(differences.T)) @ mean
    assert fitted.joint_f[0] == pytest.approx(t2 * 7 / (8 * 2), rel=1e-9)
    assert fitted.joint_df[0] == pytest.approx(7, rel=1e-9)
    assert fitted.joint_p[0] == pytest.approx(f.sf(t2 * 7 / 16, 2, 7), rel=1e-8)


def test_clusters_of_one_row_are_the_test_of_welch() -> None:
    group = np.array([0.0] * 5 + [1] * 9)
    values = RNG.normal(size=14) * (1 + 2 * group)
    design = np.column_stack([np.ones(14), group])
    fitted = fit_clustered(design, values[:, None], np.arange(14), np.eye(2)[1:])
    expected = ttest_ind(values[group == 1], values[group == 0], equal_var=False)
    assert fitted.t[0, 0] == pytest.approx(expected.statistic, rel=1e-10)
    # Bell & McCaffrey's degrees of freedom take equal spread; Welch's estimate both
    assert fitted.df[0, 0] == pytest.approx((1 / 5 + 1 / 9) ** 2 / (1 / 25 / 4 + 1 / 81 / 8))


@pytest.mark.parametrize("is_centred", [True, False])
def test_unlike_clusters_equal_the_formulas_written_out(is_centred: bool) -> None:
    design, outcomes = np.column_stack([np.ones(19), NUMBERS]), OUTCOMES
    if is_centred:
        design, outcomes = centre(NUMBERS, SUBJECTS), centre(OUTCOMES, SUBJECTS)
    contrasts = np.eye(design.shape[1])[-2:]
    fitted = fit_clustered(design, outcomes, SUBJECTS, contrasts)
    for k, contrast in enumerate(contrasts):
        for j in range(3):
            variance, df = write_out(design, outcomes[:, j], SUBJECTS, contrast)
            assert fitted.errors[k, j] ** 2 == pytest.approx(variance, rel=1e-9)
            assert fitted.df[k, j] == pytest.approx(df, rel=1e-9)
    least = np.linalg.lstsq(design, outcomes, rcond=None)[0][-2:]
    assert fitted.values == pytest.approx(least, rel=1e-9)


def test_order_of_rows_and_units_have_no_effect() -> None:
    design, outcomes = centre(NUMBERS, SUBJECTS), centre(OUTCOMES, SUBJECTS)
    fitted = fit_clustered(design, outcomes, SUBJECTS, np.eye(2))
    order = RNG.permutation(19)
    moved = fit_clustered(design[order], 1000 * outcomes[order], SUBJECTS[order], np.eye(2))
    assert moved.p_values == pytest.approx(fitted.p_values, rel=1e-9)
    assert moved.joint_p == pytest.approx(fitted.joint_p, rel=1e-9)


def test_outcomes_that_the_model_explains_are_not_tested() -> None:
    design = centre(NUMBERS, SUBJECTS)
    fitted = fit_clustered(design, design @ [[2.0], [1.0]], SUBJECTS, np.eye(2))
    assert np.isnan(fitted.p_values).all()
    assert np.isnan(fitted.joint_f).all()
