"""A variable that changes within subjects: columns of both questions, and when there is none."""

from __future__ import annotations

import numpy as np
import pytest

from vagus.study.model_frame import ModelFrame, Term
from vagus.study.sides import list_sides, split_between, split_within

SUBJECTS = np.array([0, 0, 1, 1, 1, 2, 2, 3, 3, 4])


def make_frame(columns, levels=(), covariates=(), subjects=SUBJECTS):  # type: ignore[no-untyped-def]
    columns = np.array(columns, dtype=float).reshape(len(subjects), -1)
    names = tuple(f"s{index}" for index in range(len(subjects)))
    return ModelFrame(Term("x", columns, levels), covariates, "within", names, subjects)


def test_a_number_is_a_mean_and_a_distance() -> None:
    within, between = list_sides(make_frame([1, 3, 2, 2, 5, 7, 9, 4, 4, 6]), is_time=False)
    assert within.tested[:, 0] == pytest.approx([-1, 1, -1, -1, 2, -1, 1, 0, 0, 0], abs=1e-12)
    assert within.n_subjects == 3
    assert between.tested[:, 0] == pytest.approx([2, 3, 8, 4, 6])
    assert (between.nuisance == 1).all()
    assert within.obstacle == between.obstacle == ""
    assert within.name("per unit of x") == "per unit of x, within subjects"


def test_times_are_compared_within_subjects_alone() -> None:
    sides = list_sides(make_frame([1, 3, 2, 2, 5, 7, 9, 4, 4, 6]), is_time=True)
    assert [side.words for side in sides] == ["within subjects"]


def test_balanced_levels_have_no_question_between_subjects() -> None:
    frame = make_frame([0, 1] * 4, ("a", "b"), subjects=np.repeat(np.arange(4), 2))
    assert split_between(frame) is None
    assert split_within(frame).obstacle == ""


def test_covariates_enter_by_what_they_have_on_each_side() -> None:
    age = Term("age", np.array([[30.0], [30], [40], [40], [40], [50], [50], [60], [60], [70]]))
    dose = Term("dose", np.array([[0.0], [1], [1], [0], [0], [0], [1], [1], [0], [0]]))
    frame = make_frame([1, 3, 2, 2, 5, 7, 9, 4, 4, 6], covariates=(age, dose))
    within, between = split_within(frame), split_between(frame)
    assert within.nuisance.shape == (10, 1)
    assert within.nuisance[:2, 0].tolist() == [-0.5, 0.5]
    assert between is not None
    assert between.nuisance.shape == (5, 3)
    assert "5 subjects are too few for 4 coefficients" in between.obstacle


def test_obstacles() -> None:
    still = make_frame([1, 2, 3, 3, 3, 4, 4, 5, 5, 6])
    assert "changes in fewer than 3 subjects" in split_within(still).obstacle
    # nobody is ever at the reference and at another level: 'b - a' has no answer within subjects
    levels = [[1, 0], [0, 1]] * 4
    frame = make_frame(levels, ("a", "b", "c"), subjects=np.repeat(np.arange(4), 2))
    assert "other terms or levels" in split_within(frame).obstacle
    dose = Term("dose", np.array([[0.0], [1]] * 4))
    frame = make_frame([0, 1] * 4, ("a", "b"), (dose,), np.repeat(np.arange(4), 2))
    assert "other terms or levels" in split_within(frame).obstacle
