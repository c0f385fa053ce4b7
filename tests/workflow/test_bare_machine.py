"""Machines for which some packages have no build: the same bytes without them, or it is said."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from workflow.studies import pick_genes, run_vagus, write_fastq, write_study

pytestmark = [pytest.mark.workflow, pytest.mark.long]

# Linux on ARM has neither edlib nor dnaio, Python 3.14 no edlib, macOS no VeryFastTree
ABSENT = ("edlib", "dnaio", "pyfamsa")
SHEET = "sample\treads\n" + "".join(f"s{i}\treads/s{i}.fastq.gz\n" for i in (1, 2, 3))


def write(folder: Path) -> Path:
    study = write_study(folder, SHEET)
    for number in (1, 2, 3):
        write_fastq(study / "reads" / f"s{number}.fastq.gz", pick_genes(5)[number - 1 :], 20)
    return study


def read_results(study: Path) -> dict[str, bytes]:
    results = study / "results"
    return {
        path.relative_to(results).as_posix(): path.read_bytes()
        for path in sorted(results.rglob("*"))
        if path.is_file() and path.relative_to(results).parts[0] not in ("logs", "benchmarks")
    }


def test_the_same_bytes_without_edlib_dnaio_and_pyfamsa(tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    absent = ", ".join(f"{name}=None" for name in ABSENT)
    (bare / "sitecustomize.py").write_text(f"import sys\nsys.modules.update({absent})\n")
    found = []
    for name, paths in (("whole", []), ("without", [str(bare)])):
        study = write(tmp_path / name)
        here = os.environ.get("PYTHONPATH")
        path = os.pathsep.join([*paths, *([here] if here else [])])
        done = run_vagus(study, "run", "--cores", "2", PYTHONPATH=path)
        assert done.returncode == 0, done.stdout + done.stderr
        found.append(read_results(study))
    whole, without = found
    assert sorted(whole) == sorted(without)
    assert len(whole) > 100
    assert [name for name in whole if whole[name] != without[name]] == []
    provenance = json.loads(whole["provenance.json"])
    assert provenance["phylogeny"] == {"aligner": "star", "tree": "VeryFastTree"}
