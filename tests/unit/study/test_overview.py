"""What ``vagus check`` reports about a design is what the cohort stage then does."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform

import compare_groups
import compare_taxa
import follow_subjects
import model_diversity
from vagus.cohort.alpha_metrics import N_TESTED
from vagus.diversity.distances import Distances, write_distances
from vagus.study.columns import has_times_within_subjects
from vagus.study.design import StudyDesign
from vagus.study.design_checks import list_design_warnings
from vagus.study.overview import PlannedTest, describe_design, plan_tests
from vagus.study.samples import Sample, read_sheet
from vagus.study.test_names import (
    ANCOM_BC,
    CLR_LINEAR,
    CLR_MIXED,
    CLR_WITHIN,
    COUNTS,
    DIRICHLET,
    PERMANOVA_MODEL,
)
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
    assert (
        "  tested: group (health - depression): Mann-Whitney U, PERMANOVA, PERMDISP, linear model, "
        "PERMANOVA with all terms, count score test, CLR linear model, ANCOM-BC, "
        "Dirichlet-multinomial"
    ) in lines


def test_a_column_of_host_species_names_no_people() -> None:
    """Two species in eight samples are levels, so everything is tested."""
    rows = [{"group": "case" if n < 4 else "control", "host": ["human", "mouse"][n % 2]}
            for n in range(8)]  # fmt: skip
    samples, design = make_samples(rows), StudyDesign(("group",))
    assert not any("not tested" in line for line in describe_design(samples, design))
    assert not any(
        "nothing is tested" in text for _, text in list_design_warnings(samples, design, N_TESTED)
    )


def test_people_that_the_config_leaves_out() -> None:
    rows = [{"group": "ab"[n // 4], "Patient_ID": f"p{n // 2}"} for n in range(8)]
    samples, design = make_samples(rows), StudyDesign(("group",))
    assert {test.obstacle.split(";")[0] for test in plan_tests(samples, design)} == {
        "not tested: Patient_ID names people in several samples, which are not independent"
    }
    found = list_design_warnings(samples, design, N_TESTED)
    ((severity, text),) = (one for one in found if "repeated" in one[1])
    assert severity == "error"
    assert "'subject: Patient_ID'" in text


def test_two_people_in_four_samples_are_people() -> None:
    rows = [{"group": "ab"[n // 2], "patient": f"p{n // 2}"} for n in range(4)]
    found = list_design_warnings(make_samples(rows), StudyDesign(("group",)), N_TESTED)
    assert any("Set 'subject: patient'" in text for _, text in found)


def test_errors_of_a_design_come_first_and_a_cause_is_one_line() -> None:
    """Samples without age are left out of the models of both columns, for one reason."""
    rows = [
        {"group": "ab"[n % 2], "site": "xy"[n // 2 % 2], "age": "" if n == 0 else str(n)}
        for n in range(4)
    ]
    design = StudyDesign(("group", "site"), covariates=("age",))
    found = list_design_warnings(make_samples(rows), design, N_TESTED)
    severities = [severity for severity, _ in found]
    assert severities == sorted(severities)
    assert {"error", "warning"} == {*severities}
    (text,) = (text for _, text in found if "without age" in text)
    assert "of 'group', 'site': 1 sample without age" in text
    sizes = [text for _, text in found if "number of samples" in text]
    assert len(sizes) == 2  # one a column
    assert all(": 2 with '" in text for text in sizes)


def test_samples_without_a_subject_are_counted() -> None:
    rows = [{"group": "ab"[n % 2], "who": "NA" if n < 2 else f"p{n}"} for n in range(8)]
    lines = describe_design(make_samples(rows), StudyDesign(("group",), "who"))
    assert lines[0] == (
        "Design: 8 samples of 8 subjects (column 'who'; 2 samples without a subject)"
    )


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
        "  tested: group (case - control): Mann-Whitney U, PERMANOVA, PERMDISP, mixed model, "
        "PERMANOVA with all terms, count score test, CLR mixed model, ANCOM-BC, "
        "Dirichlet-multinomial, volatility, change of alpha, change of composition"
    )


def test_a_group_that_one_covariate_gives_is_refused_by_name() -> None:
    rows = [{"group": "ab"[n // 6], "site": "xy"[n // 6]} for n in range(12)]
    lines = describe_design(make_samples(rows), StudyDesign(("group",), covariates=("site",)))
    assert (
        "  not tested: group, linear model, PERMANOVA with all terms, count score test, "
        "CLR linear model, ANCOM-BC, Dirichlet-multinomial: group is confounded with site"
    ) in lines


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


def give_design(design: StudyDesign) -> list[str]:
    """Options of the programs of the cohort stage."""
    given = [f"--group={name}" for name in design.groups]
    given += [f"--covariates={name}" for name in design.covariates]
    given += [f"--subject={design.subject}"] if design.subject else []
    return given + ([f"--time={design.time}"] if design.time else [])


Made = dict[tuple[str, str], str]


def read_made(table: pd.DataFrame, column: str) -> Made:
    """Each kind of test of each variable in a table of results: '' where made, else its note."""
    made = {}
    for (name, kind), part in table.groupby(["variable", column]):
        is_made = part["p_value"].notna().any()
        made[str(name), str(kind)] = "" if is_made else str(part["note"].iloc[0])
    return made


def run_programs(folder: Path, design: StudyDesign) -> Made:
    """What the cohort stage made of the tests of diversity of each column."""
    own = [f"--samples={folder}/samples.tsv", f"--alpha={folder}/alpha.tsv",
           f"--beta=aitchison={folder}/beta.tsv", "--permutations=99",
           *give_design(design)]  # fmt: skip

    def out(*names: str) -> list[str]:
        return [f"--{name}={folder}/{name}.tsv" for name in names]

    assert compare_groups.main([*own, *out("alpha-tests", "beta-tests")]) == 0
    assert model_diversity.main([*own, *out("alpha-models", "beta-models")]) == 0
    made = read_made(read_table(folder / "alpha-tests.tsv"), "test")
    made |= read_made(read_table(folder / "beta-tests.tsv"), "test")
    made |= read_made(read_table(folder / "alpha-models.tsv"), "model")
    beta = read_table(folder / "beta-models.tsv")
    own_terms = beta[beta["term"] == beta["variable"]]
    made |= read_made(own_terms.assign(test=PERMANOVA_MODEL), "test")
    samples = read_sheet(folder / "samples.tsv")
    people, times = design.person, design.time
    # without people at two times the workflow does not run the program
    if people and times and has_times_within_subjects(samples, times, people):
        assert follow_subjects.main([*own, *out("volatility", "trajectories", "tests")]) == 0
        made |= read_made(read_table(folder / "tests.tsv"), "question")
    return made


def assert_same(planned: Sequence[PlannedTest], made: Made) -> None:
    """What is announced as tested is tested, and nothing else; what is not says why, in one way."""
    announced = {(test.variable, test.kind): test.obstacle for test in planned}
    assert {key for key, why in announced.items() if not why} == {
        key for key, why in made.items() if not why
    }
    for key, why in made.items():
        assert why.startswith(announced[key]), (key, why, announced[key])


CELLS = {
    "group": ["case", "control", "NA", "mild"],
    "who": ["p1", "p2", "p3", "p4", "p5", "p6", ""],
    "when": ["baseline", "week2", "n/a"],
    "age": ["31", "44", "58", "null", "29"],
    "host": ["human", "mouse"],
}
# a person alone, with levels that change
_ONE = {"who": "p1", "when": "baseline", "age": "31", "host": "human"}
ROWS = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in CELLS.items()}),
    min_size=2,
    max_size=24,
)
SUBJECTS = st.sampled_from([None, "none", "who"])
COVARIATES = st.sampled_from([(), ("age",), ("host", "age")])


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(ROWS, SUBJECTS, COVARIATES, st.booleans())
@example([{**_ONE, "group": "case"}] * 10 + [{**_ONE, "group": "control"}], "who", (), False)
def test_what_is_planned_is_what_is_tested(
    rows: Rows, subject: str | None, covariates: tuple[str, ...], has_time: bool
) -> None:
    if len({row["group"] for row in rows} - {"NA"}) < 2:
        return
    design = StudyDesign(("group",), subject, "when" if has_time else None, covariates)
    samples = make_samples(rows)
    planned = plan_tests(samples, design)
    list_design_warnings(samples, design, N_TESTED)
    describe_design(samples, design)
    with tempfile.TemporaryDirectory() as folder:
        write_study(Path(folder), rows)
        made = run_programs(Path(folder), design)
    of_taxa = (COUNTS, CLR_LINEAR, CLR_MIXED, CLR_WITHIN, ANCOM_BC, DIRICHLET)
    assert_same([test for test in planned if test.kind not in of_taxa], made)


def repeat(n: int, **columns: str) -> Rows:
    """Rows in which each column takes the letters of its text in turn."""
    return [{name: cells[i % len(cells)] for name, cells in columns.items()} for i in range(n)]


AGES = [{"group": "ab"[i % 2], "age": str(20 + i * i), "site": "xxyy"[i % 4]} for i in range(12)]
PEOPLE = [{"group": "ab"[i // 6], "who": f"p{i // 2}", "when": "12"[i % 2]} for i in range(12)]


@pytest.mark.parametrize(
    ("rows", "design", "made"),
    [
        (AGES, StudyDesign(("group",)), {COUNTS, CLR_LINEAR, ANCOM_BC, DIRICHLET}),
        (AGES, StudyDesign(("group",), covariates=("age",)), {COUNTS, CLR_LINEAR, ANCOM_BC}),
        (AGES, StudyDesign(("age",)), {COUNTS, CLR_LINEAR, ANCOM_BC}),
        (AGES[:6] + AGES[7:8], StudyDesign(("site",)), {COUNTS, CLR_LINEAR, ANCOM_BC, DIRICHLET}),
        (AGES[:2] + AGES[4:6] + AGES[2:3], StudyDesign(("site",)), {COUNTS, CLR_LINEAR, ANCOM_BC}),
        (PEOPLE, StudyDesign(("group",), "who"), {COUNTS, CLR_MIXED, ANCOM_BC, DIRICHLET}),
        (PEOPLE, StudyDesign(("when",), "who"), {COUNTS, CLR_WITHIN}),
        ([{**row, "Patient_ID": row["who"]} for row in PEOPLE], StudyDesign(("group",)), set()),
        (repeat(8, group="ab", batch="xy"), StudyDesign(("group",), covariates=("batch",)), set()),
    ],
)  # fmt: skip
def test_methods_that_are_planned_for_taxa_are_those_used(
    tmp_path: Path, rows: Rows, design: StudyDesign, made: set[str]
) -> None:
    """``made``: by the table of ``abundance_methods``, for groups of two samples or more."""
    write_study(tmp_path, rows)
    counts = np.random.default_rng(3).poisson(40, size=(len(rows), 5)) + 1
    lines = [["genus", *(f"s{n:02d}" for n in range(len(rows)))]]
    lines += [[f"g{t}", *map(str, counts[:, t].tolist())] for t in range(5)]
    text = "\n".join("\t".join(line) for line in lines) + "\n"
    (tmp_path / "genus.tsv").write_text(text, encoding="utf-8")
    options = [f"--samples={tmp_path}/samples.tsv", f"--counts=genus={tmp_path}/genus.tsv",
               f"--tests=genus={tmp_path}/tests.tsv", *give_design(design)]  # fmt: skip
    assert compare_taxa.main(options) == 0
    table = read_table(tmp_path / "tests.tsv")
    tested = table[table["p_value"].notna()]
    assert set(tested["method"]) == made
    kinds = (COUNTS, CLR_LINEAR, CLR_MIXED, CLR_WITHIN, ANCOM_BC, DIRICHLET)
    planned = [t for t in plan_tests(make_samples(rows), design) if t.kind in kinds]
    assert {test.kind for test in planned if not test.obstacle} == made
    for test in planned:
        assert not test.obstacle or test.obstacle in table["note"].iloc[0]
