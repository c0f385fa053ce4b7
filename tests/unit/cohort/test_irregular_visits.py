"""Visits that are not on a grid: a few of them end no test, and as numbers all of them count."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import pdist, squareform

from vagus.cohort.longitudinal import compare_trajectories, measure_trajectories
from vagus.cohort.trajectories import average_steps, measure_steps
from vagus.diversity.distances import Distances
from vagus.study.design import StudyDesign
from vagus.study.overview import plan_tests
from vagus.study.samples import Sample
from vagus.study.test_names import CHANGE_ALPHA, CHANGE_BETA, VOLATILITY
from vagus.study.trajectories import choose_compared, make_trajectory

DESIGN = StudyDesign(("group",), "who", "time", permutations=199)
QUESTIONS = (VOLATILITY, CHANGE_ALPHA, CHANGE_BETA)


def make_study(
    visits: dict[str, list[str]], slope: float = 0.0
) -> tuple[list[Sample], pd.DataFrame, dict[str, Distances]]:
    """Visits of each person; people with an odd number are cases, who move by ``slope`` a day."""
    rng = np.random.default_rng(5)
    samples, points = [], []
    for who, times in visits.items():
        is_case = int(who[1:]) % 2 == 1
        home = rng.normal(size=3)
        for time in times:
            name = f"{who}-{time}"
            meta = {"who": who, "time": time, "group": "case" if is_case else "control"}
            samples.append(Sample(name, name, (), metadata=meta))
            days = float(time) if time.isdigit() else float("baseline week4 week8".find(time))
            shift = slope * days * is_case
            points.append(home + rng.normal(scale=0.3, size=3) + [shift, 0, 0])
    values = np.array(points)
    names = [sample.name for sample in samples]
    alpha = pd.DataFrame({"sample": names, "reads": 9, "depth": 5, "shannon": values[:, 0]})
    order = sorted(range(len(names)), key=names.__getitem__)
    square = Distances(tuple(names[i] for i in order), squareform(pdist(values[order])))
    return samples, alpha, {"aitchison": square}


def compare(study: tuple[list[Sample], pd.DataFrame, dict[str, Distances]]) -> pd.DataFrame:
    samples, alpha, distances = study
    found = compare_trajectories(
        samples, make_trajectory(samples, DESIGN), alpha, distances, DESIGN
    )
    return found.drop_duplicates("question").set_index("question")


def make_grid(n: int = 12) -> dict[str, list[str]]:
    return {f"P{i:02d}": ["baseline", "week4", "week8"] for i in range(n)}


def test_unscheduled_visits_of_a_few_end_no_test() -> None:
    """Two cases come at week 6, one control misses week 4."""
    visits = make_grid()
    del visits["P00"][1]
    regular = compare(make_study(visits))
    visits["P01"].insert(2, "week6")
    visits["P03"].insert(2, "week6")
    study = make_study(visits)
    found = compare(study)
    for question in QUESTIONS:
        assert np.isfinite(found.at[question, "p_value"]), question
    beta, alpha = found.loc[CHANGE_BETA], found.loc[CHANGE_ALPHA]
    assert "times that few subjects have are left out: week6" in beta["note"]
    assert "1 subject without all other times left out" in beta["note"]
    assert (beta["n"], regular.at[CHANGE_BETA, "n"]) == ("control:5;case:6", "control:5;case:6")
    assert "a level has no samples at week6: not compared there" in alpha["note"]
    assert alpha["df"] == pytest.approx(22, abs=3)  # of 37 samples of 12 people
    planned = {t.kind: t.obstacle for t in plan_tests(study[0], DESIGN) if t.kind in QUESTIONS}
    assert planned == dict.fromkeys(QUESTIONS, "")


def test_times_that_are_left_out_do_not_change_the_test_of_the_others() -> None:
    """The points of the regular visits are the same; weights of a subject sum to 0."""
    visits = make_grid()
    samples, alpha, distances = make_study(visits, slope=0.1)
    extra = Sample("P01-week6", "x", (), metadata={"who": "P01", "time": "week6", "group": "case"})
    table = distances["aitchison"]
    order = sorted([*table.samples, extra.name])
    square = pd.DataFrame(table.values, table.samples, table.samples).reindex(order, columns=order)
    more = Distances(tuple(order), square.fillna(1.0).to_numpy() * (1 - np.eye(len(order))))
    row = pd.DataFrame({"sample": [extra.name], "reads": 9, "depth": 5, "shannon": 0.0})
    one = compare((samples, alpha, distances)).loc[CHANGE_BETA]
    other = compare(([*samples, extra], pd.concat([alpha, row]), {"aitchison": more}))
    assert other.at[CHANGE_BETA, "statistic"] == pytest.approx(one["statistic"], rel=1e-9)
    assert other.at[CHANGE_BETA, "p_value"] == one["p_value"]


def make_days(n: int = 12) -> dict[str, list[str]]:
    """Everybody at two to four days of their own."""
    rng = np.random.default_rng(2)
    days = [sorted(rng.choice(90, 2 + i % 3, replace=False).tolist()) for i in range(n)]
    return {f"P{i:02d}": [str(day) for day in own] for i, own in enumerate(days)}


def test_slopes_of_composition_are_those_of_the_points() -> None:
    """One axis: samples at a + b t have the distances |x - y|, and slopes b exactly.

    They enter as S / (S + median of S) of their distance from the mean weighted by S.
    """
    slopes = {"P00": 0.5, "P01": -1.0, "P02": 2.0, "P03": 0.0}
    days = {"P00": [0, 3, 11], "P01": [2, 5], "P02": [1, 40, 41, 60], "P03": [7, 9]}
    samples, places = [], {}
    for who, own in days.items():
        for day in own:
            name = f"{who}-{day:02d}"
            meta = {"who": who, "time": str(day), "group": "ab"[int(who[1:]) % 2]}
            samples.append(Sample(name, name, (), metadata=meta))
            places[name] = 10.0 * int(who[1:]) + slopes[who] * day
    names = tuple(sorted(places))
    x = np.array([places[name] for name in names])
    trajectory = make_trajectory(samples, DESIGN)
    assert trajectory.is_slope
    group = {who: "ab"[int(who[1:]) % 2] for who in days}
    table = Distances(names, np.abs(x[:, None] - x[None, :]))
    compared, inner = measure_trajectories(trajectory, table, group)
    assert compared.subjects == tuple(days)
    s = np.array([len(own) * np.var(own) for own in days.values()])
    b = np.array(list(slopes.values()))
    entered = (b - np.average(b, weights=s)) * s / (s + np.median(s))
    entered -= entered.mean()
    assert inner == pytest.approx(np.outer(entered, entered), abs=1e-9)


def test_days_of_ones_own_are_all_compared() -> None:
    study = make_study(make_days(), slope=0.08)
    found = compare(study)
    beta = found.loc[CHANGE_BETA]
    assert beta["n"] == "control:6;case:6"
    assert beta["contrast"] == "change per unit of time"
    assert beta["p_value"] < 0.02
    assert found.at[CHANGE_ALPHA, "estimate"] == pytest.approx(0.08, abs=0.02)
    assert found.at[CHANGE_ALPHA, "contrast"] == "(case - control) per unit of time"
    assert found.at[CHANGE_ALPHA, "test"] == "within-subject model, time by group"
    assert "mean interval between visits: " in found.at[VOLATILITY, "note"]


def test_volatility_is_per_unit_of_time_where_times_are_numbers() -> None:
    """0, 3, 4 at days 0, 10, 12: steps of 3 and 1 in 12 days; the mean step is 2."""
    samples = [
        Sample(f"s{day}", "", (), metadata={"who": "P", "time": str(day), "group": "a"})
        for day in (0, 10, 12)
    ]
    others = [
        Sample(f"t{day}", "", (), metadata={"who": "Q", "time": str(day), "group": "b"})
        for day in (1, 5, 21, 33)
    ]
    trajectory = make_trajectory([*samples, *others], DESIGN)
    places = {"s0": 0.0, "s10": 3.0, "s12": 4.0, "t1": 7.0, "t5": 8.0, "t21": 8.0, "t33": 9.0}
    names = tuple(sorted(places))
    x = np.array([places[name] for name in names])
    steps = measure_steps(trajectory, {"m": Distances(names, np.abs(x[:, None] - x[None, :]))})
    assert average_steps(steps).to_dict() == pytest.approx({"P": 4 / 12, "Q": 2 / 32})
    levels = steps.assign(interval=np.nan)
    assert average_steps(levels).to_dict() == pytest.approx({"P": 2.0, "Q": 2 / 3})


def test_without_rare_times_nothing_is_left_out() -> None:
    samples, _, _ = make_study(make_grid())
    group = {f"P{i:02d}": "case" if i % 2 else "control" for i in range(12)}
    compared = choose_compared(make_trajectory(samples, DESIGN), group)
    assert (len(compared.subjects), compared.times, compared.note) == (12, (0, 1, 2), "")
