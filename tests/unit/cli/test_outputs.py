"""Files that changed after their step had written them are found, and moved away whole."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from vagus.cli.outputs import CHANGED, OutputRecord, limit_times
from vagus.study.results_folder import RECORD

NAMES = ("results/a.tsv", "results/figures/b.svg", "results/c.tsv")


def make_study(tmp_path: Path) -> OutputRecord:
    (tmp_path / ".snakemake").mkdir()
    for name in NAMES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"whole {name}\n")
        os.utime(path, (1000.0, 1000.0))
    record = OutputRecord(Path("results"), tmp_path)
    record.note(["results/a.tsv", "results/figures", "results/c.tsv", "results/none.tsv"])
    return record


def truncate(path: Path) -> None:
    path.write_text("wh")
    os.utime(path, (2000.0, 2000.0))


def test_results_from_the_future_get_the_present_time(tmp_path: Path) -> None:
    make_study(tmp_path)
    os.utime(tmp_path / NAMES[0], (5000.0, 5000.0))
    assert limit_times(tmp_path / "results", 4000.0) == 1
    assert (tmp_path / NAMES[0]).stat().st_mtime == 4000.0
    assert (tmp_path / NAMES[1]).stat().st_mtime == 1000.0
    assert limit_times(tmp_path / "none", 4000.0) == 0


def test_nothing_changed(tmp_path: Path) -> None:
    make_study(tmp_path)
    assert OutputRecord(Path("results"), tmp_path).find_changed() == []


def test_copied_touched_and_removed_files_are_not_changed(tmp_path: Path) -> None:
    make_study(tmp_path)
    os.utime(tmp_path / NAMES[0], (9000.0, 9000.0))
    (tmp_path / NAMES[2]).unlink()
    assert OutputRecord(Path("results"), tmp_path).find_changed() == []


def test_truncated_and_edited_files_are_found_and_kept_elsewhere(tmp_path: Path) -> None:
    make_study(tmp_path)
    truncate(tmp_path / NAMES[0])
    edited = tmp_path / NAMES[1]
    edited.write_text(edited.read_text().upper())  # as long as before
    os.utime(edited, (2000.0, 2000.0))
    record = OutputRecord(Path("results"), tmp_path)
    assert record.find_changed() == [NAMES[0], NAMES[1]]
    record.set_aside(record.find_changed())
    assert not (tmp_path / NAMES[0]).exists()
    assert (tmp_path / CHANGED / NAMES[0]).read_text() == "wh"
    record.start_afresh()
    assert OutputRecord(Path("results"), tmp_path).find_changed() == []
    assert len((tmp_path / RECORD).read_text().splitlines()) == 1


def test_a_file_that_a_later_job_wrote_is_as_it_should_be(tmp_path: Path) -> None:
    make_study(tmp_path)
    metadata = tmp_path / ".snakemake" / "metadata"
    metadata.mkdir()
    for name, ended in ((NAMES[0], 2001.0), (NAMES[2], 1001.0)):
        truncate(tmp_path / name)
        encoded = base64.urlsafe_b64encode(name.encode()).decode()
        (metadata / encoded).write_text(json.dumps({"endtime": ended}))
    assert OutputRecord(Path("results"), tmp_path).find_changed() == [NAMES[2]]


def test_a_record_cut_off_by_a_kill_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    make_study(tmp_path)
    path = tmp_path / RECORD
    path.write_text(path.read_text()[:-20] + "\n[1]\nnull\n")
    truncate(tmp_path / NAMES[0])
    truncate(tmp_path / NAMES[2])
    assert OutputRecord(Path("results"), tmp_path).find_changed() == [NAMES[0]]


@pytest.mark.parametrize("spelling", ["../else where", "absolute"])
def test_results_outside_of_the_study_folder(tmp_path: Path, spelling: str) -> None:
    study, results = tmp_path / "study", tmp_path / "else where"
    (study / ".snakemake").mkdir(parents=True)
    (results / "figures").mkdir(parents=True)
    paths = results / "figures" / "a.svg", results / "b.tsv", tmp_path / "not of the study"
    for path in paths:
        path.write_text("whole\n")
    named = Path(str(results) if spelling == "absolute" else spelling)
    OutputRecord(named, study).note([f"{named}/figures", f"{named}/b.tsv", str(paths[2])])
    for path in paths:
        truncate(path)
    record = OutputRecord(named, study)
    assert record.find_changed() == [f"{named}/b.tsv", f"{named}/figures/a.svg"]
    record.set_aside(record.find_changed())
    assert [path.exists() for path in paths] == [False, False, True]
    aside = study / CHANGED / "else where"
    assert [(aside / name).read_text() for name in ("figures/a.svg", "b.tsv")] == ["wh", "wh"]


@pytest.mark.parametrize("prefix", ["s3://lab/study", "/store"])
def test_results_in_a_store_are_not_looked_for_here(tmp_path: Path, prefix: str) -> None:
    (tmp_path / ".snakemake").mkdir()
    record = OutputRecord(Path("results"), tmp_path)
    # as Snakemake names them: together longer than a path can be (PATH_MAX, 4096)
    names = [f"{prefix}/results/level/nmds_{n:03}.tsv (send to storage)" for n in range(120)]
    record.note(names)
    assert (tmp_path / RECORD).read_text() == ""
