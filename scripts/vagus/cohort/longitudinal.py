"""The same people over time: how much they change, and whether groups change differently.

- **Volatility**: mean distance between a subject's samples at consecutive times; where times are a
  number, the sum of these distances per unit of time. Groups are
  compared by Welch's t-test of the subjects' means (difference with interval) and by the rank
  test of the same values.
- **Alpha by time and group**: mixed model with an intercept for each subject and the terms
  covariates, time, group, time by group; the test is that of the interaction. Where time is a
  number, the within-subject model with CR2 errors (``clustered_models``): people have own slopes,
  under which the mixed model found a difference in a quarter to a third of studies without one.
- **Composition by time and group**: PERMANOVA of the subjects' changes. Each subject's samples
  are set against their own centroid, and the inner products of these trajectories are what groups
  are compared by; whole subjects change group. That is the test of time by group with subjects and
  times as terms before: differences at the start and changes that all share play no part. Subjects
  without one of the shared times are left out (``study.trajectories.choose_compared``). Where times
  are a number, each subject with two times or more enters with its slope: the least-squares change
  per unit of time along every axis, whatever days it was seen, shrunken where these lie close.

Times are in the order of ``study.times``. Several samples of a subject at one time are taken as
their mean (distances: centroid).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.cohort.alpha_metrics import find_redundant, list_metrics
from vagus.cohort.clustered_models import fit_within
from vagus.cohort.estimates import Estimates
from vagus.cohort.linear_models import fit_linear
from vagus.cohort.mixed_models import fit_mixed
from vagus.cohort.multiple_testing import adjust_families
from vagus.cohort.partial_permanova import TermColumns, measure_term
from vagus.cohort.permutations import plan_test
from vagus.cohort.trajectories import average_steps, measure_steps
from vagus.diversity.distances import Distances
from vagus.diversity.ordination import center_squares
from vagus.numerics.products import multiply
from vagus.statistics.count_scores import drop_means
from vagus.statistics.effect_sizes import hedges_correction, noncentral_interval
from vagus.statistics.power import detect_by_t
from vagus.statistics.rank_tests import PermutationPlan, kruskal_wallis, mann_whitney
from vagus.study.columns import Column, describe_column
from vagus.study.design import StudyDesign
from vagus.study.levels import order_levels
from vagus.study.model_frame import ModelFrame, is_new_column, make_frame
from vagus.study.samples import Sample
from vagus.study.test_names import CHANGE_ALPHA, CHANGE_BETA, VOLATILITY
from vagus.study.trajectories import (
    Compared,
    Interaction,
    Trajectory,
    choose_compared,
    explain_few_subjects,
    explain_no_change,
    find_groups,
    make_interaction,
)
from vagus.tables.stages.cohort import LONGITUDINAL_TESTS

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)
Floats = NDArray[np.float64]
NAN = float("nan")


def compare_trajectories(
    samples: Sequence[Sample],
    trajectory: Trajectory,
    alpha: pd.DataFrame,
    distances: Mapping[str, Distances],
    design: StudyDesign,
) -> pd.DataFrame:
    """All tests over time of every group column that does not change within subjects."""
    import pandas as pd

    rows: list[dict[str, object]] = []
    steps = measure_steps(trajectory, distances)
    for name in dict.fromkeys(design.groups):
        if name == design.time:
            continue
        column = describe_column(samples, name, design.person, design.covariates)
        if why := explain_no_change(samples, trajectory, column, str(design.time)):
            rows.append({"variable": name, "note": why})
            continue
        group = find_groups(samples, column) or {}
        rows += _compare_steps(name, steps, group, design)
        rows += _compare_alpha(samples, trajectory, alpha, column, design)
        rows += _compare_beta(name, trajectory, distances, group, design)
    frame = pd.DataFrame(rows, columns=LONGITUDINAL_TESTS.names)
    questions = [VOLATILITY, CHANGE_ALPHA, CHANGE_BETA]
    ranks = frame["test"].isin(["Mann-Whitney U", "Kruskal-Wallis"])
    families = [(frame["question"] == question) & ~ranks for question in questions]
    return adjust_families(frame, [family.to_numpy() for family in (*families, ranks)])


def _compare_steps(
    name: str, steps: pd.DataFrame, group: Mapping[str, str], design: StudyDesign
) -> Iterator[dict[str, object]]:
    """Volatility between levels, for every distance."""
    for metric, part in steps.groupby("metric", sort=False):
        means = average_steps(part)
        means = means[[subject in group for subject in means.index]]
        levels = [group[subject] for subject in means.index]
        order = order_levels(set(levels), design.references)
        common = {"variable": name, "question": VOLATILITY, "metric": metric}
        counts = {level: levels.count(level) for level in order}
        common["n"] = ";".join(f"{level}:{n}" for level, n in counts.items())
        if why := explain_few_subjects(levels, "two times"):
            yield {**common, "note": why}
            continue
        values = means.to_numpy(dtype=np.float64)
        codes = np.array([order.index(level) for level in levels], dtype=np.int64)
        note = _describe_intervals(part, group, order)
        row = _describe_means(values, codes, order)
        yield {**common, **row, "note": "; ".join(filter(None, [str(row.get("note", "")), note]))}
        plan = plan_test(design, name, str(metric), VOLATILITY)
        outcome = (
            mann_whitney(values[codes == 1], values[codes == 0])
            if len(order) == 2
            else kruskal_wallis(values, codes, plan)
        )
        yield {
            **common,
            "test": outcome.test,
            "contrast": " - ".join(reversed(order)) if len(order) == 2 else "all levels",
            "statistic": outcome.statistic,
            "p_value": outcome.p_value,
            "effect": outcome.effect,
            "effect_low": outcome.effect_interval[0],
            "effect_high": outcome.effect_interval[1],
            "effect_name": outcome.effect_name,
            "note": "; ".join(filter(None, [outcome.note, note])),
        }


def _describe_intervals(steps: pd.DataFrame, group: Mapping[str, str], order: Sequence[str]) -> str:
    """Mean time between visits of each level: where they differ, so may rates that are noise."""
    if steps["interval"].isna().any():
        return ""
    level_of = steps["subject"].map(group)
    means = [(level, steps.loc[level_of == level, "interval"].mean()) for level in order]
    shown = ", ".join(f"{mean:.3g} ({level})" for level, mean in means)
    return f"distance per unit of time; mean interval between visits: {shown}"


def _describe_means(
    values: Floats, codes: NDArray[np.int64], order: Sequence[str]
) -> dict[str, object]:
    """Difference of two means, or F of several."""
    dummies = [(codes == index).astype(float) for index in range(1, len(order))]
    design = np.column_stack([np.ones(values.size), *dummies])
    fitted = fit_linear(design, values[:, None], np.eye(len(order))[1:])
    if not fitted.spread[0] > 0:
        return {"note": "not tested: all subjects of a level change equally"}
    if len(order) > 2:
        return {
            "test": "linear model",
            "contrast": "all levels",
            "df": float(fitted.joint_df[0]),
            "statistic": float(fitted.joint_f[0]),
            "p_value": float(fitted.joint_p[0]),
        }
    low, high = fitted.interval()
    t, df = float(fitted.t[0, 0]), float(fitted.df[0, 0])
    factor = hedges_correction(df) / float(fitted.spread[0])
    limits = noncentral_interval(t, df)
    return {
        "test": "linear model",
        "contrast": f"{order[1]} - {order[0]}",
        "estimate": float(fitted.values[0, 0]),
        "low": float(low[0, 0]),
        "high": float(high[0, 0]),
        "detectable": detect_by_t(df) * float(fitted.errors[0, 0]),
        "df": df,
        "statistic": t,
        "p_value": float(fitted.p_values[0, 0]),
        "effect": float(fitted.values[0, 0]) * factor,
        "effect_low": limits[0] * float(fitted.errors[0, 0]) * factor,
        "effect_high": limits[1] * float(fitted.errors[0, 0]) * factor,
        "effect_name": "Hedges g",
    }


def _compare_alpha(
    samples: Sequence[Sample],
    trajectory: Trajectory,
    alpha: pd.DataFrame,
    column: Column,
    design: StudyDesign,
) -> Iterator[dict[str, object]]:
    """Time by group in a mixed model of every alpha metric."""
    own = [sample for sample in samples if sample.name in set(trajectory.samples)]
    redundant = find_redundant(alpha, [sample.name for sample in own])
    for metric in list_metrics(alpha):
        known = alpha[alpha[metric].notna()]
        values = dict(zip(known["sample"].astype(str), known[metric].astype(float), strict=True))
        frame = make_frame(own, column, values, f"no value of {metric}", design.references)
        if metric in redundant and not frame.obstacle:
            frame = replace(frame, obstacle=redundant[metric])
        common = {
            "variable": column.name,
            "question": CHANGE_ALPHA,
            "metric": metric,
            "n": frame.count_units(),
        }
        yield {**common, **_fit_interaction(frame, trajectory, values)}


def _fit_interaction(
    frame: ModelFrame, trajectory: Trajectory, values: Mapping[str, float]
) -> dict[str, object]:
    if frame.obstacle:
        return {"note": "; ".join([frame.obstacle, *frame.notes])}
    model = make_interaction(frame, trajectory)
    if model.obstacle:
        return {"note": model.obstacle}
    outcomes = np.array([[values[sample]] for sample in frame.samples])
    test, fitted = _fit_change(model, outcomes, frame.subjects, trajectory.is_slope)
    counted = f"{len(frame.samples)} samples of {frame.n_subjects} subjects"
    note = "; ".join(filter(None, [counted, model.note, *frame.notes]))
    row: dict[str, object] = {"test": f"{test}, time by group", "note": note}
    if not np.isfinite(fitted.joint_f[0]):
        return {"note": f"not tested: all values are equal; {note}"}
    row |= {
        "contrast": "all times and levels",
        "df": float(fitted.joint_df[0]),
        "statistic": float(fitted.joint_f[0]),
        "p_value": float(fitted.joint_p[0]),
    }
    if model.n_products == 1:
        low, high = fitted.interval()
        row |= {
            "contrast": f"({frame.variable.contrasts[0]}) {model.change}",
            "estimate": float(fitted.values[0, 0]),
            "low": float(low[0, 0]),
            "high": float(high[0, 0]),
            "detectable": detect_by_t(float(fitted.df[0, 0])) * float(fitted.errors[0, 0]),
        }
    return row


def _fit_change(
    model: Interaction, outcomes: Floats, subjects: NDArray[np.int64], is_slope: bool
) -> tuple[str, Estimates]:
    """Time by group; where time is a number, with errors that allow for slopes of people's own."""
    if not is_slope:
        contrasts = np.eye(model.matrix.shape[1])[-model.n_products :]
        return "mixed model", fit_mixed(model.matrix, outcomes, subjects, contrasts)
    varying = drop_means(model.matrix, subjects)
    design = np.zeros((len(varying), 0))
    for column in varying.T:
        if is_new_column(design, column[:, None]):
            design = np.hstack([design, column[:, None]])
    contrasts = np.eye(design.shape[1])[-model.n_products :]
    return "within-subject model", fit_within(design, outcomes, subjects, contrasts)


def _compare_beta(
    name: str,
    trajectory: Trajectory,
    distances: Mapping[str, Distances],
    group: Mapping[str, str],
    design: StudyDesign,
) -> Iterator[dict[str, object]]:
    """PERMANOVA of the subjects' trajectories, for every distance."""
    for metric, table in distances.items():
        compared, inner = measure_trajectories(trajectory, table, group)
        levels = [group[subject] for subject in compared.subjects]
        order = order_levels(set(levels), design.references)
        counts = {level: levels.count(level) for level in order}
        common = {
            "variable": name,
            "question": CHANGE_BETA,
            "metric": metric,
            "n": ";".join(f"{level}:{n}" for level, n in counts.items()),
        }
        if why := explain_few_subjects(levels, compared.needs):
            yield {**common, "note": "; ".join(filter(None, [why, compared.note]))}
            continue
        dummies = np.array([[float(x == level) for level in order[1:]] for x in levels])
        plan = plan_test(design, name, metric, CHANGE_BETA)
        row = {**common, **_test_trajectories(inner, dummies, plan)}
        if trajectory.is_slope and "test" in row:
            row["contrast"] = "change per unit of time"
        yield {**row, "note": "; ".join(filter(None, [str(row["note"]), compared.note]))}


def _test_trajectories(inner: Floats, dummies: Floats, plan: PermutationPlan) -> dict[str, object]:
    """PERMANOVA of trajectories, (n, n) inner products, by columns of levels, (n, k)."""
    n = len(dummies)
    columns = TermColumns(dummies, np.ones((n, 1)), np.zeros((n, 0)), np.zeros(n, dtype=np.int64))
    found = measure_term(inner, columns, plan)
    if found is None or not np.isfinite(found.pseudo_f):
        return {"note": "not tested: no change differs"}
    return {
        "test": "PERMANOVA, time by group",
        "contrast": "all times and levels",
        "df": float(found.residual_df),
        "statistic": found.pseudo_f,
        "p_value": found.p_value,
        "effect": found.omega2,
        "effect_low": found.omega2_interval[0],
        "effect_high": found.omega2_interval[1],
        "detectable": found.detectable,
        "effect_name": "partial omega squared",
        "permutations": found.permutations,
        "note": f"whole subjects permuted; {found.note}",
    }


def measure_trajectories(
    trajectory: Trajectory, table: Distances, group: Mapping[str, str]
) -> tuple[Compared, Floats]:
    """Who is compared, and the centred inner products of their changes (n_subjects, n_subjects)."""
    own = trajectory.keep(table.samples)
    compared = choose_compared(own, group)
    n = len(compared.subjects)
    if not n:
        return compared, np.zeros((0, 0))
    gower = center_squares(table.select(list(own.samples)).values)
    inner = np.zeros((n, n))
    for weight in _weigh_changes(own, compared):
        inner += multiply(weight, gower, weight.T)
    inner -= inner.mean(axis=0, keepdims=True)
    inner -= inner.mean(axis=1, keepdims=True)
    return compared, inner


def _weigh_changes(own: Trajectory, compared: Compared) -> list[Floats]:
    """Weights of samples, (n_subjects, n_samples), that give each subject's changes.

    One array of least-squares slopes where times are a number, else one for each time: the mean of
    the subject's samples then, less its centroid.
    """
    place = {subject: index for index, subject in enumerate(compared.subjects)}
    shape = (len(place), len(own.samples))
    rows = [row for row, subject in enumerate(own.subjects) if subject in place]
    if own.is_slope:
        numbers = np.array([float(time) for time in own.order])[own.times]
        return [_weigh_slopes(own, place, numbers, shape)]
    weights: list[Floats] = []
    for time in compared.times:
        weight = np.zeros(shape)
        for row in rows:
            if own.times[row] == time:
                weight[place[own.subjects[row]], row] = 1.0
        weights.append(weight / weight.sum(axis=1, keepdims=True))
    mean = np.mean(weights, axis=0)
    return [weight - mean for weight in weights]


def _weigh_slopes(
    own: Trajectory, place: Mapping[str, int], numbers: Floats, shape: tuple[int, int]
) -> Floats:
    """Weights that give each subject's slope, less the common one, the less certain ones shrunken.

    The slope of a subject has the variance of a sample divided by S, the sum of its squared
    distances from its mean time: two visits on neighbouring days say little. It enters as
    S / (S + median of S) of its distance from the common slope (the mean weighted by S), as a
    random slope would that varies as much as the median subject's slope is uncertain.
    """
    products = np.zeros(shape)
    for row, subject in enumerate(own.subjects):
        if subject in place:
            products[place[subject], row] = 1.0
    means = (products * numbers).sum(axis=1) / products.sum(axis=1)
    products *= numbers - means[:, None]
    squares = (products**2).sum(axis=1)
    common = products.sum(axis=0) / squares.sum()
    shrinkage = squares / (squares + np.median(squares))
    slopes: Floats = (products / squares[:, None] - common) * shrinkage[:, None]
    return slopes
