"""The whole workflow on a small messy study: accounts balance, nothing stops it, it repeats."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from described import list_faults
from vagus.sequences import read_fasta, write_fasta
from workflow.conftest import HOSTILE
from workflow.studies import ROOT, run_vagus

pytestmark = pytest.mark.workflow

# what may differ between two runs: logs and measured times
NOT_RESULTS = ("logs", "benchmarks")


def _read(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def _digest_results(results: Path) -> dict[str, str]:
    digests = {}
    for path in sorted(results.rglob("*")):
        relative = path.relative_to(results)
        if path.is_file() and relative.parts[0] not in NOT_RESULTS:
            digests[str(relative)] = hashlib.md5(path.read_bytes()).hexdigest()
    return digests


def test_progress_and_end_are_told(finished: Path) -> None:
    lines = (finished / "stdout.txt").read_text(encoding="utf-8").splitlines()
    assert any("prepare_reads  key=P01-baseline" in line for line in lines)
    assert lines[-1] == "Done. Report: results/report/index.html"


def test_every_read_is_accounted_for(finished: Path) -> None:
    rows = _read(finished / "results" / "denoise" / "ledger.tsv")
    assert len(rows) == 8 + 2 + 5
    table = _read(finished / "results" / "denoise" / "asv_table.tsv")
    for row in rows:
        lost = sum(int(value or 0) for name, value in row.items() if name.startswith("lost_"))
        kept = int(row["asv_reads"] or 0)
        assert int(row["input"] or 0) == lost + kept, row["sample"]
        assert kept == sum(int(asv.get(row["sample"], 0) or 0) for asv in table), row["sample"]


def test_samples_that_fail_are_rows_with_reasons(finished: Path) -> None:
    rows = {row["sample"]: row for row in _read(finished / "results" / "denoise" / "ledger.tsv")}
    assert rows["cut off"]["status"] == "failed"
    assert "cut off.fastq.gz" in rows["cut off"]["reason"]
    assert rows["none in it"]["status"] == "empty"
    assert rows["none in it"]["reason"]
    assert rows["blank"]["status"] == "empty"
    assert rows["five é"]["asv_reads"] == "5"  # five copies of one error-free gene
    # the first partition is started without a test, as by R dada2: by this read here
    assert (rows["one"]["engine"], rows["one"]["asv_reads"]) == ("dada", "1")
    page = (finished / "results" / "report" / "index.html").read_text(encoding="utf-8")
    for name in ("cut off", "none in it", "five é"):
        assert name in page


def test_a_hostile_name_stays_a_name(finished: Path) -> None:
    (row,) = [
        r for r in _read(finished / "results" / "denoise" / "ledger.tsv") if "<b>" in r["sample"]
    ]
    assert row["sample"] == HOSTILE
    assert row["asv_reads"] == "4"
    assert not list(finished.rglob("pwned*"))
    pages = list((finished / "results" / "report").rglob("*.html"))
    assert len(pages) > 5
    for page in pages:
        assert "<b>`touch" not in page.read_text(encoding="utf-8")
    assert any("&lt;b&gt;`touch" in page.read_text(encoding="utf-8") for page in pages)
    for path in (finished / "results").rglob("*"):
        assert re.fullmatch(r"[A-Za-z0-9._-]+", path.name), path


def test_tables_hold_what_is_promised(finished: Path) -> None:
    results = finished / "results"
    asvs = [row["asv"] for row in _read(results / "denoise" / "asv_table.tsv")]
    fasta = (results / "denoise" / "asvs.fasta").read_text(encoding="ascii").split(">")[1:]
    for record in fasta:
        name, sequence = record.split()
        assert hashlib.md5(sequence.encode()).hexdigest() == name
    assert [record.split()[0] for record in fasta] == asvs
    assert {row["Feature ID"] for row in _read(results / "taxonomy" / "taxonomy.tsv")} == set(asvs)
    tree = (results / "phylogeny" / "tree.nwk").read_text(encoding="ascii")
    assert all(asv in tree for asv in asvs)
    assert str(finished) not in (results / "provenance.json").read_text(encoding="utf-8")


def test_true_variants_are_found(finished: Path) -> None:
    truth = _read(finished / "truth" / "asv_table.tsv")
    found = {row["asv"] for row in _read(finished / "results" / "denoise" / "asv_table.tsv")}
    deep = {row["asv"] for row in truth if max(int(n) for k, n in row.items() if k != "asv") >= 20}
    assert len(deep) >= 10
    assert len(deep & found) >= 0.95 * len(deep)


@pytest.mark.long
@pytest.mark.nightly
def test_one_core_and_a_shuffled_sheet_give_the_same_bytes(finished: Path, tmp_path: Path) -> None:
    again = tmp_path / "elsewhere"
    shutil.copytree(
        finished, again, ignore=shutil.ignore_patterns("results", ".snakemake", "std*.txt")
    )
    sheet = again / "samples.tsv"
    header, *rows = sheet.read_text(encoding="utf-8").splitlines()
    random.Random(1).shuffle(rows)
    sheet.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    done = run_vagus(
        again, "run", "--cores", "1",
        TZ="Asia/Kathmandu", LC_ALL="tr_TR.UTF-8", LANG="C", PYTHONHASHSEED="7",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    first, second = _digest_results(finished / "results"), _digest_results(again / "results")
    assert len(first) > 50
    assert {name for name in first | second if first.get(name) != second.get(name)} == set()


@pytest.mark.long
@pytest.mark.nightly
def test_a_rerun_from_the_provenance_gives_the_same_bytes(finished: Path, tmp_path: Path) -> None:
    provenance = finished / "results" / "provenance.json"
    done = run_vagus(tmp_path, "rerun", str(provenance), "--folder", "new", "--cores", "2")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    told = done.stdout.splitlines()[-1]
    n_files = len((finished / "results" / "checksums.sha256").read_text().splitlines())
    assert told == f"All {n_files} results are the same, byte for byte."
    checked = subprocess.run(
        ["sha256sum", "--check", "--quiet", "checksums.sha256"], cwd=finished / "results",
        capture_output=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


def _count_recovered(study: Path) -> int:
    """True variants that were found in the very sample that contains them."""
    truth = _read(study / "truth" / "asv_table.tsv")
    found = {row["asv"]: row for row in _read(study / "results" / "denoise" / "asv_table.tsv")}
    return sum(
        int(found.get(row["asv"], {}).get(sample) or 0) > 0
        for row in truth
        for sample, reads in row.items()
        if sample != "asv" and int(reads) > 0
    )


def count_bases(text: str) -> int:
    return sum(map(text.count, "ACGT"))


@pytest.mark.long
@pytest.mark.nightly
def test_every_option_at_once(finished: Path, tmp_path: Path) -> None:
    """Pseudo-pooling, counts of rescued reads, and two databases with their consensus."""
    study = tmp_path / "options"
    shutil.copytree(
        finished, study, ignore=shutil.ignore_patterns("results", ".snakemake", "std*.txt")
    )
    records = list(read_fasta(ROOT / "resources" / "starter_reference.fasta.gz"))
    write_fasta(records[::3], study / "third.fasta")
    with open(study / "config.yaml", "a", encoding="utf-8") as config:
        config.write(
            "denoise:\n  pooling: pseudo\n  rescue: true\n"
            "taxonomy:\n  more_references: [third.fasta]\n"
            "  group_strains: true\n  copy_numbers: shipped\n"
        )
    done = run_vagus(study, "run", "--cores", "2")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    test_every_read_is_accounted_for(study)
    assert _count_recovered(study) > _count_recovered(finished)
    calls = _read(study / "results" / "taxonomy" / "taxonomy.tsv")
    assert {row["database"] for row in calls} <= {"starter", "third", ""}
    assert (study / "results" / "denoise" / "rescued.tsv").is_file()
    strains = _read(study / "results" / "taxonomy" / "strains.tsv")
    kept = _read(study / "results" / "selection" / "asv_table.tsv")
    assert {row["asv"] for row in strains} == {row["asv"] for row in kept}
    corrected = _read(study / "results" / "taxonomy" / "copy_corrected_asv_table.tsv")
    assert [row["asv"] for row in corrected] == [row["asv"] for row in kept]
    assert list_faults(study / "results") == []
    assert not list((study / "results").rglob("*.index"))  # kept once for all studies
    record = json.loads((study / "results/taxonomy/databases/third/reference.json").read_text())
    # more than 2 % ambiguous letters are too many
    clean = [text for _, text in records[::3] if len(text) - count_bases(text) <= 0.02 * len(text)]
    assert (record["reference"], record["sequences"]) == ("third", len(clean))
    write_fasta(records[1::3], study / "third.fasta")
    planned = run_vagus(study, "run", "-n", "--verbose-snakemake").stdout
    for rule in ("index_database", "classify_with_database", "join_databases"):
        assert f"rule {rule}:" in planned


def _dry_run(checkout: Path, study: Path) -> str:
    done = subprocess.run(
        [
            sys.executable, "-m", "snakemake", "-n", "--snakefile",
            str(checkout / "workflow" / "Snakefile"), "--configfile", "config.yaml", "--cores", "1",
        ],
        cwd=study, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def test_a_copied_checkout_reruns_nothing(finished: Path, checkout: Path, tmp_path: Path) -> None:
    study = tmp_path / "copied study"
    shutil.copytree(finished, study)  # keeps times of modification
    assert "Nothing to be done" in _dry_run(checkout, study)


@pytest.mark.parametrize(
    ("edited", "expected"),
    [
        ("taxonomy/call.py", {"classify_asvs"}),
        ("cohort/group_tests.py", {"compare_groups"}),
        ("reads/trimming.py", {"prepare_reads"}),
        ("report/study_page.py", {"write_report"}),
    ],
)
def test_an_edit_reruns_what_imports_it(
    finished: Path, checkout: Path, edited: str, expected: set[str]
) -> None:
    with open(checkout / "scripts" / "vagus" / edited, "a", encoding="utf-8") as stream:
        stream.write("\n# edited\n")
    jobs = re.split(r"(?m)^(?=(?:local)?rule )", _dry_run(checkout, finished))
    # what is downstream is rerun for its inputs; here are the rules that rerun for their code
    changed = {job.split(":", 1)[0].split()[1] for job in jobs if "Params have changed" in job}
    assert changed == expected
