"""The step program on whole folders of tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import pdist, squareform
from scipy.stats import mannwhitneyu, rankdata, ttest_rel, wilcoxon

import compare_groups
import model_diversity
from vagus.diversity.distances import Distances, write_distances
from vagus.tables import read_table, write_table

N_PERSONS = 12
ALPHA = [
    "variable", "metric", "test", "groups", "n", "statistic", "p_value", "q_value", "effect",
    "effect_low", "effect_high", "effect_name", "note",
]  # fmt: skip
BETA = [
    "variable", "metric", "test", "n", "groups", "statistic", "p_value", "q_value",
    "permutations", "effect", "effect_name", "note",
]  # fmt: skip


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """12 persons in two groups, two weeks each, and a blank; values differ between groups."""
    rng = np.random.default_rng(21)
    lines, names, points = ["sample\treads\tcontrol\tgroup\tperson\tweek\tage"], [], []
    for person in range(N_PERSONS):
        group = "case" if person < 6 else "control"
        centre = rng.normal(size=3) + (3 if person < 6 else 0)
        for week in (0, 8):
            names.append(f"P{person:02d} é w{week}")
            points.append(centre + rng.normal(scale=0.3, size=3))
            cells = [names[-1], f"{len(names)}.fq", "", group, f"P{person:02d}", str(week)]
            lines.append("\t".join([*cells, str(30 + person)]))
    lines.append("blank\tblank.fq\tnegative\tcase\t\t\t")
    names.append("blank")
    points.append(np.full(3, 100.0))
    (tmp_path / "samples.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    values = np.array(points)
    alpha = pd.DataFrame({"sample": names, "reads": 100, "depth": 50, "shannon": values[:, 0]})
    alpha["faith_pd"] = np.where(values[:, 1] > 50, np.nan, values[:, 1])
    write_table(alpha.sort_values("sample"), tmp_path / "alpha.tsv")
    order = sorted(range(len(names)), key=names.__getitem__)
    square = squareform(pdist(values[order]))
    write_distances(
        Distances(tuple(names[row] for row in order), square), tmp_path / "beta_aitchison.tsv"
    )
    return tmp_path


def name_diversity(study: Path) -> list[str]:
    return [f"--alpha={study}/alpha.tsv", f"--beta=aitchison={study}/beta_aitchison.tsv"]


def run(study: Path, *options: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    given = ["--samples", f"{study}/samples.tsv", *name_diversity(study)]
    outputs = ["--alpha-tests", f"{study}/a.tsv", "--beta-tests", f"{study}/b.tsv"]
    assert compare_groups.main([*given, *outputs, *options]) == 0
    return read_table(study / "a.tsv"), read_table(study / "b.tsv")


def test_groups_and_times_with_repeated_subjects(study: Path) -> None:
    alpha, beta = run(study, "--group=group", "--subject=person", "--time=week")
    assert list(alpha.columns) == ALPHA
    assert list(beta.columns) == BETA
    assert alpha["variable"].tolist() == ["group", "group", "week", "week"]
    values = read_table(study / "alpha.tsv").iloc[:-1]["shannon"].to_numpy().reshape(12, 2)
    row = alpha.iloc[0]
    expected = mannwhitneyu(values[:6].mean(axis=1), values[6:].mean(axis=1), method="exact")
    assert (row["test"], row["groups"], row["n"]) == (
        "Mann-Whitney U", "control;case", "control:6;case:6",
    )  # fmt: skip
    assert row["effect_name"] == "rank-biserial correlation, case - control"
    higher = values[:6].mean() > values[6:].mean()
    assert (row["effect"] > 0) == higher
    assert row["statistic"] == expected.statistic
    assert f"exact p {expected.pvalue:.3g}" in row["note"]
    assert row["effect_low"] < row["effect"] <= row["effect_high"] <= 1
    assert "24 samples of 12 subjects, one mean for each subject" in row["note"]
    row = alpha.iloc[2]
    assert row["test"] == "Wilcoxon signed-rank"
    assert row["effect_name"] == "matched-pairs rank-biserial correlation, 8 - 0"
    rise = values[:, 1] - values[:, 0]
    assert row["statistic"] == rankdata(np.abs(rise))[rise > 0].sum()
    assert f"exact p {wilcoxon(values[:, 0], values[:, 1]).pvalue:.3g}" in row["note"]
    assert beta["test"].tolist() == ["PERMANOVA", "PERMDISP"] * 2
    assert beta["n"].tolist() == ["control:12;case:12"] * 2 + ["0:12;8:12"] * 2
    assert beta["permutations"].tolist() == [924, 924, 999, 999]
    assert beta["p_value"][0] < 0.01
    assert "whole subjects permuted" in beta["note"][0]
    assert "permuted within subjects" in beta["note"][2]
    assert (alpha["q_value"] >= alpha["p_value"]).all()


def test_several_groups_numbers_and_covariates(study: Path) -> None:
    options = ["--group=group", "--group=age", "--subject=person", "--covariates=age"]
    alpha, beta = run(study, *options, "--permutations=199")
    assert alpha["test"].tolist() == ["Mann-Whitney U"] * 2 + ["Spearman"] * 2
    assert alpha["n"].tolist()[2:] == ["12", "12"]
    notes = alpha["note"].tolist()
    assert "not adjusted for age" in notes[0]
    assert "not adjusted" not in notes[2]
    assert beta["p_value"].notna().tolist() == [True, True, True, False]
    assert "between levels" in beta["note"][3]


def test_bytes_depend_on_the_seed_alone(study: Path) -> None:
    options = ["--group=group", "--permutations=99", "--subject=none"]
    run(study, *options)
    first = (study / "a.tsv").read_bytes(), (study / "b.tsv").read_bytes()
    sheet = (study / "samples.tsv").read_text(encoding="utf-8").splitlines()
    (study / "samples.tsv").write_text("\n".join([sheet[0], *sheet[:0:-1]]), encoding="utf-8")
    run(study, *options)
    assert first == ((study / "a.tsv").read_bytes(), (study / "b.tsv").read_bytes())
    _, beta = run(study, *options, "--seed=2")
    assert first[1] != (study / "b.tsv").read_bytes()
    assert (beta["permutations"] == 99).all()


def test_few_and_no_samples_are_rows_with_notes(study: Path) -> None:
    alpha = read_table(study / "alpha.tsv")
    alpha.loc[:, "shannon"] = np.nan
    alpha.loc[alpha.index[3:], "faith_pd"] = np.nan
    write_table(alpha, study / "alpha.tsv")
    write_distances(Distances((), np.zeros((0, 0))), study / "beta_aitchison.tsv")
    alpha, beta = run(study, "--group=group", "--subject=person", "--time=week")
    assert alpha["p_value"].isna().tolist() == [True, True, True, True]
    assert beta["p_value"].isna().all()
    assert all("not tested" in note for note in [*alpha["note"], *beta["note"]])


def test_mistakes_are_one_message(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["--samples", f"{study}/samples.tsv", *name_diversity(study)]
    outputs = ["--alpha-tests", f"{study}/a.tsv", "--beta-tests", f"{study}/b.tsv"]
    for option, words in (
        ("--group=sex", "no column 'sex'"),
        ("--group=reads", "no column 'reads'"),
    ):
        assert compare_groups.main([*given, *outputs, option]) == 2
        assert words in capsys.readouterr().err
    sheet = (study / "samples.tsv").read_text(encoding="utf-8").replace("\tcontrol\tP", "\tcase\tP")
    (study / "samples.tsv").write_text(sheet, encoding="utf-8")
    assert compare_groups.main([*given, *outputs, "--group=group"]) == 2
    message = capsys.readouterr().err
    assert "the column 'group' has only the level 'case'" in message
    assert "Traceback" not in message
    assert not (study / "a.tsv").exists()


def test_models_of_the_same_study(study: Path) -> None:
    given = ["--samples", f"{study}/samples.tsv", *name_diversity(study)]
    design = ["--group=group", "--subject=person", "--time=week", "--covariates=age"]
    outputs = ["--alpha-models", f"{study}/am.tsv", "--beta-models", f"{study}/bm.tsv"]
    options = [*given, *design, *outputs]
    assert model_diversity.main(options) == 0
    alpha, beta = read_table(study / "am.tsv"), read_table(study / "bm.tsv")
    own = ["within-subject model", "paired t-test"]
    assert alpha["model"].tolist() == ["mixed model"] * 2 + own * 2
    times = ["8 - 0, within subjects", "8 - 0"]
    assert alpha["contrast"].tolist() == ["case - control"] * 2 + times * 2
    assert (alpha["low"] < alpha["estimate"]).all()
    assert (alpha["estimate"] < alpha["high"]).all()
    paired = alpha[alpha["model"] == "paired t-test"].set_index("metric")
    values = read_table(study / "alpha.tsv").iloc[:-1]["shannon"].to_numpy().reshape(12, 2)
    expected = ttest_rel(values[:, 1], values[:, 0])
    assert paired.loc["shannon", "p_value"] == pytest.approx(expected.pvalue)
    # Without missing samples the within-subject model of two times is the paired t-test.
    within = alpha[alpha["model"] == "within-subject model"].set_index("metric")
    assert within.loc["shannon", "p_value"] == pytest.approx(expected.pvalue, rel=1e-5)
    assert beta["term"].tolist() == ["age", "age", "group", "(subjects)", "week"]
    assert beta["unit"].tolist() == ["subject"] * 3 + ["sample within subject"] * 2
    assert beta["q_value"].notna().tolist() == [False, False, True, False, True]
    assert beta["p_value"][2] < 0.05
    first = (study / "am.tsv").read_bytes(), (study / "bm.tsv").read_bytes()
    assert model_diversity.main(options) == 0
    assert first == ((study / "am.tsv").read_bytes(), (study / "bm.tsv").read_bytes())


def test_people_in_several_samples_are_refused_unless_named(study: Path) -> None:
    alpha, beta = run(study, "--group=group")
    assert alpha["p_value"].isna().all()
    assert beta["p_value"].isna().all()
    assert all("person names people in several samples" in note for note in alpha["note"])
    alpha, _ = run(study, "--group=group", "--subject=none")
    assert alpha["p_value"].notna().all()
