"""What a run says in plain words: what will run and why, what failed and why, that all is done.

All on copies of one finished study, which a copy does not make new.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from workflow.studies import run_vagus

pytestmark = [pytest.mark.workflow, pytest.mark.long]

NOTHING = "Nothing is left to do: all results are up to date. Report: results/report/index.html"
# the program of a step kills itself as the kernel does when memory runs out
KILL = """\
import os, signal, sys
if any(word.endswith("classify_asvs.py") for word in sys.orig_argv):
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def study(finished: Path, tmp_path: Path) -> Path:
    """A finished study that may be changed."""
    return Path(shutil.copytree(finished, tmp_path / "copy é"))


def set_keys(study: Path, text: str) -> None:
    """Add keys to a config that does not have them."""
    config = study / "config.yaml"
    config.write_text(config.read_text(encoding="utf-8") + text, encoding="utf-8")


def read_stages(text: str) -> dict[str, str]:
    """The line of each stage of what would run."""
    rows = [line.split(None, 1) for line in text.splitlines() if line.startswith("  ")]
    return {row[0]: row[1] for row in rows}


def test_a_finished_study_says_so(finished: Path) -> None:
    for words in (["run", "-n"], ["run", "--cores", "1", "--no-check"], ["check"]):
        done = run_vagus(finished, *words)
        assert done.returncode == 0, done.stderr
        assert NOTHING in done.stdout, words
    done = run_vagus(finished, "run", "--no-check", "taxonomy")
    assert done.stdout == "Up to date: results/taxonomy\n"


def test_what_will_run_is_explained_by_stage(study: Path) -> None:
    set_keys(study, "taxonomy: {min_confidence: 0.7}\n")
    (study / "results" / "phylogeny" / "tree.nwk").unlink()
    done = run_vagus(study, "run", "-n")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) <= 14
    stages = read_stages(done.stdout)
    assert stages["taxonomy"] == "1 job: changed setting taxonomy.min_confidence (0.8 -> 0.7)"
    assert "missing output (results/phylogeny/tree.nwk)" in stages["phylogeny"]
    assert "inputs are made again" in stages["diversity"]
    assert not stages.keys() & {"reads", "denoise"}  # nothing of what is before
    total = sum(int(words.split()[0]) for words in stages.values())
    assert done.stdout.startswith(f"{total} jobs would run:\n")
    done = run_vagus(study, "check")
    assert stages["taxonomy"] in done.stdout
    assert done.stdout.endswith("Next: vagus run\n")


def test_changed_reads_and_changed_code_are_named(study: Path, checkout: Path) -> None:
    reads = study / "reads" / "blank.fastq.gz"
    reads.write_bytes((study / "reads" / "one.fastq.gz").read_bytes())
    with open(checkout / "scripts" / "vagus" / "taxonomy" / "call.py", "a") as stream:
        stream.write("\n# edited\n")
    done = run_vagus(study, "run", "-n", PYTHONPATH=str(checkout / "scripts"))
    assert done.returncode == 0, done.stderr
    stages = read_stages(done.stdout)
    assert "new or changed input (reads/blank.fastq.gz)" in stages["reads"]
    assert "changed code" in stages["taxonomy"]
    assert "changed code" not in stages["reads"]


def test_a_stage_is_a_target(study: Path) -> None:
    """Also by -C; other stages are left as they are, and a wrong name is a user's mistake."""
    set_keys(study, "exports: [biom]\ntaxonomy: {min_confidence: 0.7}\n")
    aside = study / "results" / "selection" / "asv_table.tsv"
    before = aside.stat().st_mtime_ns
    done = run_vagus(study.parent, "run", "-C", study.name, "--no-check", "taxonomy")
    assert done.returncode == 0, done.stderr
    assert "classify_asvs" in done.stdout
    assert done.stdout.endswith("Done. Results: results/taxonomy\n")
    assert aside.stat().st_mtime_ns == before
    done = run_vagus(study.parent, "-C", study.name, "run", "-n", "taxonomi")
    assert done.returncode == 2
    assert "Stages that can be named: reads, denoise, taxonomy, selection, " in done.stderr


def test_a_job_that_was_killed_says_so(study: Path, tmp_path: Path) -> None:
    set_keys(study, "taxonomy: {min_confidence: 0.7}\n")
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(KILL, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "hook"), os.environ.get("PYTHONPATH", "")])
    done = run_vagus(study, "run", "--cores", "1", "--no-check", PYTHONPATH=path)
    assert done.returncode == 1
    why = "killed from outside (SIGKILL), most often because memory ran out"
    log = "results/logs/taxonomy/classify_asvs.log"
    assert f"error: classify_asvs failed: {why}\n    The end of its log, {log}:\n" in done.stdout
    assert "error: the run stopped: 1 step failed:\n" in done.stderr
    assert f"\n  classify_asvs: {why}\n" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert why in (study / log).read_text(encoding="utf-8")  # also where a scheduler runs it
    done = run_vagus(study, "run", "--cores", "1", "--no-check", "taxonomy")
    assert done.returncode == 0, done.stderr
