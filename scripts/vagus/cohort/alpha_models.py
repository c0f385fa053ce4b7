"""Linear and mixed models of alpha diversity: differences in its own units, with intervals.

| design | model |
|---|---|
| one sample a unit | linear model, HC2 errors (``linear_models``) |
| several samples a subject, one level | mixed model, intercept of each subject |
| it changes within subjects | within-subject model: distances from the subject's means, CR2 errors
  (``clustered_models``), which allow for autocorrelation and slopes of subjects' own |
| and its means differ between subjects | beside it, a linear model of the subjects' means |
| two levels within subjects | beside it, the paired t-test of complete pairs |

Covariates of the config are terms of the models. Variables with more than two levels have a row
for all levels together and one for each level against the reference. Q-values:
Benjamini-Hochberg over the rows of whole variables, over the single levels, and over the paired
tests, each across all variables and metrics.

Hill numbers of order 1 and 2 are modelled beside Shannon and Simpson, of which they are curved
functions: differences in effective numbers of ASVs are not those of entropies. They count as tests
of their own in the correction, which is valid for tests that rise and fall together (Benjamini &
Yekutieli 2001, Annals of Statistics 29:1165).
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
from vagus.numerics.products import multiply
from vagus.statistics.effect_sizes import hedges_correction, noncentral_interval
from vagus.statistics.power import detect_by_t
from vagus.study.columns import Column
from vagus.study.design import StudyDesign
from vagus.study.model_frame import ModelFrame, make_frame
from vagus.study.model_tests import name_model, pair_samples
from vagus.study.samples import Sample
from vagus.study.sides import BETWEEN_SIDE, WITHIN_SIDE, Side, list_sides
from vagus.study.test_names import BETWEEN, PAIRED, WITHIN
from vagus.tables.stages.cohort import ALPHA_MODELS

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)
Floats = NDArray[np.float64]
NAN = float("nan")
SIDES = (WITHIN_SIDE, BETWEEN_SIDE)


def model_alpha(
    samples: Sequence[Sample], alpha: pd.DataFrame, design: StudyDesign
) -> pd.DataFrame:
    """Model every metric of ``alpha``; ``samples`` are those that are not controls."""
    import pandas as pd

    rows: list[dict[str, object]] = []
    metrics = list_metrics(alpha)
    redundant = find_redundant(alpha, [sample.name for sample in samples])
    for column in design.list_columns(samples):
        for metric in metrics:
            known = alpha[alpha[metric].notna()]
            names, numbers = known["sample"].astype(str), known[metric].astype(float)
            values = dict(zip(names, numbers, strict=True))
            lacking = f"no value of {metric}"
            frame = make_frame(samples, column, values, lacking, design.references)
            if metric in redundant and not frame.obstacle:
                frame = replace(frame, obstacle=redundant[metric])
            described = describe_model(frame, values, is_time=column.name == design.time)
            rows += [{**row, "metric": metric} for row in described]
            if metric not in redundant:
                paired = _test_pairs(samples, column, frame, values, lacking)
                rows += [{**row, "metric": metric} for row in paired]
    table = pd.DataFrame(rows, columns=ALPHA_MODELS.names)
    return adjust_families(table, _split_families(table))


def _split_families(table: pd.DataFrame) -> list[NDArray[np.bool_]]:
    """Whole variables, single levels of several, paired tests."""
    paired = (table["model"] == PAIRED).to_numpy(dtype=bool)
    joint = table["contrast"].astype(str).str.startswith("all levels").to_numpy(dtype=bool)
    keys = list(zip(table["variable"], table["metric"], table["model"], strict=True))
    several = {key for key, is_joint in zip(keys, joint, strict=True) if is_joint}
    single = np.array([key in several for key in keys], dtype=bool) & ~joint & ~paired
    return [~single & ~paired, single, paired]


def fit_frame(frame: ModelFrame, outcomes: Floats) -> Estimates:
    """The model of a variable that does not change within subjects; outcomes (n, n_outcomes)."""
    if frame.is_repeated:
        return fit_mixed(frame.matrix, outcomes, frame.subjects, frame.contrasts)
    return fit_linear(frame.matrix, outcomes, frame.contrasts)


def fit_side(frame: ModelFrame, side: Side, outcomes: Floats) -> Estimates:
    """The model of one side of a variable that changes within subjects."""
    contrasts = np.eye(side.matrix.shape[1])[side.nuisance.shape[1] :]
    if side.words == WITHIN_SIDE:
        return fit_within(side.matrix, outcomes, frame.subjects, contrasts)
    return fit_linear(side.matrix, multiply(frame.averaging, outcomes), contrasts)


def describe_model(
    frame: ModelFrame, values: Mapping[str, float], is_time: bool = False
) -> Iterator[dict[str, object]]:
    """Rows of one model: all levels together when there are several, then each contrast."""
    common: dict[str, object] = {
        "variable": frame.variable.name,
        "n": frame.count_units(),
        "samples": len(frame.samples),
        "subjects": frame.n_subjects if frame.is_repeated else NAN,
        "covariates": frame.name_covariates(),
        "model": name_model(frame),
    }
    notes = list(frame.notes)
    if frame.obstacle:
        yield {**common, "contrast": "", "note": "; ".join([frame.obstacle, *notes])}
        return
    outcomes = np.array([[values[sample]] for sample in frame.samples])
    if frame.design != "within":
        fitted = fit_frame(frame, outcomes)
        note = "; ".join([*_explain(frame, fitted), *notes])
        yield from _list_rows(common, fitted, frame.variable.contrasts, _scale_of(frame), note)
        return
    for side in list_sides(frame, is_time):
        model = WITHIN if side.words == WITHIN_SIDE else BETWEEN
        of_side = {**common, "model": model, "n": str(side.n_subjects)}
        if side.obstacle:
            note = "; ".join([side.obstacle, *notes])
            yield {**of_side, "contrast": side.words, "note": note}
            continue
        fitted = fit_side(frame, side, outcomes)
        contrasts = [side.name(frame.variable.contrasts[index]) for index in side.contrasts]
        note = "; ".join([*_explain_side(frame, side), *notes])
        yield from _list_rows(of_side, fitted, contrasts, _scale_of_side(frame, side), note)


def _list_rows(
    common: Mapping[str, object],
    fitted: Estimates,
    contrasts: Sequence[str],
    scale: float,
    note: str,
) -> Iterator[dict[str, object]]:
    if not np.isfinite(fitted.t).any():
        yield {**common, "contrast": "", "note": f"not tested: all values are equal; {note}"}
        return
    if fitted.values.shape[0] > 1:
        sides = [f", {side}" for side in SIDES if contrasts[0].endswith(f", {side}")]
        words = "".join(["all levels", *sides])
        yield {**common, **_describe_joint(fitted), "contrast": words, "note": note}
    for index, contrast in enumerate(contrasts):
        row = _describe_contrast(fitted, index, scale)
        yield {**common, "contrast": contrast, **row, "note": note}


def _scale_of_side(frame: ModelFrame, side: Side) -> float:
    """One standard deviation of a number within or between subjects; one level."""
    if not frame.variable.is_numeric:
        return 1.0
    free = len(side.tested) - (frame.n_subjects if side.words == WITHIN_SIDE else 1)
    left = side.tested - side.tested.mean(axis=0)
    return float(np.sqrt((left**2).sum() / free))


def _explain_side(frame: ModelFrame, side: Side) -> list[str]:
    what = f"{len(frame.samples)} samples of {frame.n_subjects} subjects"
    if side.words == WITHIN_SIDE:
        return [
            f"{what}, {side.n_subjects} of which change; errors allow for autocorrelation and "
            "slopes of subjects' own; standard deviations are those within subjects"
        ]
    return [f"{what}, one mean for each subject; standard deviations are those of the means"]


def _scale_of(frame: ModelFrame) -> float:
    """What a standardised slope counts: one standard deviation of a number, one level."""
    if not frame.variable.is_numeric:
        return 1.0
    return float(frame.variable.columns.std(ddof=1))


def _explain(frame: ModelFrame, fitted: Estimates) -> list[str]:
    if not frame.is_repeated:
        return []
    share = float(fitted.subject_share[0])
    return [
        f"{len(frame.samples)} samples of {frame.n_subjects} subjects, random intercept of each "
        f"({100 * share:.0f} % of the remaining variance)"
    ]


def _describe_joint(fitted: Estimates) -> dict[str, object]:
    k = fitted.values.shape[0]
    return {
        "df": float(fitted.joint_df[0]),
        "statistic": float(fitted.joint_f[0]),
        "statistic_name": f"F({k}, df)",
        "p_value": float(fitted.joint_p[0]),
    }


def _describe_contrast(fitted: Estimates, index: int, scale: float) -> dict[str, object]:
    low, high = fitted.interval()
    estimate, error = float(fitted.values[index, 0]), float(fitted.errors[index, 0])
    t, df = float(fitted.t[index, 0]), float(fitted.df[index, 0])
    factor = hedges_correction(df) * scale / float(fitted.spread[0])
    limits = noncentral_interval(t, df)
    return {
        "estimate": estimate,
        "standard_error": error,
        "low": float(low[index, 0]),
        "high": float(high[index, 0]),
        "detectable": detect_by_t(df) * error,
        "df": df,
        "statistic": t,
        "statistic_name": "t",
        "p_value": float(fitted.p_values[index, 0]),
        "effect": estimate * factor,
        "effect_low": limits[0] * error * factor,
        "effect_high": limits[1] * error * factor,
        "effect_name": "Hedges g" if scale == 1.0 else "slope per SD, in SD",
    }


def _test_pairs(
    samples: Sequence[Sample],
    column: Column,
    frame: ModelFrame,
    values: Mapping[str, float],
    lacking: str,
) -> Iterator[dict[str, object]]:
    """The paired t-test of complete pairs, when two levels change within subjects."""
    comparison = pair_samples(samples, column, frame, values, lacking)
    if comparison is None or comparison.obstacle:
        return
    place = {level: index for index, level in enumerate(comparison.levels)}
    cells = np.full((comparison.n_subjects, 2), 0.0)
    counts = np.zeros_like(cells)
    numbers = np.array([values[sample] for sample in comparison.samples])
    np.add.at(cells, (comparison.subjects, comparison.values), numbers)
    np.add.at(counts, (comparison.subjects, comparison.values), 1)
    means = cells / counts
    reference, other = frame.variable.levels
    differences = means[:, place[other]] - means[:, place[reference]]
    fitted = fit_linear(np.ones((differences.size, 1)), differences[:, None], np.eye(1))
    if not np.isfinite(fitted.t).any():
        return
    yield {
        "variable": column.name,
        "model": PAIRED,
        "contrast": frame.variable.contrasts[0],
        "n": f"{differences.size}",
        "samples": len(comparison.samples),
        "subjects": comparison.n_subjects,
        **_describe_contrast(fitted, 0, 1.0),
        "effect_name": "Hedges g of differences",
        "covariates": "",
        "note": "; ".join(comparison.notes),
    }
