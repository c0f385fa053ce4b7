"""A study of both platforms: HiFi and Nanopore samples of one community, and reads too poor."""

from __future__ import annotations

import csv
import gzip
import hashlib
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from vagus.demo.community import Member, StrainLibrary
from vagus.demo.platforms import PLATFORMS
from vagus.demo.sample import SampleDesign, SampleTruth, simulate_sample
from vagus.reference.starter import read_starter
from vagus.sequences import reverse_complement
from workflow.studies import FORWARD, REVERSE_SENSE, pick_genes, run_vagus, write_study

pytestmark = [pytest.mark.workflow, pytest.mark.long]

N_STRAINS = 6


def _read(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def write_poor_reads(path: Path, n_reads: int = 120) -> None:
    """Reads with 5 % errors whose qualities promise 1 %."""
    rng = np.random.default_rng(3)
    genes, records = pick_genes(3), []
    for number in range(n_reads):
        gene = np.array(list(genes[number % 3]))
        wrong = np.flatnonzero(rng.random(len(gene)) < 0.05)
        gene[wrong] = rng.choice(list("ACGT"), len(wrong))
        kept = np.delete(gene, np.flatnonzero(rng.random(len(gene)) < 0.01))
        read = FORWARD + "".join(kept) + REVERSE_SENSE
        read = reverse_complement(read) if number % 2 else read
        quality = "".join(chr(33 + int(q)) for q in rng.integers(16, 27, len(read)))
        records.append(f"@p{number}\n{read}\n+\n{quality}\n")
    path.write_bytes(gzip.compress("".join(records).encode(), mtime=0))


def write_mixed_study(folder: Path) -> list[SampleTruth]:
    """Two HiFi and two Nanopore samples in runs of their own, and a hopeless one."""
    library = StrainLibrary(read_starter(), 2)
    members = [
        Member(record.accession, 1.0 / (i + 1), 2)
        for i, record in enumerate(read_starter()[::60][:N_STRAINS])
    ]
    strains = [library.make(member.taxon, member.n_copies) for member in members]
    cells = [member.abundance for member in members]
    truths, rows = [], ["sample\treads\trun"]
    (folder / "reads").mkdir(parents=True)
    for name, platform, n_reads in (
        ("hifi 1", "hifi", 220), ("hifi 2", "hifi", 220),
        ("ont 1", "ont", 260), ("ont 2", "ont", 260),
    ):  # fmt: skip
        design = SampleDesign(name, strains, cells, n_reads, 0.0)
        path = f"reads/{name}.fastq.gz"
        truths.append(simulate_sample(design, PLATFORMS[platform], 2, folder / path))
        rows.append(f"{name}\t{path}\t{platform}")
    write_poor_reads(folder / "reads" / "poor.fastq.gz")
    rows.append("poor\treads/poor.fastq.gz\tont")
    write_study(folder, "\n".join(rows) + "\n", "seed: 1\n")
    return truths


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study of both platforms after ``vagus run``."""
    folder = tmp_path_factory.mktemp("mixed") / "study"
    write_mixed_study(folder)
    done = run_vagus(folder, "run", "--cores", "2")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return folder


def test_each_platform_gets_its_engine_and_all_reads_are_accounted_for(mixed: Path) -> None:
    rows = {row["sample"]: row for row in _read(mixed / "results/denoise/ledger.tsv")}
    engines = {name: row["engine"] for name, row in rows.items()}
    assert engines == dict(zip(sorted(rows), ["dada", "dada", "phase", "phase", "phase"],
                               strict=True))  # fmt: skip
    assert all(row["engine_reason"] for row in rows.values())
    table = _read(mixed / "results/denoise/asv_table.tsv")
    for name, row in rows.items():
        lost = sum(int(value or 0) for key, value in row.items() if key.startswith("lost_"))
        assert int(row["input"]) == lost + int(row["asv_reads"]), name
        assert int(row["asv_reads"]) == sum(int(asv.get(name, 0) or 0) for asv in table), name
    assert rows["ont 1"]["strands"] == "both"
    assert 0 < float(rows["ont 1"]["error_rate"]) < 0.03


def test_poor_reads_are_a_row_with_a_reason(mixed: Path) -> None:
    rows = {row["sample"]: row for row in _read(mixed / "results/denoise/ledger.tsv")}
    poor = rows["poor"]
    assert (poor["status"], poor["asv_reads"]) == ("empty", "0")
    assert "% errors" in poor["reason"]
    assert "R10.4.1" in poor["reason"]
    assert int(poor["lost_inaccurate"]) > 50
    page = (mixed / "results/report/index.html").read_text(encoding="utf-8")
    assert "is empty" in page
    assert "R10.4.1" in page


def test_variants_of_both_platforms_meet_under_one_name(mixed: Path) -> None:
    table = _read(mixed / "results/denoise/asv_table.tsv")
    shared = [
        row for row in table
        if any(int(row[s]) for s in ("hifi 1", "hifi 2"))
        and any(int(row[s]) for s in ("ont 1", "ont 2"))
    ]  # fmt: skip
    assert len(shared) >= N_STRAINS - 1
    runs = mixed / "results/denoise/runs"
    lines = {
        path: (runs / path).read_text(encoding="utf-8").count("\n")
        for path in (
            "hifi/error_model.tsv", "hifi/phase_error_model.tsv",
            "ont/error_model.tsv", "ont/phase_error_model.tsv",
        )
    }  # fmt: skip
    assert [n > 1 for n in lines.values()] == [True, False, False, True]


def test_variants_are_true(tmp_path: Path, mixed: Path) -> None:
    truths = write_mixed_study(tmp_path / "again")
    true = {asv for truth in truths for asv in truth.asvs}
    table = _read(mixed / "results/denoise/asv_table.tsv")
    found = {row["asv"]: sum(int(n) for k, n in row.items() if k != "asv") for row in table}
    assert sum(n for asv, n in found.items() if asv not in true) <= 0.02 * sum(found.values())


def test_order_of_samples_and_cores_do_not_matter(mixed: Path, tmp_path: Path) -> None:
    again = tmp_path / "shuffled"
    shutil.copytree(mixed, again, ignore=shutil.ignore_patterns("results", ".snakemake"))
    sheet = again / "samples.tsv"
    header, *rows = sheet.read_text(encoding="utf-8").splitlines()
    random.Random(2).shuffle(rows)
    sheet.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    done = run_vagus(again, "run", "--cores", "1", "--until", "merge_variants")
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    digests = [
        {
            path.relative_to(folder): hashlib.md5(path.read_bytes()).hexdigest()
            for path in sorted((folder / "results" / "denoise").rglob("*"))
            if path.is_file()
        }
        for folder in (mixed, again)
    ]
    assert [*digests[0].values()] == [*digests[1].values()]
