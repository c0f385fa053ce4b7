"""The command ``vagus check``, and the programs behind it, on sheets with times of every kind."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import pdist, squareform

import follow_subjects
import model_diversity
from vagus.diversity.distances import Distances, write_distances
from vagus.tables import read_table, write_table
from workflow.studies import pick_genes, run_vagus, write_fastq, write_study

N_PEOPLE = 8
CONFIG = "samples: samples.tsv\ncohort:\n  group: group\n  subject: who\n  time: when\n"


@pytest.fixture(scope="module")
def reads(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Reads of two visits of eight people."""
    folder, genes = tmp_path_factory.mktemp("reads"), pick_genes(2)
    return [write_fastq(folder / f"{n}.fastq.gz", genes, 20, seed=n) for n in range(2 * N_PEOPLE)]


def write_visits(
    folder: Path, reads: list[Path], visits: list[tuple[str, str]], more: str = "", age: str = "51"
) -> Path:
    """A study of people with a first and a second visit each."""
    rows = [["sample", "reads", "who", "group", "when", "age"]]
    for person, cells in enumerate(visits):
        for n, cell in enumerate(cells):
            name, path = f"p{person}v{n}", str(reads[2 * person + n])
            rows.append([name, path, f"p{person}", "ab"[person % 2], cell,
                         str(30 + person) if person else age])  # fmt: skip
    return write_study(folder, "\n".join(map("\t".join, rows)) + "\n", CONFIG + more)


@pytest.mark.parametrize(
    ("first", "last", "contrast"),
    [
        ("pre-treatment", "post-treatment", "post-treatment - pre-treatment"),
        ("day -7", "day 56", "day 56 - day -7"),
        ("Dec 2025", "Feb 2026", "Feb 2026 - Dec 2025"),
        ("visit one", "visit two", "visit two - visit one"),
        ("12 weeks", "1 year", "1 year - 12 weeks"),
    ],
)
def test_the_order_is_printed_and_later_is_compared_with_earlier(
    tmp_path: Path, reads: list[Path], first: str, last: str, contrast: str
) -> None:
    study = write_visits(tmp_path, reads, [(first, last)] * N_PEOPLE)
    done = run_vagus(study, "check")
    assert done.returncode == 0, done.stderr
    assert f"  order of when: {first}, {last} (read as " in done.stdout
    assert f"  tested: when ({contrast}): " in done.stdout


def test_times_without_a_known_order_are_asked_for(tmp_path: Path, reads: list[Path]) -> None:
    study = write_visits(tmp_path, reads, [("treated", "washout")] * N_PEOPLE)
    done = run_vagus(study, "check")
    assert done.returncode == 2
    assert "error: samples.tsv: the order of the times is not clear" in done.stderr
    assert "cohort.times: [treated, washout]" in done.stderr
    study = write_visits(
        tmp_path, reads, [("treated", "washout")] * N_PEOPLE, "  times: [washout, treated]\n"
    )
    done = run_vagus(study, "check")
    assert done.returncode == 0, done.stderr
    assert "  tested: when (treated - washout): " in done.stdout


def test_visits_on_dates_of_their_own_are_a_slope(tmp_path: Path, reads: list[Path]) -> None:
    start = date(2026, 1, 2)
    dates = [(start + timedelta(n), start + timedelta(51 + 2 * n)) for n in range(N_PEOPLE)]
    visits = [(a.isoformat(), b.isoformat()) for a, b in dates]
    done = run_vagus(write_visits(tmp_path, reads, visits), "check")
    assert done.returncode == 0, done.stderr
    assert (
        "days since the first visit of each who, read as dates; a number in models" in done.stdout
    )
    assert "  order of when: 0, 51, 52, 53, 54, 55, 56, 57, 58 (" in done.stdout
    assert "  tested: when (per unit of when): within-subject model, " in done.stdout


def test_all_mistakes_of_the_design_are_listed_at_once(tmp_path: Path, reads: list[Path]) -> None:
    more = "  covariates: [age]\n  reference: [contrl]\n"
    study = write_visits(tmp_path, reads, [("pre", "post")] * N_PEOPLE, more, age="51,5")
    done = run_vagus(study, "check")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "cohort.reference names 'contrl', which is no level of group" in done.stderr
    assert "the column 'age' is numbers, except for '51,5' (lines 2, 3)" in done.stderr
    assert done.stderr.count("error: ") == 2
    study = write_visits(tmp_path, reads, [("pre", "post")] * N_PEOPLE, "  reference: [post]\n")
    done = run_vagus(study, "check")
    assert done.returncode == 2
    assert "names 'post', but the first time is 'pre'" in done.stderr


def measure(
    folder: Path, visits: list[tuple[str, str]], change: float, **options: str
) -> pd.DataFrame:
    """Alpha models of values that grow by ``change`` between the visits of each person."""
    reads = [Path(f"{n}.fastq") for n in range(2 * len(visits))]
    write_visits(folder, reads, visits)
    names = [f"p{person}v{n}" for person in range(len(visits)) for n in range(2)]
    noise = np.random.default_rng(3).normal(size=(len(names), 3)) / 100
    shannon = noise[:, 0] + [change * (n % 2) for n in range(len(names))]
    alpha = pd.DataFrame({"sample": names, "reads": 100, "depth": 50, "shannon": shannon})
    write_table(alpha, folder / "alpha.tsv")
    write_distances(Distances(tuple(names), squareform(pdist(noise))), folder / "beta.tsv")
    given = [f"--samples={folder}/samples.tsv", f"--alpha={folder}/alpha.tsv", "--group=group",
             f"--beta=aitchison={folder}/beta.tsv", "--subject=who", "--time=when",
             "--permutations=99", *(f"--{k}={v}" for k, v in options.items())]  # fmt: skip
    models = [f"--{name}={folder}/{name}.tsv" for name in ("alpha-models", "beta-models")]
    trajectories = [
        f"--{name}={folder}/{name}.tsv" for name in ("volatility", "trajectories", "tests")
    ]
    assert model_diversity.main([*given, *models]) == 0
    assert follow_subjects.main([*given, *trajectories]) == 0
    table = read_table(folder / "alpha-models.tsv")
    return table[(table["variable"] == "when") & (table["metric"] == "shannon")]


def test_one_order_is_that_of_every_table(tmp_path: Path) -> None:
    """Shannon rises by 0.07 after treatment: so say the model, the trajectory and the steps."""
    found = measure(tmp_path, [("pre-treatment", "post-treatment")] * N_PEOPLE, 0.07)
    contrasts = {str(words).removesuffix(", within subjects") for words in found["contrast"]}
    assert contrasts == {"post-treatment - pre-treatment"}
    assert np.allclose(found["estimate"].dropna(), 0.07, atol=0.02)
    steps = read_table(tmp_path / "volatility.tsv")
    first_to_last = set(zip(steps["from"], steps["to"], strict=True))
    assert first_to_last == {("pre-treatment", "post-treatment")}
    trajectories = read_table(tmp_path / "trajectories.tsv")
    assert set(trajectories[trajectories["position"] == 1]["time"]) == {"pre-treatment"}


def test_a_slope_of_dates_is_the_change_a_day(tmp_path: Path) -> None:
    """0.5 in 50 to 57 days is about 0.0093 a day."""
    start = date(2026, 2, 27)
    visits = [
        (
            (start + timedelta(n)).strftime("%d.%m.%Y"),
            (start + timedelta(50 + 2 * n)).strftime("%d.%m.%Y"),
        )
        for n in range(N_PEOPLE)
    ]
    found = measure(tmp_path, visits, 0.5)
    assert set(found["contrast"]) == {"per unit of when, within subjects"}
    assert found["estimate"].iloc[0] == pytest.approx(0.5 / 53.5, rel=0.1)
    tests = read_table(tmp_path / "tests.tsv")
    change = tests[tests["question"] == "change of alpha"].iloc[0]
    assert change["contrast"] == "(b - a) per unit of time"
    assert abs(change["estimate"]) < 0.001
    weekly = measure(tmp_path, visits, 0.5, **{"time-unit": "weeks"})
    assert weekly["estimate"].iloc[0] == pytest.approx(7 * found["estimate"].iloc[0], rel=1e-3)
