"""The same people over time: how much they change, and whether groups change differently.

- **Volatility**: mean distance between a subject's samples at consecutive times. Groups are
  compared by Welch's t-test of the subjects' means (difference with interval) and by the rank
  test of the same values.
- **Alpha by time and group**: mixed model with an intercept for each subject and the terms
  covariates, time, group, time by group; the test is that of the interaction.
- **Composition by time and group**: PERMANOVA of the subjects' changes. Each subject's samples
  are set against their own centroid, and the inner products of these trajectories are what groups
  are compared by; whole subjects change group. That is the test of time by group with subjects and
  times as terms before: differences at the start and changes that all share play no part. Subjects
  without one of the times are left out.

Times are in the order of ``study.times``. Several samples of a subject at one time are taken as
their mean (distances: centroid).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.cohort.alpha_metrics import NOT_METRICS
from vagus.cohort.linear_models import fit_linear
from vagus.cohort.mixed_models import fit_mixed
from vagus.cohort.multiple_testing import adjust_families
from vagus.cohort.partial_permanova import TermColumns, measure_term
from vagus.cohort.permutations import plan_test
from vagus.cohort.trajectories import measure_steps
from vagus.diversity.distances import Distances
from vagus.diversity.ordination import center_squares
from vagus.numerics.products import multiply
from vagus.statistics.effect_sizes import hedges_correction, noncentral_interval
from vagus.statistics.rank_tests import PermutationPlan, kruskal_wallis, mann_whitney
from vagus.study.columns import Column, describe_column
from vagus.study.design import StudyDesign
from vagus.study.levels import order_levels
from vagus.study.model_frame import ModelFrame, make_frame
from vagus.study.samples import Sample
from vagus.study.test_names import CHANGE_ALPHA, CHANGE_BETA, VOLATILITY
from vagus.study.trajectories import (
    Interaction,
    Trajectory,
    explain_few_subjects,
    explain_no_change,
    find_groups,
    list_complete_subjects,
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
        means = part.groupby("subject", sort=True)["distance"].mean()
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
        yield {**common, **_describe_means(values, codes, order)}
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
            "note": outcome.note,
        }


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
    for metric in [str(name) for name in alpha.columns if name not in NOT_METRICS]:
        known = alpha[alpha[metric].notna()]
        values = dict(zip(known["sample"].astype(str), known[metric].astype(float), strict=True))
        frame = make_frame(own, column, values, f"no value of {metric}", design.references)
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
    contrasts = np.eye(model.matrix.shape[1])[-model.n_products :]
    fitted = fit_mixed(model.matrix, outcomes, frame.subjects, contrasts)
    note = "; ".join([f"{len(frame.samples)} samples of {frame.n_subjects} subjects", *frame.notes])
    row: dict[str, object] = {"test": "mixed model, time by group", "note": note}
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
            "contrast": f"({frame.variable.contrasts[0]}) {_name_change(model, trajectory)}",
            "estimate": float(fitted.values[0, 0]),
            "low": float(low[0, 0]),
            "high": float(high[0, 0]),
        }
    return row


def _name_change(model: Interaction, trajectory: Trajectory) -> str:
    """'per unit of time', or 'at week8 against baseline'."""
    if model.is_slope:
        return "per unit of time"
    return f"at {trajectory.order[model.times[1]]} against {trajectory.order[model.times[0]]}"


def _compare_beta(
    name: str,
    trajectory: Trajectory,
    distances: Mapping[str, Distances],
    group: Mapping[str, str],
    design: StudyDesign,
) -> Iterator[dict[str, object]]:
    """PERMANOVA of the subjects' trajectories, for every distance."""
    for metric, table in distances.items():
        subjects, inner = measure_trajectories(trajectory, table, group)
        levels = [group[subject] for subject in subjects]
        order = order_levels(set(levels), design.references)
        counts = {level: levels.count(level) for level in order}
        common = {
            "variable": name,
            "question": CHANGE_BETA,
            "metric": metric,
            "n": ";".join(f"{level}:{n}" for level, n in counts.items()),
        }
        if why := explain_few_subjects(levels, "all times"):
            yield {**common, "note": why}
            continue
        dummies = np.array([[float(x == level) for level in order[1:]] for x in levels])
        plan = plan_test(design, name, metric, CHANGE_BETA)
        yield {**common, **_test_trajectories(inner, dummies, plan)}


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
        "effect_name": "partial omega squared",
        "permutations": found.permutations,
        "note": f"whole subjects permuted; {found.note}",
    }


def measure_trajectories(
    trajectory: Trajectory, table: Distances, group: Mapping[str, str]
) -> tuple[list[str], Floats]:
    """Subjects with all times, and the centred inner products of their trajectories."""
    own = trajectory.keep(table.samples)
    times = sorted(set(own.times.tolist()))
    cells: dict[tuple[str, int], list[int]] = {}
    for row, (subject, time) in enumerate(zip(own.subjects, own.times.tolist(), strict=True)):
        cells.setdefault((subject, time), []).append(row)
    subjects = list_complete_subjects(own, group)
    if not subjects:
        return [], np.zeros((0, 0))
    gower = center_squares(table.select(list(own.samples)).values)
    inner = np.zeros((len(subjects), len(subjects)))
    weights = []
    for time in times:
        weight = np.zeros((len(subjects), len(own.samples)))
        for index, subject in enumerate(subjects):
            rows = cells[subject, time]
            weight[index, rows] = 1 / len(rows)
        weights.append(weight)
    mean = np.mean(weights, axis=0)
    for weight in weights:
        inner += multiply(weight - mean, gower, (weight - mean).T)
    inner -= inner.mean(axis=0, keepdims=True)
    inner -= inner.mean(axis=1, keepdims=True)
    return subjects, inner
