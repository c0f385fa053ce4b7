"""Folders that may not take results: refused by every way to run, and nothing is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workflow.studies import ROOT, pick_genes, run_vagus, write_fastq

SHEET = "sample\treads\nA\treads/a.fastq.gz\nB\tfar/b.fastq.gz\n"
# (results, files and folders beside the study's own, what is said)
REFUSED = {
    "root": ("/", [], "one above it"),
    "itself": (".", [], "is the folder in which Vagus runs"),
    "spelled otherwise": ("reads/../.", [], "is the folder in which Vagus runs"),
    "above": ("..", [], "one above it"),
    "home": ("~/results", [], "'~', which is not expanded here"),
    "line": ('"a\\nb"', [], "has a control character"),
    "bell": ('"a\\ab"', [], "has a control character"),
    "NUL": ('"a\\0b"', [], "has a control character"),
    "300 letters": ("r" * 300, [], "a name of more than 255 bytes"),
    "130 umlauts": ("ä" * 130, [], "a name of more than 255 bytes"),
    "deep": ("/".join(["d" * 200] * 16), [], "longer than 3000 bytes"),
    "address": ("s3://bucket/results", [], "is an address"),
    "option": ('"-results"', [], "begins with '-'"),
    "blank": ('" results"', [], "begins or ends with a blank"),
    "reads": ("reads", [], "contains the reads of sample 'A', reads/a.fastq.gz"),
    "reads by a link": ("link", [], "contains the reads of sample 'A', reads/a.fastq.gz"),
    "reads that are linked": ("store", [], "contains the reads of sample 'B', far/b.fastq.gz"),
    "above a reference": ("data", [], "contains the reference data/deep/own.fasta"),
    "truth": ("truth", [], "contains the folder of truth truth"),
    "own of the workflow": (".snakemake/results", [], "in the workflow's own folder"),
    "of somebody": ("theirs", ["theirs/provenance.json", "theirs/.tmp123.a.tsv"], "has files"),
    "below of somebody": ("theirs", ["theirs/deep/er/notes.txt"], "has files"),
    "a file": ("theirs", ["theirs"], "this is a file, not a folder"),
    "below a file": ("theirs/results", ["theirs"], "this is a file, not a folder"),
    "nowhere": ("broken", [], "this link leads nowhere"),
    "circle": ("circle", [], "circle: "),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study whose inputs are in several places, some behind links."""
    study = tmp_path_factory.mktemp("whole") / "study"
    for place in ("reads/a", "store/b"):
        write_fastq(study / f"{place}.fastq.gz", pick_genes(2), 60)
    for folder in ("far", "data/deep", "truth"):
        (study / folder).mkdir(parents=True)
    (study / "far" / "b.fastq.gz").symlink_to("../store/b.fastq.gz")
    (study / "data" / "deep" / "own.fasta").write_text(">a\nACGT\n")
    (study / "truth" / "variants.fasta").write_text("")
    (study / "link").symlink_to("reads")
    (study / "broken").symlink_to("../nothing/there")
    (study / "circle").symlink_to("circle")
    (study / "samples.tsv").write_text(SHEET)
    return study


@pytest.fixture
def study(whole: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(whole, tmp_path / "study", symlinks=True))


def describe(folder: Path) -> dict[str, object]:
    """Everything below a folder: kind, content and time of its last change."""
    found: dict[str, object] = {}
    for path in sorted([folder, *folder.rglob("*")]):
        state = path.lstat()
        content = path.read_bytes() if path.is_file() else None
        found[str(path.relative_to(folder))] = (state.st_mode, state.st_mtime_ns, content)
    return found


def run_by_hand(folder: Path) -> subprocess.CompletedProcess[str]:
    """Start Snakemake itself."""
    return subprocess.run(
        [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "workflow" / "Snakefile"),
         "--configfile", "config.yaml", "--cores", "1"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def read_error(done: subprocess.CompletedProcess[str]) -> str:
    """The one message of a command that was refused."""
    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    return line


@pytest.mark.parametrize("case", REFUSED)
def test_refused_and_untouched(study: Path, case: str) -> None:
    results, files, message = REFUSED[case]
    for name in files:
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).write_text("not of Vagus")
        os.utime(study / name, (4e9, 4e9))  # a time to come, which a run would correct
    (study / "config.yaml").write_text(
        f"results: {results}\ntruth: truth\ntaxonomy:\n  reference: data/deep/own.fasta\n"
    )
    before = describe(study.parent)
    for command in ("check", "run"):
        assert message in read_error(run_vagus(study, command))
        assert describe(study.parent) == before


@pytest.mark.parametrize("case", ["itself", "home", "reads by a link", "of somebody"])
def test_refused_by_hand_as_well(study: Path, case: str) -> None:
    results, files, message = REFUSED[case]
    for name in files:
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).write_text("not of Vagus")
    (study / "config.yaml").write_text(f"results: {results}\n")
    before = describe(study.parent)
    done = run_by_hand(study)
    assert done.returncode != 0
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    after = describe(study.parent)
    assert {name: x for name, x in after.items() if ".snakemake" not in name and name != "study"} \
        == {name: x for name, x in before.items() if name != "study"}  # fmt: skip


def run_first_step(study: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A run of one step, which is enough to have results."""
    words = ("run", "--cores", "1", "--no-check", "--until", "write_provenance", *words)
    return run_vagus(study, *words)


@pytest.fixture(scope="module")
def begun(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study beside its results, of which one is there."""
    study = tmp_path_factory.mktemp("begun") / "one"
    shutil.copytree(whole, study, symlinks=True)
    (study / "config.yaml").write_text("results: ../results\n")
    done = run_first_step(study)
    assert done.returncode == 0, done.stderr
    return study


@pytest.fixture
def shared(begun: Path, tmp_path: Path) -> Path:
    """A copy of the folder in which study and results are."""
    return Path(shutil.copytree(begun.parent, tmp_path / "place", symlinks=True))


def test_results_of_another_study(shared: Path) -> None:
    other = Path(shutil.copytree(shared / "one", shared / "other", symlinks=True))
    before = describe(shared / "results")
    for command in ("check", "run"):
        said = read_error(run_vagus(other, command))
        assert f"the results of another study, {shared / 'one' / 'config.yaml'}." in said
    by_hand = run_by_hand(other)
    assert by_hand.returncode != 0
    assert "the results of another study" in by_hand.stderr
    shutil.copy(shared / "one" / "config.yaml", shared / "one" / "second.yaml")
    read_error(run_vagus(shared / "one", "check", "--configfile", "second.yaml"))
    assert describe(shared / "results") == before


@pytest.mark.long
def test_a_study_that_was_moved_keeps_its_results(shared: Path) -> None:
    (shared / "one").rename(shared / "moved")
    done = run_first_step(shared / "moved")
    assert done.returncode == 0, done.stderr
    (shared / "moved" / "config.yaml").rename(shared / "moved" / "renamed.yaml")
    assert run_vagus(shared / "moved", "run", "-n", "--configfile", "renamed.yaml").returncode == 0


@pytest.mark.parametrize("left", [".snakemake/vagus-outputs.jsonl", ".snakemake/metadata", ""])
def test_results_of_versions_before_are_recognised(shared: Path, left: str) -> None:
    """By the record of a run, by Snakemake's, or by a provenance with the study's samples."""
    study, results = shared / "one", shared / "results"
    shutil.rmtree(results / ".vagus")
    for path in sorted((study / ".snakemake").rglob("*")):
        if path.is_file() and (not left or not path.is_relative_to(study / left)):
            path.unlink()
    if left:
        (results / "provenance.json").write_text("{}")
    assert run_vagus(study, "run", "-n").returncode == 0
    if not left:
        write_fastq(study / "reads" / "other.fastq.gz", pick_genes(2), 60)
        (study / "samples.tsv").write_text("sample\treads\nA\treads/other.fastq.gz\n")
        assert "no results of this study" in read_error(run_vagus(study, "check"))


def test_results_that_another_run_is_writing(begun: Path, root: Path) -> None:
    hold = (
        "import sys; from pathlib import Path; from vagus.cli.lock import hold_folders\n"
        "with hold_folders(Path('elsewhere'), Path('results')): print('held', flush=True); "
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold], cwd=begun.parent, env={"PYTHONPATH": str(root / "scripts")},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        before = describe(begun.parent / "results")
        said = read_error(run_vagus(begun, "run", "--no-check"))
        assert f"{begun.parent / 'results'}: another 'vagus run' is working in this folder" in said
        assert describe(begun.parent / "results") == before
        other.communicate("")
    assert run_first_step(begun).returncode == 0
