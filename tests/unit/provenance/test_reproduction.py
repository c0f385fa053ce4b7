"""A study can be laid out again from its provenance, and results are compared by checksum."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from pathlib import Path
from typing import Any

import pytest

from vagus.errors import VagusError
from vagus.provenance.checksums import digest_results, read_checksums, write_checksums
from vagus.provenance.processor import describe_processor
from vagus.provenance.record import describe_file, make_provenance, write_provenance
from vagus.provenance.reproduction import (
    Finder,
    compare_processors,
    compare_results,
    compare_software,
    lay_out,
    read_provenance,
)
from vagus.study.samples import read_sheet
from vagus.study.schema import fill_defaults
from vagus.study.study import load_study

SHEET = (
    "sample\treads\trun\tcontrol\tgroup\n"
    "b é\treads/b1.fastq;reads/b2.fastq\tr2\t\tcase\n"
    "a\t{outside}/a.fastq\t\tnegative\t\n"
)


def make_study(tmp_path: Path, **config: Any) -> tuple[Path, Path]:
    """A study whose reads are below it and elsewhere; its folder and its provenance."""
    study, outside = tmp_path / "study", tmp_path / "outside"
    (study / "reads").mkdir(parents=True)
    (study / "results").mkdir()
    outside.mkdir()
    for path in (study / "reads/b1.fastq", study / "reads/b2.fastq", outside / "a.fastq"):
        path.write_text(f"@{path.name}\nA\n+\nI\n")
    (study / "samples.tsv").write_text(SHEET.format(outside=outside), encoding="utf-8")
    # as from inside the study, where the paths of the sheet are relative
    samples = read_sheet(study / "samples.tsv")
    content = make_provenance(fill_defaults(config), samples, [])
    for row in content["samples"]:
        for record in row["reads"]:
            record["file"] = record["file"].replace("b1", "reads/b1").replace("b2", "reads/b2")
    write_provenance(content, study / "results/provenance.json")
    return study, study / "results/provenance.json"


def test_inputs_are_linked_and_sheet_and_config_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, provenance = make_study(tmp_path, seed=5)
    folder = tmp_path / "again"
    lay_out(read_provenance(provenance), study, Finder([tmp_path / "outside"]), folder)
    monkeypatch.chdir(folder)
    again = load_study(Path("config.yaml"))
    assert again.config["seed"] == 5
    first, second = again.samples
    assert (first.name, first.control, first.metadata) == ("a", "negative", {"group": ""})
    assert (second.name, second.run, second.metadata) == ("b é", "r2", {"group": "case"})
    assert second.reads == ("reads/b1.fastq", "reads/b2.fastq")
    assert [Path(p).read_text()[:3] for p in (*first.reads, *second.reads)] == ["@a.", "@b1", "@b2"]


def test_inputs_with_absolute_paths_are_found_through_the_sheet(tmp_path: Path) -> None:
    study, provenance = make_study(tmp_path)
    folder = tmp_path / "again"
    lay_out(read_provenance(provenance), study, Finder([]), folder)
    (sample, _) = read_sheet(folder / "samples.tsv")
    assert Path(sample.reads[0]).resolve() == (tmp_path / "outside" / "a.fastq").resolve()


def test_a_reference_with_an_absolute_path_is_found_through_the_config(tmp_path: Path) -> None:
    reference = tmp_path / "outside" / "own.fasta"
    study, provenance = make_study(tmp_path, taxonomy={"reference": str(reference)})
    reference.write_text(">r\nACGT\n")
    content = read_provenance(provenance)
    content["references"] = [describe_file(reference)]
    with pytest.raises(VagusError, match=r"the reference own\.fasta"):
        lay_out(content, study, Finder([]), tmp_path / "again")
    (study / "config.yaml").write_text(f"taxonomy: {{reference: '{reference}'}}\n")
    lay_out(content, study, Finder([]), tmp_path / "again")
    assert (tmp_path / "again" / "own.fasta").resolve() == reference.resolve()


def test_moved_inputs_are_found_by_their_checksum(tmp_path: Path) -> None:
    study, provenance = make_study(tmp_path)
    moved = tmp_path / "elsewhere" / "deep"
    moved.mkdir(parents=True)
    (study / "reads/b1.fastq").rename(moved / "renamed.fastq")
    (moved / "decoy.fastq").write_text("@b0.fastq\nA\n+\nI\n")  # as long, with other content
    folder = tmp_path / "again"
    finder = Finder([tmp_path / "outside", tmp_path / "elsewhere"])
    lay_out(read_provenance(provenance), study, finder, folder)
    assert (folder / "reads/b1.fastq").resolve() == (moved / "renamed.fastq").resolve()


def test_a_changed_input_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    study, provenance = make_study(tmp_path)
    (study / "reads/b2.fastq").write_text("@b2.fastq\nC\n+\nI\n")
    with pytest.raises(VagusError, match=r"reads/b2\.fastq"):
        lay_out(
            read_provenance(provenance), study, Finder([tmp_path / "outside"]), tmp_path / "again"
        )
    assert not (tmp_path / "again").exists()


def test_a_folder_in_use_is_refused(tmp_path: Path) -> None:
    study, provenance = make_study(tmp_path)
    with pytest.raises(VagusError, match="not an empty folder"):
        lay_out(read_provenance(provenance), study, Finder([]), study)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"config": {}}', '{"samples": 1, "references": [], "config": {}}']
)
def test_what_is_no_provenance_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(text)
    with pytest.raises(VagusError, match="not the provenance of a study"):
        read_provenance(path)
    with pytest.raises(VagusError, match="no such file"):
        read_provenance(tmp_path / "none.json")


def test_other_versions_are_told(tmp_path: Path) -> None:
    _, path = make_study(tmp_path)
    content = read_provenance(path)
    assert compare_software(content) == []
    content["packages"]["numpy"] = "1.0"
    assert [line.split(" ")[:2] for line in compare_software(content)] == [["numpy", "1.0"]]


def test_checksums_are_those_of_sha256sum(tmp_path: Path) -> None:
    names = ("a b.tsv", "sub/é.tsv", "logs/x.log", "benchmarks/y.tsv", ".hidden/z")
    for name in (*names, "denoise/pools/run1/pieces/0.npz"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    target = tmp_path / "checksums.sha256"
    write_checksums(tmp_path, target)
    found = read_checksums(target)
    assert list(found) == ["a b.tsv", "sub/é.tsv"]
    assert found["a b.tsv"] == hashlib.sha256(b"a b.tsv").hexdigest()
    assert digest_results(tmp_path) == found
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", target.name], cwd=tmp_path, check=False,
        capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    target.write_text("no checksum\n")
    with pytest.raises(VagusError, match="checksum"):
        read_checksums(target)


def write_results(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_results_are_compared_by_name_and_content(tmp_path: Path) -> None:
    record = {"reads": [{"file": "reads/a.fastq", "sha256": "1"}], "processor": {"model": "A"}}
    one = write_results(tmp_path / "one", {"provenance.json": json.dumps(record), "changed": "x"})
    record = {"reads": [{"file": "a.fastq", "sha256": "1"}], "processor": {"model": "B"}}
    two = write_results(tmp_path / "two", {"provenance.json": json.dumps(record), "changed": "y"})
    before = {"same": "1", "gone": "2", "changed": "3", "provenance.json": "4"}
    after = {"same": "1", "changed": "0", "new": "5", "provenance.json": "6"}
    assert compare_results(before, after, (one, two)) == [
        "changed: differs", "gone: absent now", "new: new",
    ]  # fmt: skip
    record["reads"][0]["sha256"] = "2"  # type: ignore[index]
    (two / "provenance.json").write_text(json.dumps(record))
    found = compare_results(before, after, (one, two))
    assert [line for line in found if line.startswith("provenance.json: differs")]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("taxon\tp\nx y\t0.25000001\n", "equal to 1e-6 (largest difference 1e-08)"),
        ("taxon\tp\nx y\t0.251\n", "differs beyond 1e-6 (largest difference 0.001)"),
        ("taxon\tp\nx z\t0.25\n", "differs beyond 1e-6: in words, rows or columns"),
        ("taxon\tp\nx y\t\n", "differs beyond 1e-6: in words, rows or columns"),
        ("taxon\tp\nx y\t0.25\nz\t1\n", "differs beyond 1e-6: in words, rows or columns"),
    ],
)
def test_tables_equal_but_for_rounding_are_set_apart(
    tmp_path: Path, now: str, expected: str
) -> None:
    folders = (
        write_results(tmp_path / "then", {"t.tsv": "taxon\tp\nx y\t0.25\n"}),
        write_results(tmp_path / "now", {"t.tsv": now}),
    )
    assert compare_results({"t.tsv": "1"}, {"t.tsv": "2"}, folders) == [f"t.tsv: {expected}"]


CPUINFO = "processor\t: 0\nmodel name\t: Example 9000\nflags\t\t: {}\n\nprocessor\t: 1\n"
V2 = "fpu sse2 cx16 popcnt sse4_1 sse4_2 ssse3"
V3 = f"{V2} avx avx2 bmi1 bmi2 f16c fma movbe"


@pytest.mark.parametrize(
    ("flags", "level"),
    [
        (V2, "x86-64-v2"),
        (V3, "x86-64-v3"),
        (f"{V3} avx512f avx512bw avx512cd avx512dq", "x86-64-v3"),  # without avx512vl
        (f"{V3} avx512f avx512bw avx512cd avx512dq avx512vl", "x86-64-v4"),
        ("fpu", platform.machine()),
    ],
)
def test_processors_are_named_by_model_and_level(tmp_path: Path, flags: str, level: str) -> None:
    path = tmp_path / "cpuinfo"
    path.write_text(CPUINFO.format(flags))
    assert describe_processor(path) == {"model": "Example 9000", "level": level}
    absent = describe_processor(tmp_path / "none")
    assert absent["level"] == platform.machine()


def test_another_processor_is_named(tmp_path: Path) -> None:
    _, path = make_study(tmp_path)
    content = read_provenance(path)
    assert compare_processors(content) == []
    content["processor"] = {"model": "Example 9000", "level": "x86-64-v2"}
    (line,) = compare_processors(content)
    assert line.startswith("processor Example 9000 (x86-64-v2) then, ")
    del content["processor"]  # of a study from before it was recorded
    assert compare_processors(content) == []
