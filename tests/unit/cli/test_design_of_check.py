"""The command ``vagus check`` on sheets whose design was judged in two ways before."""

from __future__ import annotations

from pathlib import Path

import pytest

from workflow.studies import pick_genes, run_vagus, write_fastq, write_study

CONFIG = "samples: samples.tsv\ncohort:\n  group: group\n"


@pytest.fixture(scope="module")
def reads(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Reads of twelve samples."""
    folder, genes = tmp_path_factory.mktemp("reads"), pick_genes(2)
    return [write_fastq(folder / f"s{n:02d}.fastq.gz", genes, 40, seed=n) for n in range(12)]


def write_sheet(folder: Path, reads: list[Path], columns: dict[str, list[str]]) -> Path:
    """A study with these metadata columns, one value a sample."""
    rows = [["sample", "reads", *columns]]
    rows += [
        [f"s{n:02d}", str(reads[n]), *(cells[n] for cells in columns.values())]
        for n in range(len(next(iter(columns.values()))))
    ]
    return write_study(folder, "\n".join(map("\t".join, rows)) + "\n", CONFIG)


def test_a_level_called_na_is_refused_before_the_run(tmp_path: Path, reads: list[Path]) -> None:
    study = write_sheet(tmp_path, reads, {"group": ["depression"] * 3 + ["NA"] * 3})
    done = run_vagus(study, "check")
    assert done.returncode == 2
    assert "only the level 'depression'" in done.stderr
    assert done.stderr.startswith("error: samples.tsv: ")
    assert "Traceback" not in done.stderr
    assert "Next: vagus run" not in done.stdout


def test_hosts_of_two_species_are_tested(tmp_path: Path, reads: list[Path]) -> None:
    columns = {"group": ["case"] * 4 + ["control"] * 4, "host": ["human", "mouse"] * 4}
    done = run_vagus(write_sheet(tmp_path, reads, columns), "check")
    assert done.returncode == 0, done.stderr
    assert "nothing is tested" not in done.stderr
    lines = done.stdout.splitlines()
    assert "Design: 8 samples, each on its own" in lines
    assert "  group: control (reference): 4 samples; case: 4 samples" in lines
    assert (
        "  tested: group (case - control): Mann-Whitney U, PERMANOVA, PERMDISP, linear model, "
        "PERMANOVA with all terms, count score test, CLR linear model, ANCOM-BC, "
        "Dirichlet-multinomial"
    ) in lines


def test_every_kind_of_warning_is_printed_at_once(tmp_path: Path, reads: list[Path]) -> None:
    columns = {
        "group": ["case"] * 4 + ["control"] * 2,
        "who": ["p1", "p1", "p2", "p3", "p4", "p5"],
        "age": ["NA"] * 6,
        "when": ["week10", "week2", "week2", "n/a", "week2", "week2"],
    }
    study = write_sheet(tmp_path, reads, columns)
    (study / "config.yaml").write_text(
        CONFIG + "  subject: who\n  time: when\n  covariates: [age]\n", encoding="utf-8"
    )
    done = run_vagus(study, "check")
    assert done.returncode == 0, done.stderr
    assert "Design: 6 samples of 5 subjects (column 'who')" in done.stdout
    assert "  group: control (reference): 2 subjects, 2 samples; case: 3 subjects, 4 samples" in (
        done.stdout
    )
    assert "  order of when: week2, week10" in done.stdout
    assert "  covariate age: no value" in done.stdout
    tests = (
        "linear model, PERMANOVA with all terms, count score test, CLR linear model, ANCOM-BC, "
        "Dirichlet-multinomial, change of alpha"
    )
    what = f"group, {tests}: no sample has all of group, who and age"
    assert f"  not tested: {what}" in done.stdout
    # of five subjects in two levels there are 10 arrangements, so p is at least 0.1
    assert "the smallest attainable p-value is" in done.stderr
    assert "6 samples without age" in done.stderr
    assert "covariates of 'age': has no value" in done.stderr
