"""Studies of 0, 1 and 2 reads, ASVs and samples, through every step with every optional part.

The commands are those that Snakemake plans, run in this process, so that a step's warning is an
error here; three studies are run by ``vagus run`` as a user does.
"""

from __future__ import annotations

import csv
import html
from pathlib import Path

import pytest

from described import list_faults
from workflow.in_process import Command, plan_commands, run_study
from workflow.smallest_studies import STATES, make_config, write_smallest
from workflow.studies import run_vagus, write_study

pytestmark = pytest.mark.workflow

STUDIES = [
    ("dada", "independent", ("empty",)),
    ("dada", "independent", ("damaged",)),
    ("dada", "independent", ("one",)),
    ("dada", "independent", ("empty", "damaged")),
    ("dada", "independent", ("unlike", "empty")),
    ("dada", "independent", ("pair", "poor")),
    ("dada", "independent", ("two", "one")),
    ("phase", "independent", ("poor",)),
    ("phase", "independent", ("pair", "empty")),
    ("phase", "independent", ("unlike", "two")),
    ("dada", "pseudo", ("empty", "poor")),
    ("dada", "pseudo", ("one", "pair")),
    ("phase", "pseudo", ("empty", "one")),
    ("dada", "pooled", ("empty", "poor")),
    ("dada", "pooled", ("one", "unlike")),
    ("phase", "pooled", ("empty", "pair")),
    ("phase", "pooled", ("unlike", "two")),
]
SHORT = [
    ("dada", "independent", ("empty", "damaged")),
    ("phase", "independent", ("pair", "empty")),
]
"""What ``make test`` runs of them: one study without an ASV for each engine."""


def read_rows(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


@pytest.fixture(scope="module")
def plans() -> dict[tuple[str, str, int], list[Command]]:
    """Plans by engine, pooling and number of samples; they do not depend on the reads."""
    return {}


@pytest.mark.parametrize(
    ("engine", "pooling", "states"),
    [
        pytest.param(*study, marks=() if study in SHORT else (pytest.mark.long,))
        for study in STUDIES
    ],
)
def test_smallest_studies_end_in_a_report(
    tmp_path: Path,
    plans: dict[tuple[str, str, int], list[Command]],
    engine: str,
    pooling: str,
    states: tuple[str, ...],
) -> None:
    folder = write_smallest(tmp_path, states, make_config(engine, pooling, len(states)))
    key = (engine, pooling, len(states))
    if pooling == "pooled":  # the shards of a pool depend on the reads
        assert not run_study(folder)
    else:
        plans[key] = plans.get(key) or plan_commands(folder)
        assert not run_study(folder, plans[key])
    check_ledger(folder / "results", engine, pooling, states)
    check_lost_samples(folder / "results")
    check_tables(folder / "results")
    check_page(folder / "results")


def check_ledger(results: Path, engine: str, pooling: str, states: tuple[str, ...]) -> None:
    """Every read is accounted for, and a sample without an ASV has a reason."""
    rows = read_rows(results / "denoise" / "ledger.tsv")
    assert [row["sample"] for row in rows] == [f"s{n}" for n in range(len(states))]
    for row, state in zip(rows, states, strict=True):
        lost = sum(int(value) for name, value in row.items() if name.startswith("lost_"))
        assert int(row["input"]) == STATES[state].n_input
        assert int(row["input"]) == lost + int(row["asv_reads"])
        if pooling == "independent":
            assert int(row["n_asvs"]) == STATES[state].n_asvs[engine]
        has_asvs = row["n_asvs"] != "0"
        assert (row["status"] == "ok") == has_asvs
        assert has_asvs or row["reason"]


def check_lost_samples(results: Path) -> None:
    """The verdict counts the samples without an ASV, which are in no table of ASVs."""
    rows = read_rows(results / "denoise" / "ledger.tsv")
    n_lost = sum(row["status"] != "ok" for row in rows)
    checks = read_rows(results / "controls" / "checks.tsv")
    (lost,) = [row for row in checks if row["check"] == "samples lost"]
    assert lost["reason"] == f"{n_lost} of {len(rows)} samples have no reads in ASVs."
    assert lost["outcome"] == ("fail" if n_lost else "pass")


def check_tables(results: Path) -> None:
    """Every table is as the registry says, and has rows as long as its header."""
    assert list_faults(results) == []
    tables = sorted(results.rglob("*.tsv"))
    assert len(tables) > 100
    for path in tables:
        if path.name.endswith("_mqc.tsv"):  # starts with comments
            continue
        with open(path, encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream, delimiter="\t")
        assert all(header), path
        assert len(set(header)) == len(header), path
        assert all(len(row) == len(header) for row in rows), path


def check_page(results: Path) -> None:
    """The page names every sample without an ASV, with its reason; each sample has a page."""
    page = html.unescape((results / "report" / "index.html").read_text(encoding="utf-8"))
    for row in read_rows(results / "denoise" / "ledger.tsv"):
        own = (results / "report" / "samples" / f"{row['sample']}.html").read_text(encoding="utf-8")
        if row["status"] != "ok":
            word = "failed" if row["status"] == "failed" else "is empty"
            assert f">{row['sample']}</a> {word}: {row['reason']}" in page
            assert row["reason"] in html.unescape(own)


@pytest.mark.long
def test_a_study_that_is_empty_or_damaged_ends_well(tmp_path: Path) -> None:
    write_smallest(tmp_path, ("empty", "damaged"), "taxonomy: {reference: one.fasta}\n")
    done = run_vagus(tmp_path, "run", "--cores", "2")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Done. Report: results/report/index.html" in done.stdout
    assert "sample s1 failed: " in done.stderr
    check_ledger(tmp_path / "results", "dada", "independent", ("empty", "damaged"))
    check_page(tmp_path / "results")


@pytest.mark.long
def test_a_study_that_loses_all_reads_is_refused_by_check_and_reported_by_run(
    tmp_path: Path,
) -> None:
    write_smallest(tmp_path, ("poor", "poor"), "taxonomy: {reference: one.fasta}\n")
    checked = run_vagus(tmp_path, "check")
    assert checked.returncode == 2
    assert "nothing to denoise in this study" in checked.stderr
    done = run_vagus(tmp_path, "run", "--cores", "2")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    (first, second) = read_rows(tmp_path / "results" / "denoise" / "ledger.tsv")
    assert first["lost_expected_errors"] == second["lost_expected_errors"] == "3"
    check_page(tmp_path / "results")


@pytest.mark.long
def test_a_study_of_controls_alone_has_no_numbers_of_samples(tmp_path: Path) -> None:
    write_smallest(tmp_path, ("two", "empty"), "taxonomy: {reference: one.fasta}\n")
    sheet = (tmp_path / "samples.tsv").read_text(encoding="utf-8").splitlines()
    controls = ["control", "positive:none such", "negative"]
    rows = [f"{row}\t{cell}" for row, cell in zip(sheet, controls, strict=True)]
    write_study(tmp_path, "\n".join(rows) + "\n", "taxonomy: {reference: one.fasta}\n")
    assert not run_study(tmp_path)
    check_page_of_controls((tmp_path / "results/report/index.html").read_text(encoding="utf-8"))


def check_page_of_controls(page: str) -> None:
    text = html.unescape(page)
    assert "2 controls" in text
    assert "Controls are counted separately: of 40 reads, 40 (100.0 %) ended in an ASV." in text
