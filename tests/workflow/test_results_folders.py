"""Results in any folder: the same bytes, a report, and nothing to do in a second run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vagus.provenance.checksums import read_checksums
from workflow.studies import pick_genes, run_vagus, write_fastq, write_study

pytestmark = [pytest.mark.workflow, pytest.mark.long]

SHEET = "sample\treads\nA\treads/a.fastq.gz\nB\treads/b.fastq.gz\n"
PLACES = {
    "beside": "./../größer, 'neu' &//hier/",
    "absolute": "{top}/absolute",
    "link": "a link",
}
# what no place of the results has an influence on is left out
LESS = """
exports: []
diversity:
  levels: [asv]
  metrics: [braycurtis]
"""


def make(folder: Path, results: str) -> Path:
    """The smallest study that has every stage."""
    for number, name in enumerate("ab"):
        write_fastq(folder / "reads" / f"{name}.fastq.gz", pick_genes(3), 60, seed=number)
    config = f"results: {json.dumps(results, ensure_ascii=False)}\n{LESS}"
    write_study(folder, SHEET, config)
    return folder


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Checksums of the results in the usual place."""
    study = make(tmp_path_factory.mktemp("usual") / "study", "results")
    done = run_vagus(study, "run", "--cores", "2")
    assert done.returncode == 0, done.stderr
    return read_checksums(study / "results" / "checksums.sha256")


@pytest.mark.parametrize("place", PLACES)
def test_a_run_and_another(tmp_path: Path, place: str, expected: dict[str, str]) -> None:
    results = PLACES[place].format(top=tmp_path)
    study = make(tmp_path / "study", results)
    if place == "link":
        (tmp_path / "far").mkdir()
        (study / results).symlink_to("../far")
    done = run_vagus(study, "run", "--cores", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"Done. Report: {Path(results) / 'report/index.html'}"
    assert (study / results / "report" / "index.html").is_file()
    found = read_checksums(study / results / "checksums.sha256")
    differing = {name for name in found | expected if found.get(name) != expected.get(name)}
    assert differing <= {"provenance.json"}  # which has the name of the folder
    assert str(tmp_path) not in (study / results / "provenance.json").read_text()
    again = run_vagus(study, "run", "--cores", "2")
    assert again.returncode == 0, again.stderr
    assert "warning" not in again.stderr.replace("warning: names come from the starter", "")
    assert "]  " not in again.stdout  # the line of a step
    shown = run_vagus(study, "run", "-n")
    assert "Nothing is left to do" in shown.stdout + shown.stderr


def test_a_rerun_finds_the_inputs_and_stays_in_its_folder(
    tmp_path: Path, expected: dict[str, str]
) -> None:
    study = make(tmp_path / "study", "../results")
    assert run_vagus(study, "run", "--cores", "2").returncode == 0
    provenance = tmp_path / "results" / "provenance.json"
    before = {path: path.stat().st_mtime_ns for path in provenance.parent.rglob("*")}
    done = run_vagus(tmp_path, "rerun", str(provenance), "--folder", "new", "--cores", "2")
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()[-1]
    assert said == f"All {len(expected)} results are the same, byte for byte."
    assert (tmp_path / "new" / "results" / "report" / "index.html").is_file()
    assert {path: path.stat().st_mtime_ns for path in provenance.parent.rglob("*")} == before
