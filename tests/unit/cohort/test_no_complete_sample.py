"""Designs in which no sample has a value in every column of a model, through the real programs."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

import check_design
import compare_groups
import compare_taxa
import follow_subjects
import model_diversity
from vagus.cohort.alpha_metrics import N_TESTED
from vagus.diversity.distances import Distances, write_distances
from vagus.study.design_checks import list_design_warnings
from vagus.study.study import make_study
from vagus.tables import read_table, write_table

N = 16
COLUMNS = ("group", "who", "visit", "age", "bmi", "site")
RESULTS = ("alpha_tests", "beta_tests", "alpha_models", "beta_models", "differential_genus")
MODELS = ("alpha_models", "beta_models", "differential_genus")


def make_columns() -> dict[str, list[str]]:
    """16 samples of 8 people, two visits each; people keep their group."""
    return {
        "group": ["case" if n < N // 2 else "control" for n in range(N)],
        "who": [f"P{n // 2}" for n in range(N)],
        "visit": [str(1 + n % 2) for n in range(N)],
        "age": [str(30 + 3 * (n // 2) % 17) for n in range(N)],
        "bmi": [str(20 + 5 * (n // 2) % 11) for n in range(N)],
        "site": ["xyz"[(n // 2) % 3] for n in range(N)],
    }


def write_study(folder: Path, columns: Mapping[str, Sequence[str]]) -> None:
    """Write the sheet, diversity and counts of 16 samples."""
    rng = np.random.default_rng(4)
    names = [f"s{n:02d}" for n in range(N)]
    rows = ["\t".join(["sample", "reads", *columns])]
    rows += ["\t".join([names[n], f"{n}.fq", *(c[n] for c in columns.values())]) for n in range(N)]
    (folder / "samples.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    points = rng.normal(size=(N, 3))
    alpha = pd.DataFrame({"sample": names, "reads": 100, "depth": 50})
    write_table(alpha.assign(observed=9.0, shannon=points[:, 0]), folder / "alpha.tsv")
    write_distances(
        Distances(tuple(names), squareform(pdist(points))), folder / "beta_aitchison.tsv"
    )
    counts = pd.DataFrame(rng.poisson(30, (6, N)), columns=names)
    counts.insert(0, "genus", [f"g{n}" for n in range(6)])
    write_table(counts, folder / "counts.tsv")


def run_programs(folder: Path, *design: str) -> dict[str, pd.DataFrame]:
    """Run the five programs of the stage as the workflow does; the tables by name."""
    own = ["--samples", f"{folder}/samples.tsv", *design, "--permutations", "99"]
    data = ["--alpha", f"{folder}/alpha.tsv", "--beta", f"aitchison={folder}/beta_aitchison.tsv"]

    def out(option: str, name: str) -> list[str]:
        return [f"--{option}", f"{folder}/{name}.tsv"]

    assert check_design.main([*own, *out("alpha", "alpha"), *out("checks", "design")]) == 0
    tests = [*out("alpha-tests", "alpha_tests"), *out("beta-tests", "beta_tests")]
    assert compare_groups.main([*own, *data, *tests]) == 0
    models = [*out("alpha-models", "alpha_models"), *out("beta-models", "beta_models")]
    assert model_diversity.main([*own, *data, *models]) == 0
    counts = ["--counts", f"genus={folder}/counts.tsv"]
    taxa = ["--tests", f"genus={folder}/differential_genus.tsv"]
    assert compare_taxa.main([*own, *counts, *taxa]) == 0
    names = ["design", *RESULTS]
    if "--subject" in design and "--time" in design:
        outputs = [*out("volatility", "volatility"), *out("trajectories", "trajectories")]
        assert follow_subjects.main([*own, *data, *outputs, *out("tests", "tests")]) == 0
        names.append("tests")
    return {name: read_table(folder / f"{name}.tsv") for name in names}


def read_warnings(folder: Path, **cohort: object) -> list[str]:
    """What ``vagus check`` warns of in the design."""
    config = {"samples": str(folder / "samples.tsv"), "cohort": cohort}
    study = make_study(config)
    return [text for _, text in list_design_warnings(study.samples, study.design, N_TESTED)]


def assert_untested(table: pd.DataFrame, words: str) -> None:
    """The table has rows, and all of them say why there is no test."""
    assert len(table)
    assert table["p_value"].isna().all()
    assert table["note"].str.startswith(words).all()


def test_a_covariate_without_a_value(tmp_path: Path) -> None:
    write_study(tmp_path, make_columns() | {"age": ["NA"] * N})
    found = run_programs(tmp_path, "--group", "group", "--covariates", "age")
    words = "not tested: no sample has all of group and age"
    for name in MODELS:
        assert_untested(found[name], words)
    # tests that take no covariates are made
    assert found["alpha_tests"]["p_value"].notna().any()
    assert found["beta_tests"]["p_value"].notna().all()
    assert words in set(found["design"]["finding"])
    assert any(words in text for text in read_warnings(tmp_path, group="group", covariates=["age"]))


def test_covariates_known_in_disjoint_groups(tmp_path: Path) -> None:
    columns = make_columns()
    half = N // 2
    columns["age"] = [*["NA"] * half, *columns["age"][half:]]
    columns["bmi"] = [*columns["bmi"][:half], *[""] * half]
    write_study(tmp_path, columns)
    options = ["--group", "group", "--covariates", "age", "--covariates", "bmi"]
    found = run_programs(tmp_path, *options)
    words = "not tested: no sample has all of group, age and bmi"
    for name in MODELS:
        assert_untested(found[name], words)
    assert words in set(found["design"]["finding"])
    warnings = read_warnings(tmp_path, group="group", covariates=["age", "bmi"])
    assert any(words in text for text in warnings)


def test_a_covariate_known_in_one_level_only(tmp_path: Path) -> None:
    columns = make_columns()
    columns["age"] = [*["nan"] * (N // 2), *columns["age"][N // 2 :]]
    write_study(tmp_path, columns)
    found = run_programs(tmp_path, "--group", "group", "--covariates", "age")
    for name in MODELS:
        assert_untested(found[name], "not tested: samples of fewer than two levels remain")


def test_a_subject_without_a_value(tmp_path: Path) -> None:
    write_study(tmp_path, make_columns() | {"who": ["NA"] * N})
    found = run_programs(tmp_path, "--group", "group", "--subject", "who", "--time", "visit")
    words = "not tested: no sample has all of group and who"
    for name in RESULTS:
        assert_untested(found[name], words)
    assert_untested(found["tests"], "not tested: no sample has all of group, who and visit")
    assert words in set(found["design"]["finding"])
    warnings = read_warnings(tmp_path, group="group", subject="who", time="visit")
    assert any(words in text for text in warnings)


def test_a_time_without_a_value(tmp_path: Path) -> None:
    write_study(tmp_path, make_columns() | {"visit": [""] * N})
    found = run_programs(tmp_path, "--group", "group", "--subject", "who", "--time", "visit")
    assert found["alpha_models"]["p_value"].notna().any()
    assert_untested(found["tests"], "not tested: no sample has all of group, who and visit")
    words = "not tested: no sample has all of who and visit"
    assert words in set(found["design"]["finding"])
    warnings = read_warnings(tmp_path, group="group", subject="who", time="visit")
    assert any(words in text for text in warnings)


@pytest.mark.parametrize("word", ["", "NA", "nan"])
def test_a_group_without_two_levels_is_refused_before_anything_runs(
    tmp_path: Path, word: str
) -> None:
    write_study(tmp_path, make_columns() | {"group": [word] * (N - 2) + ["case"] * 2})
    with pytest.raises(Exception, match="only the level 'case'"):
        make_study({"samples": str(tmp_path / "samples.tsv"), "cohort": {"group": "group"}})


def test_more_columns_than_samples(tmp_path: Path) -> None:
    columns = make_columns()
    numbers = np.random.default_rng(5).normal(size=(N + 2, N))
    more = {f"c{n}": [f"{x:.3f}" for x in row] for n, row in enumerate(numbers)}
    write_study(tmp_path, columns | more)
    options = [word for name in more for word in ("--covariates", name)]
    found = run_programs(tmp_path, "--group", "group", *options)
    for name in MODELS:
        assert found[name]["p_value"].isna().all()
        assert found[name]["note"].str.contains("not tested: ").all()


def test_constant_and_aliased_covariates_are_left_out_and_named(tmp_path: Path) -> None:
    columns = make_columns()
    doubled = [str(2 * int(age)) for age in columns["age"]]
    write_study(tmp_path, columns | {"same": ["7"] * N, "doubled": doubled})
    names = ("age", "doubled", "same")
    options = [word for name in names for word in ("--covariates", name)]
    found = run_programs(tmp_path, "--group", "group", *options)
    for name in MODELS:
        own = found[name]
        if name == "beta_models":  # other rows are of the covariates
            own = own[own["term"] == "group"]
        assert own["p_value"].notna().any()
        for left_out in ("doubled", "same"):
            note = f"not adjusted for {left_out}: constant or given by other covariates"
            assert own["note"].str.contains(note).all()


PATTERNS = st.fixed_dictionaries(
    {name: st.lists(st.booleans(), min_size=N, max_size=N) for name in COLUMNS}
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(PATTERNS, st.sampled_from([("age",), ("age", "site"), ("bmi", "site", "age"), ()]))
def test_any_pattern_of_missing_values(
    missing: dict[str, list[bool]], covariates: tuple[str, ...]
) -> None:
    """Whatever is missing, the programs end well or refuse a group that has no two levels."""
    columns = {
        name: [
            "NA" if is_lost else cell for cell, is_lost in zip(cells, missing[name], strict=True)
        ]
        for name, cells in make_columns().items()
    }
    if len(set(columns["group"]) - {"NA"}) < 2:
        return
    with tempfile.TemporaryDirectory() as folder:
        write_study(Path(folder), columns)
        options = [word for name in covariates for word in ("--covariates", name)]
        found = run_programs(
            Path(folder), "--group", "group", "--subject", "who", "--time", "visit", *options
        )
    for name in MODELS:
        untested = found[name]["p_value"].isna() & (found[name].get("term", "") != "(subjects)")
        assert found[name].loc[untested, "note"].notna().all()
