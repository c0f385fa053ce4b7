"""Names are data: samples, columns, levels and runs may be called as any column of any table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from described import list_faults
from vagus.study.samples import OWN_COLUMNS
from vagus.tables.registry import list_tables
from workflow.studies import pick_genes, run_vagus, write_fastq, write_study

HEADERS = sorted({name for table in list_tables() for name in table.names})
"""Every header that a results README may list."""
HARD = (
    "asv", "sample", "Feature ID", "strain", "class", "genus", "species", "parent", "n", "note",
    "reads", "status", "asv.1", "index", "description", "(pooled)",
)  # fmt: skip
"""First columns of wide tables, columns of the report's tables, and words of the program."""
WIDE = (
    "denoise/asv_table", "selection/asv_table", "selection/composition_genus",
    "taxonomy/strain_table", "exports/phyloseq/otu",
)  # fmt: skip
CONFIG = """\
cohort: {group: PC1, subject: none, permutations: 99}
taxonomy: {group_strains: true, copy_numbers: shipped}
diversity: {levels: [genus]}
exports: [qiime2, phyloseq, anndata, multiqc]
"""


def write_named_study(folder: Path, names: tuple[str, ...], columns: list[str]) -> Path:
    """A sample of 25 reads for each name, in two runs; the levels of the group are headers too."""
    genes = pick_genes(3)
    rows = ["\t".join(["sample", "reads", "run", *columns])]
    for number, name in enumerate(names):
        write_fastq(folder / "reads" / f"f{number}.fastq.gz", genes, 25, seed=number)
        level, run = ("asv", "n")[number % 2], ("class", "sample")[number % 2]
        cells = [level if column == "PC1" else f"v{number % 3}" for column in columns]
        rows.append("\t".join([name, f"reads/f{number}.fastq.gz", run, *cells]))
    return write_study(folder, "\n".join(rows) + "\n", CONFIG)


def read_rows(path: Path) -> list[list[str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream, delimiter="\t"))


def check_results(results: Path, names: tuple[str, ...]) -> None:
    """Every sample has its own reads in every wide table, and a page."""
    header, *rows = read_rows(results / "denoise" / "ledger.tsv")
    at = header.index("asv_reads")
    reads = {row[0]: int(row[at]) for row in rows}
    assert list(reads) == sorted(names)
    assert min(reads.values()) > 0
    for table in WIDE:
        header, *rows = read_rows(results / f"{table}.tsv")
        assert header[1:] == sorted(names), table
        sums = [sum(int(row[place]) for row in rows) for place in range(1, len(header))]
        assert sums == [reads[name] for name in header[1:]], table
    pages = list((results / "report" / "samples").glob("*.html"))
    assert len(pages) == len(names)
    assert list_faults(results) == []


@pytest.mark.long
def test_names_of_columns_are_good_names(tmp_path: Path) -> None:
    columns = ["PC1", "shannon", "sample-id", "Taxon", "metric", "PC1_", "_index", "effects_PC1"]
    study = write_named_study(tmp_path / "study", HARD, columns)
    done = run_vagus(study, "run", "--cores", "2")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    check_results(study / "results", HARD)
    header, *rows = read_rows(study / "results" / "cohort" / "alpha_tests.tsv")
    assert {row[header.index("variable")] for row in rows} == {"PC1"}
    assert any({"asv", "n"} <= set(" ".join(row).split()) for row in rows)


@pytest.mark.long
@pytest.mark.nightly
@pytest.mark.parametrize("part", range(3))
def test_every_header_is_a_good_name(part: int, tmp_path: Path) -> None:
    names = tuple(HEADERS[part::3])
    columns = ["PC1", *(name for name in HEADERS[part::3] if name not in (*OWN_COLUMNS, "PC1"))]
    study = write_named_study(tmp_path / "study", names, columns)
    done = run_vagus(study, "run", "--cores", "2")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    check_results(study / "results", names)
