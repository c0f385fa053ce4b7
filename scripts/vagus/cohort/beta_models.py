"""PERMANOVA with covariates and repeated subjects: one row a term.

| design | unit | permuted |
|---|---|---|
| one sample a unit | sample | samples |
| subjects keep their level | centroid of each subject's samples | subjects |
| one sample of a subject at each level | sample, after subjects | samples within subjects |
| other changes within subjects | sample, after subjects | signs of whole series |

Samples of a subject that come one after the other are autocorrelated, and subjects may answer
differently: where a subject has several samples of a level, or the variable is a number, its series
stays together (``series_flips``).

The tested variable is adjusted for all covariates. A covariate has two rows: ``sequential`` (after
the covariates named before it) and ``marginal`` (after all other terms); the variable is last,
so that both are the same. Covariates that do not change within subjects are part of the subject
there. Q-values: Benjamini-Hochberg over the rows of the tested variables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vagus.cohort.multiple_testing import adjust_families
from vagus.cohort.partial_permanova import TermColumns, TermTest, measure_term
from vagus.cohort.permutations import plan_test
from vagus.cohort.series_flips import flip_series
from vagus.diversity.distances import Distances
from vagus.diversity.ordination import center_squares
from vagus.numerics.products import multiply
from vagus.numerics.systems import find_basis
from vagus.statistics.rank_tests import PermutationPlan
from vagus.study.design import StudyDesign
from vagus.study.model_frame import ModelFrame, Term, make_frame
from vagus.study.model_tests import NOTHING_LEFT, arrange_terms, keeps_series
from vagus.study.samples import Sample
from vagus.study.test_names import PERMANOVA
from vagus.tables.stages.cohort import BETA_MODELS

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
UNITS = {"independent": "sample", "between": "subject", "within": "sample within subject"}
SERIES = "series of a subject"


def model_beta(
    samples: Sequence[Sample], distances: Mapping[str, Distances], design: StudyDesign
) -> pd.DataFrame:
    """Model every distance; ``samples`` are those that are not controls."""
    import pandas as pd

    rows: list[dict[str, object]] = []
    for column in design.list_columns(samples):
        for metric, table in distances.items():
            frame = make_frame(
                samples, column, table.samples, "no distances (few reads)", design.references
            )
            common = {
                "variable": column.name,
                "metric": metric,
                "unit": SERIES if keeps_series(frame) else UNITS[frame.design],
                "n": frame.count_units(),
                "covariates": frame.name_covariates(),
            }
            if frame.obstacle:
                note = "; ".join([frame.obstacle, *frame.notes])
                rows.append({**common, "term": column.name, "note": note})
                continue
            values = table.select(list(frame.samples)).values
            rows += [{**common, **row} for row in _test_terms(values, frame, metric, design)]
    frame_of_rows = pd.DataFrame(rows, columns=BETA_MODELS.names)
    own = (frame_of_rows["term"] == frame_of_rows["variable"]).to_numpy(dtype=bool)
    return adjust_families(frame_of_rows, [own])


def _test_terms(
    values: Floats, frame: ModelFrame, metric: str, design: StudyDesign
) -> Iterator[dict[str, object]]:
    """Rows of the covariates, then of the variable."""
    gower, base, terms, blocks = arrange(values, frame)
    total = float(np.trace(gower))
    name = frame.variable.name
    if total <= 0:
        yield {"term": name, "note": "not tested: all distances are 0"}
        return
    *covariates, variable = terms
    if base.shape[1] > 1:
        yield _describe_subjects(gower, base, total)
    for index, term in enumerate(covariates):
        earlier = [base, *(t.columns for t in terms[:index])]
        later = [t.columns for t in terms[index + 1 :]]
        for order, before, after in (
            ("sequential", earlier, later),
            ("marginal", [*earlier, *later], []),
        ):
            plan = plan_test(design, name, metric, PERMANOVA, term.name, order)
            columns = TermColumns(term.columns, np.hstack(before), _stack(after, base), blocks)
            found = _measure(gower, columns, plan, frame)
            if found:
                yield {"term": term.name, "order": order, **_describe(found)}
    columns = TermColumns(
        variable.columns,
        np.hstack([base, *(t.columns for t in covariates)]),
        np.zeros((gower.shape[0], 0)),
        blocks,
    )
    plan = plan_test(design, name, metric, PERMANOVA, "model")
    found = _measure(gower, columns, plan, frame)
    if found is None:
        yield {"term": name, "note": NOTHING_LEFT}
        return
    row = _describe(found)
    row["note"] = "; ".join([str(row["note"]), *frame.notes])
    yield {"term": name, "order": "marginal", **row}


def _measure(
    gower: Floats, columns: TermColumns, plan: PermutationPlan, frame: ModelFrame
) -> TermTest | None:
    """The term's squares, and its p-value by what the design allows to permute."""
    if not keeps_series(frame):
        return measure_term(gower, columns, plan)
    found = measure_term(gower, columns, replace(plan, permutations=0))
    if found is None:
        return None
    before = np.hstack([columns.before, columns.after])
    flipped = flip_series(gower, columns.tested, before, frame.subjects, plan)
    return replace(found, p_value=flipped.p_value, permutations=flipped.flips, note=flipped.note)


def arrange(
    values: Floats, frame: ModelFrame
) -> tuple[Floats, Floats, list[Term], NDArray[np.int64]]:
    """Gower's matrix of the units, columns given before, terms (variable last), and blocks."""
    gower = center_squares(values)
    if frame.design == "between":
        weights = frame.averaging
        gower = _centre(multiply(weights, gower, weights.T))
    return gower, *arrange_terms(frame)


def _centre(gower: Floats) -> Floats:
    centred = gower - gower.mean(axis=0, keepdims=True)
    result: Floats = centred - centred.mean(axis=1, keepdims=True)
    return result


def _stack(columns: list[Floats], like: Floats) -> Floats:
    return np.hstack(columns) if columns else np.zeros((like.shape[0], 0))


def _describe_subjects(gower: Floats, base: Floats, total: float) -> dict[str, object]:
    """How much is between subjects; not a question of the study, so without a test."""
    basis = find_basis(base)
    squares = float(np.trace(multiply(basis.T, gower, basis)))
    return {
        "term": "(subjects)",
        "order": "sequential",
        "df": basis.shape[1] - 1,
        "sum_of_squares": squares,
        "r2": squares / total,
        "note": "share of the variation that is between subjects",
    }


def _describe(found: TermTest) -> dict[str, object]:
    return {
        "df": found.df,
        "residual_df": found.residual_df,
        "sum_of_squares": found.squares,
        "r2": found.r2,
        "pseudo_f": found.pseudo_f,
        "omega2": found.omega2,
        "omega2_low": found.omega2_interval[0],
        "omega2_high": found.omega2_interval[1],
        "detectable": found.detectable,
        "p_value": found.p_value,
        "permutations": found.permutations,
        "note": found.note,
    }
