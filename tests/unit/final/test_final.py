"""The files that most people want: they say what the study's tables say, and do so every time."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

import write_final
from unit.report.made_study import MadeStudy, make_cohort
from vagus.exports.content import ExportContent
from vagus.final.merged import list_header
from vagus.final.workbook import MAX_CELL_LETTERS, Sheet, write_workbook
from vagus.sequences import read_fasta, write_fasta
from vagus.study.samples import Sample
from vagus.tables import read_table
from vagus.tables.stages.final import MERGED
from vagus.tables.wide import read_wide

TREE = "(a:1,b:1);\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeStudy:
    made = make_cohort(tmp_path_factory.mktemp("final"), n_people=4)
    selection = made.results / "selection"
    asvs = read_wide(selection / "asv_table.tsv", ["asv"]).index
    rng = np.random.default_rng(1)
    genes = [(asv, "".join(rng.choice(list("ACGT"), 60))) for asv in asvs]
    write_fasta(genes, selection / "asvs.fasta")
    return made


def run(made: MadeStudy, folder: Path) -> dict[str, Path]:
    """The files of the program, by name."""
    tree = folder / "in.nwk"
    folder.mkdir(parents=True, exist_ok=True)
    tree.write_text(TREE)
    names = {"table": "asvs.tsv", "workbook": "study.xlsx", "biom": "t.biom", "tree-copy": "t.nwk"}
    out = {option: folder / name for option, name in names.items()}
    selection = made.results / "selection"
    words = [
        f"--asv-table={selection / 'asv_table.tsv'}", f"--asvs={selection / 'asvs.fasta'}",
        f"--taxonomy={made.results / 'taxonomy' / 'taxonomy.tsv'}", f"--samples={made.sheet}",
        f"--tree={tree}", f"--provenance={made.provenance}",
        *(f"--{name}={path}" for name, path in out.items()),
    ]  # fmt: skip
    assert write_final.main(words) == 0
    return out


def test_the_merged_table_is_the_tables_it_is_made_of(made: MadeStudy, tmp_path: Path) -> None:
    out = run(made, tmp_path)
    merged = read_table(out["table"], MERGED).set_index("asv")
    counts = read_wide(made.results / "selection" / "asv_table.tsv", ["asv"])
    assert list(merged.index) == list(counts.index)
    assert (merged[list(counts.columns)].to_numpy() == counts.to_numpy()).all()
    assert (merged["reads"] == counts.sum(axis=1)).all()
    assert (merged["n_samples"] == (counts > 0).sum(axis=1)).all()
    sequences = dict(read_fasta(made.results / "selection" / "asvs.fasta"))
    assert merged["sequence"].to_dict() == sequences
    taxonomy = read_table(made.results / "taxonomy" / "taxonomy.tsv").set_index("Feature ID")
    for rank in ("phylum", "genus", "species"):
        own = taxonomy.loc[merged.index, rank].fillna("")
        assert (merged[rank].fillna("") == own).all()
    assert out["tree-copy"].read_text() == TREE


def test_the_workbook_has_the_sheets_that_people_expect(made: MadeStudy, tmp_path: Path) -> None:
    out = run(made, tmp_path)
    book = openpyxl.load_workbook(out["workbook"])
    assert book.sheetnames == ["Study", "Answers", "Samples", "ASVs", "Genera", "Columns"]
    rows = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    assert book["ASVs"].freeze_panes == "B2"
    samples = [row[0] for row in rows["Samples"][1:]]
    assert 'A<b>&"x" y' in samples  # names as they are, whatever signs they have
    header = rows["Samples"][0]
    assert {"group", "age", "status", "asv_reads", "shannon"} <= set(header)
    with out["table"].open(encoding="utf-8") as stream:
        assert sum(1 for _ in stream) == len(rows["ASVs"])
    n_reads = dict(rows["Study"][1:])["reads in ASVs"]
    assert n_reads == sum(row[1] for row in rows["ASVs"][1:])
    known = {(row[0], row[1]) for row in rows["Columns"][1:]}
    assert {("Samples", "shannon"), ("ASVs", "sequence")} <= known


def test_equal_studies_give_equal_bytes(made: MadeStudy, tmp_path: Path) -> None:
    first, second = run(made, tmp_path / "one"), run(made, tmp_path / "two")
    for name, path in first.items():
        assert path.read_bytes() == second[name].read_bytes(), name
    # on any day
    with zipfile.ZipFile(first["workbook"]) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        dates = re.findall(rb">(\d{4})-", archive.read("docProps/core.xml"))
        assert dates == [b"2000", b"2000"]


def test_text_is_never_a_formula_and_numbers_are_numbers(tmp_path: Path) -> None:
    cells = ["=1+1", "@SUM(A1)", "+3", "-x", 7, 0.5, float("nan"), None, np.int64(3).item()]
    path = tmp_path / "book.xlsx"
    long = "x" * (MAX_CELL_LETTERS + 5)
    write_workbook([Sheet("A", [f"c{i}" for i in range(10)], [[*cells, long]])], path)
    book = openpyxl.load_workbook(path)
    row = next(iter(book["A"].iter_rows(min_row=2)))
    assert [cell.value for cell in row[:9]] == [*cells[:6], None, None, 3]
    assert all(cell.data_type == "s" for cell in row[:4])
    assert len(row[9].value) == MAX_CELL_LETTERS
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None


def test_samples_called_like_columns_have_columns_of_their_own() -> None:
    names = ("asv", "genus", "genus_", "s1")
    samples = tuple(Sample(name, name, ()) for name in names)
    content = ExportContent(("a",), samples, csr_matrix(np.ones((1, 4))), pd.DataFrame())
    header = list_header(content)
    assert header[-4:] == ["asv_", "genus__", "genus_", "s1"]
    assert len(header) == len(set(header))
