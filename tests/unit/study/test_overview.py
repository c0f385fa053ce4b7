"""What ``vagus check`` says of a design is what the cohort stage then does."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

import compare_groups
import follow_subjects
import model_diversity
from vagus.cohort.design_preview import list_design_warnings
from vagus.diversity.distances import Distances, write_distances
from vagus.study.columns import has_times_within_subjects
from vagus.study.design import StudyDesign
from vagus.study.overview import (
    CHANGE_ALPHA,
    CHANGE_BETA,
    MODELS,
    PERMANOVA,
    RANKS,
    VOLATILITY,
    describe_design,
    plan_tests,
)
from vagus.study.samples import Sample, read_sheet
from vagus.tables import read_table, write_table

Rows = Sequence[Mapping[str, str]]


def make_samples(rows: Rows) -> list[Sample]:
    """Samples s00, s01, ... with this metadata."""
    return [Sample(f"s{n:02d}", f"s{n:02d}", (), metadata=dict(row)) for n, row in enumerate(rows)]


def test_a_missing_level_is_no_level() -> None:
    """NA is missing, so three of six samples are compared with nothing."""
    rows = [{"group": "depression" if n < 4 else "health" if n < 8 else "NA"} for n in range(11)]
    lines = describe_design(make_samples(rows), StudyDesign(("group",)))
    assert lines[:2] == [
        "Design: 11 samples, each on its own",
        "  group: depression (reference): 4 samples; health: 4 samples",
    ]
    assert "  tested: group (health - depression): rank tests, PERMANOVA, models" in lines


def test_a_column_of_host_species_names_no_people() -> None:
    """Two species in eight samples are levels, so everything is tested."""
    rows = [{"group": "case" if n < 4 else "control", "host": ["human", "mouse"][n % 2]}
            for n in range(8)]  # fmt: skip
    samples, design = make_samples(rows), StudyDesign(("group",))
    assert not any("not tested" in line for line in describe_design(samples, design))
    assert not any("nothing is tested" in line for line in list_design_warnings(samples, design))


def test_people_that_the_config_leaves_out() -> None:
    rows = [{"group": "ab"[n // 4], "Patient_ID": f"p{n // 2}"} for n in range(8)]
    samples, design = make_samples(rows), StudyDesign(("group",))
    assert {test.obstacle.split(";")[0] for test in plan_tests(samples, design)} == {
        "not tested: Patient_ID names people in several samples, which are not independent"
    }
    (warning,) = (w for w in list_design_warnings(samples, design) if "repeated" in w)
    assert "'subject: Patient_ID'" in warning


def test_times_are_in_their_order_and_covariates_are_numbers_or_levels() -> None:
    times = ["week10", "week2", "baseline"]
    rows = [{"group": "case" if n < 12 else "control", "who": f"p{n // 3}", "when": times[n % 3],
             "age": str(20 + n // 3), "site": "xyz"[n // 3 % 3]} for n in range(24)]  # fmt: skip
    design = StudyDesign(("group",), "who", "when", ("age", "site"))
    lines = describe_design(make_samples(rows), design)
    assert lines[0] == "Design: 24 samples of 8 subjects (column 'who')"
    assert lines[1] == (
        "  group: control (reference): 4 subjects, 12 samples; case: 4 subjects, 12 samples"
    )
    words = "read as amounts of time and words; levels in models"
    assert f"  order of when: baseline, week2, week10 ({words})" in lines
    assert "  covariate age: number" in lines
    assert "  covariate site: levels x, y, z; the first is the reference" in lines
    (changes,) = (line for line in lines if "volatility" in line)
    assert changes == (
        "  tested: group (case - control): rank tests, PERMANOVA, models, volatility, "
        "change of alpha, change of composition"
    )


def test_a_group_that_one_covariate_gives_is_refused_by_name() -> None:
    rows = [{"group": "ab"[n // 6], "site": "xy"[n // 6]} for n in range(12)]
    lines = describe_design(make_samples(rows), StudyDesign(("group",), covariates=("site",)))
    assert "  not tested: group, models: group is confounded with site" in lines


def write_study(folder: Path, rows: Rows) -> None:
    """Sheet, alpha diversity and distances of continuous random values."""
    samples = make_samples(rows)
    names = [sample.name for sample in samples]
    header = ["sample", "reads", *rows[0]]
    lines = [[s.name, f"{s.name}.fq", *(s.cell(name) for name in rows[0])] for s in samples]
    text = "\n".join("\t".join(line) for line in [header, *lines]) + "\n"
    (folder / "samples.tsv").write_text(text, encoding="utf-8")
    points = np.random.default_rng(7).normal(size=(len(rows), 3))
    alpha = pd.DataFrame({"sample": names, "reads": 100, "depth": 50, "shannon": points[:, 0]})
    write_table(alpha, folder / "alpha.tsv")
    write_distances(Distances(tuple(names), squareform(pdist(points))), folder / "beta.tsv")


def run_programs(folder: Path, design: StudyDesign) -> dict[tuple[str, str], bool]:
    """Whether the cohort stage made each kind of test of each column."""
    given = [f"--group={name}" for name in design.groups]
    given += [f"--covariates={name}" for name in design.covariates]
    given += [f"--subject={design.subject}"] if design.subject else []
    given += [f"--time={design.time}"] if design.time else []
    own = [f"--samples={folder}/samples.tsv", f"--alpha={folder}/alpha.tsv",
           f"--beta=aitchison={folder}/beta.tsv", "--permutations=99", *given]  # fmt: skip

    def out(*names: str) -> list[str]:
        return [f"--{name}={folder}/{name}.tsv" for name in names]

    assert compare_groups.main([*own, *out("alpha-tests", "beta-tests")]) == 0
    assert model_diversity.main([*own, *out("alpha-models", "beta-models")]) == 0
    ranks = read_table(folder / "alpha-tests.tsv")
    beta = read_table(folder / "beta-tests.tsv")
    models = read_table(folder / "alpha-models.tsv")
    tables = {
        RANKS: ranks,
        PERMANOVA: beta[beta["test"] == PERMANOVA],
        MODELS: models[models["model"] != "paired t-test"],
    }
    made = {
        (str(name), kind): bool(part["p_value"].notna().any())
        for kind, table in tables.items()
        for name, part in table.groupby("variable")
    }
    samples = read_sheet(folder / "samples.tsv")
    if design.person and design.time:
        if has_times_within_subjects(samples, design.time, design.person):
            assert follow_subjects.main([*own, *out("volatility", "trajectories", "tests")]) == 0
            tests = read_table(folder / "tests.tsv")
        else:  # the workflow does not run the program
            tests = pd.DataFrame({"variable": [], "question": [], "p_value": []})
        for name in design.groups:
            for kind in (VOLATILITY, CHANGE_ALPHA, CHANGE_BETA):
                part = tests[(tests["variable"] == name) & (tests["question"] == kind)]
                made[name, kind] = bool(part["p_value"].notna().any())
    return made


CELLS = {
    "group": ["case", "control", "NA", "mild"],
    "who": ["p1", "p2", "p3", "p4", "p5", "p6", ""],
    "when": ["baseline", "week2", "n/a"],
    "age": ["31", "44", "58", "null", "29"],
    "host": ["human", "mouse"],
}
ROWS = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()}),
    min_size=2,
    max_size=24,
)
SUBJECTS = st.sampled_from([None, "none", "who"])
COVARIATES = st.sampled_from([(), ("age",), ("host", "age")])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(ROWS, SUBJECTS, COVARIATES, st.booleans())
def test_what_is_planned_is_what_is_tested(
    rows: Rows, subject: str | None, covariates: tuple[str, ...], has_time: bool
) -> None:
    if len({row["group"] for row in rows} - {"NA"}) < 2:
        return
    design = StudyDesign(("group",), subject, "when" if has_time else None, covariates)
    samples = make_samples(rows)
    planned = {(t.variable, t.kind): not t.obstacle for t in plan_tests(samples, design)}
    list_design_warnings(samples, design)
    describe_design(samples, design)
    with tempfile.TemporaryDirectory() as folder:
        write_study(Path(folder), rows)
        made = run_programs(Path(folder), design)
    assert planned == made
