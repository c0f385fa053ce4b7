"""A variable that changes within subjects, as two questions: within them and between them.

Each column x of the variable is the subject's own mean and the distance from it (Neuhaus &
Kalbfleisch 1998, Biometrics 54:638). Within subjects: does a subject differ from itself when x
differs? Between subjects: do subjects with a higher mean of x differ from others? One coefficient
for both mixes the two. Times have the first side alone: at which times people happened to come is
no question of a study.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.products import multiply
from vagus.study.model_frame import MIN_RESIDUAL_DF, ModelFrame, is_new_column

Floats = NDArray[np.float64]
WITHIN_SIDE, BETWEEN_SIDE = "within subjects", "between subjects"
MIN_CHANGING, MIN_COUNTED = 3, 6


@dataclass(frozen=True)
class Side:
    """Columns of one question.

    Attributes:
        words: ``within subjects`` or ``between subjects``.
        nuisance: shape (n, q): covariates without their means within subjects, or the intercept
            and the means of the covariates.
        tested: shape (n, k), likewise; n is that of the samples, or of the subjects.
        contrasts: which contrasts of the variable the columns are, by index.
        n_subjects: subjects that the estimate rests on.
        obstacle: why nothing can be tested; empty when it can.
    """

    words: str
    nuisance: Floats
    tested: Floats
    contrasts: tuple[int, ...]
    n_subjects: int
    obstacle: str = ""

    @property
    def matrix(self) -> Floats:
        """All columns, the tested ones last."""
        return np.hstack([self.nuisance, self.tested])

    def name(self, contrast: str) -> str:
        """'per unit of phq9, within subjects'."""
        return f"{contrast}, {self.words}"


def split_within(frame: ModelFrame) -> Side:
    """Distances from the subjects' means, a row a sample."""
    weights = frame.averaging

    def centre(columns: Floats) -> Floats:
        return columns - multiply(weights, columns)[frame.subjects]

    nuisance = _choose(np.zeros((len(frame.samples), 0)), centre(frame.nuisance[:, 1:]))
    tested = centre(frame.variable.columns)
    kept = _find_varying(tested, frame.variable.columns)
    tested = tested[:, kept]
    changing = np.abs(tested).max(axis=1, initial=0.0) > 1e-9
    n_changing = len(set(frame.subjects[changing].tolist()))
    why = ""
    name = frame.variable.name
    free = len(frame.samples) - frame.n_subjects - nuisance.shape[1] - tested.shape[1]
    if n_changing < MIN_CHANGING:
        why = f"not tested: {name} changes in fewer than {MIN_CHANGING} subjects"
    elif _choose(nuisance, tested).shape[1] < nuisance.shape[1] + tested.shape[1]:
        why = f"not tested: changes of {name} go with those of other terms or levels"
    elif free < MIN_RESIDUAL_DF:
        why = f"not tested: too few samples of each subject for {tested.shape[1]} coefficients"
    return Side(WITHIN_SIDE, nuisance, tested, tuple(kept), n_changing, why)


def split_between(frame: ModelFrame) -> Side | None:
    """Means of the subjects, a row a subject; None where these do not differ."""
    means = multiply(frame.averaging, frame.variable.columns)
    kept = _find_varying(means - means.mean(axis=0), frame.variable.columns)
    if not kept:
        return None
    nuisance = _choose(np.ones((frame.n_subjects, 1)), multiply(frame.averaging, frame.nuisance))
    tested = means[:, kept]
    spent, why = nuisance.shape[1] + tested.shape[1], ""
    if _choose(nuisance, tested).shape[1] < spent:
        why = "not tested: means of subjects go with those of other terms or levels"
    elif frame.n_subjects - spent < MIN_RESIDUAL_DF:
        why = f"not tested: {frame.n_subjects} subjects are too few for {spent} coefficients"
    return Side(BETWEEN_SIDE, nuisance, tested, tuple(kept), frame.n_subjects, why)


def list_sides(frame: ModelFrame, is_time: bool) -> list[Side]:
    """Both questions of a variable that changes within subjects, as far as there are two."""
    between = None if is_time else split_between(frame)
    return [split_within(frame), *([] if between is None else [between])]


def explain_few_people(side: Side) -> str:
    """Why counts of taxa cannot be tested; empty when they can."""
    if side.n_subjects >= MIN_COUNTED:
        return ""
    return f"not tested: counts of taxa need {MIN_COUNTED} subjects, here {side.n_subjects}"


def explain_no_model(frame: ModelFrame) -> str:
    """Why a variable has no model of single values; empty when it has."""
    if frame.obstacle or frame.design != "within":
        return frame.obstacle
    return split_within(frame).obstacle


def explain_no_counts(frame: ModelFrame) -> str:
    """Why the counts of taxa are not tested; empty when they are."""
    if frame.obstacle or frame.design != "within":
        return frame.obstacle
    side = split_within(frame)
    return side.obstacle or explain_few_people(side)


def _find_varying(columns: Floats, like: Floats) -> list[int]:
    scale = np.abs(like).max(axis=0, initial=0.0)
    return np.flatnonzero(np.abs(columns).max(axis=0, initial=0.0) > 1e-9 * scale).tolist()


def _choose(base: Floats, columns: Floats) -> Floats:
    """``base`` and those of ``columns`` that add to it and to the ones before."""
    for index in range(columns.shape[1]):
        column = columns[:, index]
        if np.abs(column).max(initial=0.0) > 1e-9 and is_new_column(base, column):
            base = np.hstack([base, column[:, None]])
    return base
