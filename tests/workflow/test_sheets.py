"""The sheet of a study as TSV, CSV, Excel workbook or QIIME 2 metadata: the same results."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from workflow.in_process import run_study
from workflow.studies import pick_genes, write_fastq

pytestmark = [pytest.mark.workflow, pytest.mark.long]

HEADER = ["sample", "reads", "control", "group", "age"]
CONFIG = "cohort: {{group: group, covariates: [age]}}\nsamples: {sheet}\n"
Rows = list[list[str]]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """Six samples of two groups and a blank, the reads in a folder of their own."""
    folder, genes = tmp_path_factory.mktemp("reads"), pick_genes(4)
    found = []
    for n in range(7):
        own = genes if n % 2 else genes[::-1]
        reads = write_fastq(folder / f"{n}.fastq.gz", own, 8 if n == 6 else 60, seed=n)
        cells = ["NTC", "", ""] if n == 6 else ["", ["case", "control"][n % 2], f"{30 + n * n}.5"]
        found.append([f"P {n}", str(reads), *cells])
    return found


def write_tsv(path: Path, rows: Rows) -> None:
    path.write_text("\n".join("\t".join(row) for row in [HEADER, *rows]) + "\n", encoding="utf-8")


def write_csv(path: Path, rows: Rows) -> None:
    """As a German Excel saves it: semicolons, a byte order mark, CRLF."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows([HEADER, *rows])
    path.write_bytes(b"\xef\xbb\xbf" + stream.getvalue().encode())


def write_workbook(path: Path, rows: Rows) -> None:
    """Numbers are numbers, and a row and a column are empty."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append([*HEADER[:3], None, *HEADER[3:]])
    for *cells, age in rows:
        book.active.append([*cells[:3], None, *cells[3:], float(age) if age else None])
        book.active.append([])
    book.save(path)


def write_qiime(path: Path, rows: Rows) -> None:
    header = ["sample-id", "absolute-filepath", *HEADER[2:]]
    types = ["#q2:types", "categorical", "categorical", "categorical", "numeric"]
    lines = ["\t".join(row) for row in [header, types, *rows]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


FORMS: dict[str, Callable[[Path, Rows], None]] = {
    "samples.csv": write_csv, "samples.xlsx": write_workbook, "metadata.tsv": write_qiime,
}  # fmt: skip


def run(folder: Path, sheet: str, write: Callable[[Path, Rows], None], rows: Rows) -> Path:
    """Results of the study whose sheet is written so."""
    folder.mkdir()
    write(folder / sheet, rows)
    (folder / "config.yaml").write_text(CONFIG.format(sheet=sheet), encoding="utf-8")
    assert not run_study(folder)
    assert (folder / "results" / "report" / "index.html").stat().st_size > 10_000
    return folder / "results"


def read_tables(results: Path) -> dict[str, bytes]:
    """All tables of results, without the times of the jobs."""
    return {
        str(path.relative_to(results)): path.read_bytes()
        for path in results.rglob("*.tsv")
        if "benchmarks" not in path.parts
    }


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, rows: Rows) -> dict[str, bytes]:
    """Tables of the study with a sheet of plain TSV."""
    folder = tmp_path_factory.mktemp("tsv") / "study"
    return read_tables(run(folder, "samples.tsv", write_tsv, rows))


@pytest.mark.parametrize("sheet", FORMS)
def test_results_do_not_depend_on_the_form_of_the_sheet(
    tmp_path: Path, rows: Rows, expected: dict[str, bytes], sheet: str
) -> None:
    found = read_tables(run(tmp_path / "study", sheet, FORMS[sheet], rows))
    assert len(expected) > 80
    assert found.keys() == expected.keys()
    assert [name for name in expected if found[name] != expected[name]] == []
    # the blank is a control, and the groups are compared in the six others
    tests = expected["cohort/alpha_models.tsv"].decode()
    assert "case - control" in tests or "control - case" in tests
