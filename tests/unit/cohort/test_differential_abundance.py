"""Taxa that differ are found, others are not; the methods equal their libraries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import compare_taxa as program
from vagus.cohort.abundance_methods import fill_zeros, fit_clr, run_ancombc, run_dirichlet
from vagus.cohort.differential_abundance import compare_taxa
from vagus.study.columns import Column
from vagus.study.design import StudyDesign
from vagus.study.model_frame import ModelFrame, make_frame
from vagus.study.samples import Sample
from vagus.tables import read_table
from vagus.tables.counts import CountTable

N_TAXA = 20


def make_study(repeats: int = 1, n_subjects: int = 24) -> tuple[list[Sample], CountTable]:
    """Taxon t00 is 16 times more abundant in cases, t19 is seen in one sample only."""
    rng = np.random.default_rng(5)
    samples, counts = [], []
    for subject in range(n_subjects):
        group = "case" if subject % 2 else "control"
        own = rng.lognormal(0, 0.6, N_TAXA) * 20
        own[0] *= 16 if group == "case" else 1
        for time in range(repeats):
            name = f"P{subject:02d}-{time}"
            row = rng.poisson(own * rng.lognormal(0, 0.2, N_TAXA))
            row[19] = 5 if not counts else 0
            counts.append(row)
            meta = {"group": group, "who": f"P{subject:02d}", "time": f"t{time}",
                    "age": str(20 + rng.integers(0, 40))}  # fmt: skip
            samples.append(Sample(name, name, (), metadata=meta))
    taxa = [f"t{index:02d}" for index in range(N_TAXA)]
    return samples, CountTable.from_counts([s.name for s in samples], taxa, np.array(counts))


def make_model(samples: list[Sample], column: Column) -> ModelFrame:
    return make_frame(samples, column, {s.name for s in samples}, "")


def test_a_real_difference_is_found_by_the_primary_test() -> None:
    samples, table = make_study()
    found = compare_taxa(samples, table, StudyDesign(("group",)), "genus", 0.1)
    assert list(found["method"].unique()) == [
        "count score test", "CLR linear model", "ANCOM-BC", "Dirichlet-multinomial",
    ]  # fmt: skip
    assert "t19" not in set(found["taxon"])
    first = found[found["taxon"] == "t00"]
    assert set(first["result"]) == {"higher"}
    assert (first["log2_fold"].between(2.5, 5)).all()
    assert (first["low"] < 4).all()
    assert (first["high"] > 3).all()
    others = found[found["taxon"] != "t00"]
    assert (others["result"] == "not found").all()
    assert set(found["contrast"]) == {"case - control"}
    assert (first["share_level"] > first["share_reference"]).all()
    primary = found["method"] == "count score test"
    assert (found["role"] == np.where(primary, "primary", "sensitivity")).all()
    assert found.loc[primary, "q_shift_05"].notna().all()
    assert found.loc[~primary, "q_shift_05"].isna().all()
    assert (found.loc[primary, "q_shift_05"] >= found.loc[primary, "q_value"]).all()
    assert found["q_all_levels"].isna().all()
    # 12 units in the smaller level: see count_effects
    assert "of 19 taxa taken as unchanged" in found["note"].iloc[0]
    assert "does not depend on the reference" in found["note"].iloc[0]


def test_three_levels_have_a_test_of_all() -> None:
    samples, table = make_study(n_subjects=48)
    for index, sample in enumerate(samples):
        if index % 4 == 0:
            sample.metadata["group"] = "other"
    found = compare_taxa(samples, table, StudyDesign(("group",)), "genus", 0.1)
    primary = found[found["role"] == "primary"]
    assert set(primary["contrast"]) == {"case - control", "other - control"}
    first = primary[primary["taxon"] == "t00"]
    assert (first["q_all_levels"] < 0.05).all()
    assert first["result"].tolist() == ["higher", "not found"]


def test_repeated_subjects_and_covariates() -> None:
    samples, table = make_study(repeats=2, n_subjects=12)
    design = StudyDesign(("group",), "who", "time", ("age",))
    found = compare_taxa(samples, table, design, "genus", 0.1)
    by_variable = found.groupby("variable")["method"].unique()
    others = ["CLR mixed model", "ANCOM-BC", "Dirichlet-multinomial"]
    assert list(by_variable["group"]) == ["count score test", *others]
    assert list(by_variable["time"]) == ["count score test", "CLR within-subject model"]
    first = found[(found["taxon"] == "t00") & (found["variable"] == "group")]
    assert (first["q_value"] < 0.05).sum() >= 2
    assert set(found["covariates"]) == {"age"}
    of_time = found[found["variable"] == "time"]
    assert set(of_time["contrast"]) == {"t1 - t0, within subjects"}
    assert "ANCOM-BC left out" in of_time["note"].iloc[0]


def make_scores(n_people: int = 40) -> tuple[list[Sample], CountTable]:
    """Taxon t00 doubles with each unit of a person's score; t01 is higher in people with more."""
    rng = np.random.default_rng(6)
    samples, counts = [], []
    for person in range(n_people):
        own, usual = rng.lognormal(0, 0.5, N_TAXA) * 80, rng.normal(0, 1.5)
        own[1] *= 2 ** (0.8 * usual)
        for visit in range(4):
            name, score = f"P{person:02d}-{visit}", round(usual + rng.normal(), 3)
            row = own.copy()
            row[0] *= 2 ** (score - usual)
            counts.append(rng.poisson(row * rng.lognormal(0, 0.2, N_TAXA)))
            samples.append(Sample(name, name, (), metadata={"who": name[:3], "phq9": str(score)}))
    taxa = [f"t{index:02d}" for index in range(N_TAXA)]
    return samples, CountTable.from_counts([s.name for s in samples], taxa, np.array(counts))


def test_a_score_at_every_visit_is_two_questions() -> None:
    samples, table = make_scores()
    found = compare_taxa(samples, table, StudyDesign(("phq9",), "who"), "genus", 0.1)
    primary = found[found["role"] == "primary"].set_index(["contrast", "taxon"])
    within, between = "per unit of phq9, within subjects", "per unit of phq9, between subjects"
    assert set(found["contrast"]) == {within, between}
    assert primary.loc[(within, "t00"), "result"] == "higher"
    assert primary.loc[(within, "t00"), "low"] < 1 < primary.loc[(within, "t00"), "high"]
    assert primary.loc[(between, "t01"), "p_value"] < 0.05
    assert primary.loc[(between, "t01"), "low"] > 0
    assert primary.loc[(between, "t01"), "log2_fold"] == pytest.approx(0.8, abs=0.25)
    assert primary.loc[(within, "t01"), "result"] == "not found"
    assert primary.loc[(between, "t00"), "result"] == "not found"


def test_few_people_are_not_tested_within() -> None:
    samples, table = make_scores(5)
    found = compare_taxa(samples, table, StudyDesign(("phq9",), "who"), "genus", 0.1)
    assert set(found["method"]) == {"CLR within-subject model"}
    assert set(found["result"]) == {"not tested"}
    assert "need 6 subjects, here 5" in found["note"].iloc[0]


def test_covariates_of_independent_samples_leave_out_what_cannot_take_them() -> None:
    samples, table = make_study()
    found = compare_taxa(samples, table, StudyDesign(("group",), covariates=("age",)), "asv", 0.1)
    assert list(found["method"].unique()) == [
        "count score test", "CLR linear model", "ANCOM-BC",
    ]  # fmt: skip
    assert "Dirichlet-multinomial left out" in found["note"].iloc[0]


def test_ancombc_estimates_are_those_of_the_library() -> None:
    from skbio.stats.composition import ancombc

    samples, table = make_study()
    frame = make_model(samples, Column("group", False, None))
    counts = table.counts.astype(float)
    ours = run_ancombc(counts, frame)[0]
    meta = pd.DataFrame({"case": frame.variable.columns[:, 0]}, index=list(table.samples))
    reference = ancombc(pd.DataFrame(fill_zeros(counts), index=list(table.samples)), meta, "case")
    rows = reference.result.xs("case", level="Covariate").iloc[:-1]
    assert ours.log2_fold == pytest.approx(rows["Log(FC)"].to_numpy() / np.log(2))
    # t with 22 degrees of freedom and a larger error: never below the normal p-value
    assert (ours.p_values >= rows["pvalue"].to_numpy()).all()


def test_clr_by_hand() -> None:
    samples, table = make_study()
    frame = make_model(samples, Column("group", False, None))
    counts = table.counts.astype(float)
    logs = np.log2(counts + 0.5 * counts.sum(axis=1, keepdims=True) / counts.sum(axis=1).mean())
    clr = logs - logs.mean(axis=1, keepdims=True)
    case = frame.variable.columns[:, 0] == 1
    expected = clr[case].mean(axis=0) - clr[~case].mean(axis=0)
    assert fit_clr(counts, frame)[0].log2_fold == pytest.approx(expected[:-1])


def test_draws_depend_on_the_seed_alone() -> None:
    samples, table = make_study()
    frame = make_model(samples, Column("group", False, None))
    counts = table.counts.astype(float)
    first, again, other = (run_dirichlet(counts, frame, seed)[0] for seed in ((1,), (1,), (2,)))
    assert first.p_values.tolist() == again.p_values.tolist()
    assert first.p_values.tolist() != other.p_values.tolist()


def test_too_few_taxa_are_a_row_with_the_reason() -> None:
    samples, table = make_study()
    few = CountTable(table.samples, table.asvs[:2], table.counts[:, :2])
    found = compare_taxa(samples, few, StudyDesign(("group",)), "phylum", 0.1)
    assert len(found) == 1
    assert "2 taxa" in found["note"][0]
    assert found["p_value"].isna().all()


def test_program(tmp_path: Path) -> None:
    samples, table = make_study()
    lines = ["sample\treads\tgroup"]
    lines += [f"{s.name}\t{s.name}.fq\t{s.metadata['group']}" for s in samples]
    (tmp_path / "samples.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    counts = pd.DataFrame(table.counts.T, columns=list(table.samples))
    counts.insert(0, "genus", list(table.asvs))
    counts.to_csv(tmp_path / "genus.tsv", sep="\t", index=False)
    options = [
        "--samples", f"{tmp_path}/samples.tsv", "--group=group",
        "--counts", f"genus={tmp_path}/genus.tsv",
        "--tests", f"genus={tmp_path}/differential_genus.tsv",
    ]  # fmt: skip
    assert program.main(options) == 0
    first = (tmp_path / "differential_genus.tsv").read_bytes()
    assert program.main(options) == 0
    assert (tmp_path / "differential_genus.tsv").read_bytes() == first
    assert len(read_table(tmp_path / "differential_genus.tsv")) == 4 * (N_TAXA - 1)
