"""Trajectories of subjects: distances between times, and whether groups change differently."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import pdist, squareform
from scipy.stats import f_oneway, ttest_ind

import follow_subjects
from vagus.cohort.longitudinal import compare_trajectories, measure_trajectories
from vagus.cohort.partial_permanova import TermColumns, measure_term
from vagus.cohort.trajectories import follow, measure_steps
from vagus.diversity.distances import Distances, write_distances
from vagus.statistics.rank_tests import PermutationPlan
from vagus.study.design import StudyDesign
from vagus.study.samples import Sample
from vagus.study.trajectories import Trajectory, make_trajectory
from vagus.tables import read_table, write_table

DESIGN = StudyDesign(("group",), "who", "time", permutations=199)


def make_study(
    n: int = 12, moving: float = 0.0
) -> tuple[list[Sample], pd.DataFrame, dict[str, Distances]]:
    """Three times of n subjects in two groups; cases move by ``moving`` from time to time."""
    rng = np.random.default_rng(8)
    samples, points = [], []
    for subject in range(n):
        group = "case" if subject % 2 else "control"
        home = rng.normal(size=3) * 2
        for number, time in enumerate(("baseline", "week4", "week10")):
            name = f"P{subject:02d}-{time}"
            meta = {"who": f"P{subject:02d}", "time": time, "group": group}
            samples.append(Sample(name, name, (), metadata=meta))
            shift = moving * number * (group == "case")
            points.append(home + rng.normal(scale=0.5, size=3) + [shift, 0, 0])
    values = np.array(points)
    names = [sample.name for sample in samples]
    alpha = pd.DataFrame({"sample": names, "reads": 9, "depth": 5, "shannon": values[:, 0]})
    order = sorted(range(len(names)), key=names.__getitem__)
    square = Distances(tuple(names[i] for i in order), squareform(pdist(values[order])))
    return samples, alpha, {"aitchison": square}


def test_steps_are_distances_between_consecutive_times() -> None:
    samples, _, distances = make_study()
    trajectory = make_trajectory(samples, StudyDesign((), "who", "time"))
    assert trajectory.order == ("baseline", "week4", "week10")
    steps = measure_steps(trajectory, distances)
    assert len(steps) == 24
    first = steps.iloc[0]
    table = distances["aitchison"]
    rows = [table.samples.index(f"P00-{time}") for time in ("baseline", "week4")]
    assert (first["from"], first["to"]) == ("baseline", "week4")
    assert first["distance"] == pytest.approx(table.values[rows[0], rows[1]])


def test_several_samples_at_a_time_are_their_centroid() -> None:
    trajectory = Trajectory(("a", "b", "c"), ("P", "P", "P"), np.array([0, 0, 1]), ("t0", "t1"))
    points = np.array([[0.0, 0], [2, 0], [1, 3]])
    steps = measure_steps(trajectory, {"m": Distances(("a", "b", "c"), squareform(pdist(points)))})
    assert steps["distance"].tolist() == pytest.approx([3.0])


def test_nobody_with_two_times() -> None:
    samples = [Sample("a", "a", (), metadata={"who": "P", "time": "1"})]
    assert not make_trajectory(samples, StudyDesign((), "who", "time")).has_change


def test_volatility_by_hand() -> None:
    samples, alpha, distances = make_study()
    trajectory = make_trajectory(samples, StudyDesign((), "who", "time"))
    tests = compare_trajectories(samples, trajectory, alpha, distances, DESIGN)
    row = tests[tests["question"] == "volatility"].iloc[0]
    means = measure_steps(trajectory, distances).groupby("subject")["distance"].mean().to_numpy()
    expected = ttest_ind(means[1::2], means[::2], equal_var=False)
    assert row["statistic"] == pytest.approx(expected.statistic)
    assert row["contrast"] == "case - control"
    assert row["estimate"] == pytest.approx(means[1::2].mean() - means[::2].mean())


def test_change_of_alpha_is_the_split_plot_test() -> None:
    samples, alpha, distances = make_study(moving=0.5)
    trajectory = make_trajectory(samples, StudyDesign((), "who", "time"))
    tests = compare_trajectories(samples, trajectory, alpha, distances, DESIGN)
    row = tests[tests["question"] == "change of alpha"].iloc[0]
    cells = alpha["shannon"].to_numpy().reshape(12, 3)
    left = cells - cells.mean(axis=1, keepdims=True)
    means = [left[side::2].mean(axis=0) for side in (0, 1)]
    squares = 6 * sum(((mean - left.mean(axis=0)) ** 2).sum() for mean in means)
    residual = sum(((left[side::2] - means[side]) ** 2).sum() for side in (0, 1))
    assert row["statistic"] == pytest.approx((squares / 2) / (residual / 20), rel=1e-6)
    assert row["df"] == pytest.approx(20, rel=1e-4)


def test_two_times_are_a_test_of_differences() -> None:
    samples, alpha, distances = make_study(moving=0.5)
    two = [sample for sample in samples if sample.metadata["time"] != "week4"]
    trajectory = make_trajectory(two, StudyDesign((), "who", "time"))
    tests = compare_trajectories(two, trajectory, alpha, distances, DESIGN)
    row = tests[tests["question"] == "change of alpha"].iloc[0]
    cells = alpha["shannon"].to_numpy().reshape(12, 3)
    change = cells[:, 2] - cells[:, 0]
    expected = f_oneway(change[1::2], change[::2])
    assert row["p_value"] == pytest.approx(expected.pvalue, rel=1e-4)
    assert row["estimate"] == pytest.approx(change[1::2].mean() - change[::2].mean(), rel=1e-6)
    assert row["contrast"] == "(case - control) at week10 against baseline"


def test_change_of_composition_is_found_and_equals_adonis2() -> None:
    samples, alpha, distances = make_study(moving=1.0)
    trajectory = make_trajectory(samples, StudyDesign((), "who", "time"))
    tests = compare_trajectories(samples, trajectory, alpha, distances, DESIGN)
    row = tests[tests["question"] == "change of composition"].iloc[0]
    assert row["p_value"] < 0.03
    # adonis2(D ~ b + t + g:t, by = "terms"), D as in test_model_oracles, b <- factor(rep(1:4,
    # each = 3)), t <- factor(rep(1:3, 4)), g <- factor(rep(c("u", "v"), each = 6))
    i, j = np.arange(1, 13)[:, None], np.arange(1, 8)[None, :]
    values = squareform(pdist((i * i * j + 3 * i * j * j + 5 * j) % 11, "braycurtis"))
    names = tuple(f"s{index:02d}" for index in range(12))
    who = tuple("abcd"[index // 3] for index in range(12))
    small = Trajectory(names, who, np.tile([0, 1, 2], 4), ("1", "2", "3"))
    group = {"a": "u", "b": "u", "c": "v", "d": "v"}
    compared, inner = measure_trajectories(small, Distances(names, values), group)
    columns = TermColumns(
        np.array([[float(group[x] == "v")] for x in compared.subjects]),
        np.ones((4, 1)), np.zeros((4, 0)), np.zeros(4, dtype=np.int64),
    )  # fmt: skip
    found = measure_term(inner, columns, PermutationPlan(9, (1,)))
    assert found is not None
    assert found.squares == pytest.approx(0.012839911777786, rel=1e-8)
    assert found.pseudo_f == pytest.approx(0.057434010539929, rel=1e-8)


def test_incomplete_and_changing_groups_are_rows_with_reasons() -> None:
    samples, alpha, distances = make_study(n=4)
    trajectory = make_trajectory(samples, StudyDesign((), "who", "time"))
    tests = compare_trajectories(samples, trajectory, alpha, distances, DESIGN)
    assert tests["note"].str.contains("not tested: fewer than 3 subjects").sum() == 2
    samples[0].metadata["group"] = "case"
    tests = compare_trajectories(samples, trajectory, alpha, distances, DESIGN)
    assert tests["note"].tolist() == ["not tested: group changes within who"]


def test_program(tmp_path: Path) -> None:
    samples, alpha, distances = make_study()
    lines = ["sample\treads\twho\ttime\tgroup"]
    lines += ["\t".join([s.name, f"{s.name}.fq", *s.metadata.values()]) for s in samples]
    (tmp_path / "samples.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    write_table(alpha, tmp_path / "alpha.tsv")
    write_distances(distances["aitchison"], tmp_path / "beta_aitchison.tsv")
    options = [
        "--samples", f"{tmp_path}/samples.tsv", "--group=group", f"--alpha={tmp_path}/alpha.tsv",
        f"--beta=aitchison={tmp_path}/beta_aitchison.tsv", "--volatility", f"{tmp_path}/v.tsv",
        "--trajectories", f"{tmp_path}/t.tsv", "--tests", f"{tmp_path}/l.tsv",
    ]  # fmt: skip
    assert follow_subjects.main(options) == 2
    assert follow_subjects.main([*options, "--subject=who", "--time=time"]) == 0
    trajectories = read_table(tmp_path / "t.tsv")
    assert list(trajectories["measure"].unique()) == ["shannon", "PC1 of aitchison"]
    assert trajectories["position"].tolist()[:3] == [1, 2, 3]
    assert len(read_table(tmp_path / "v.tsv")) == 24
    trajectory = make_trajectory(samples, StudyDesign((), "who", "time"))
    assert len(follow(trajectory, alpha, distances)) == 72
