"""One reader for the sheets of spreadsheets, R, QIIME 2 and other pipelines."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vagus.errors import ConfigError
from vagus.reads.platforms import list_names
from vagus.study.samples import read_sheet, read_sheet_file
from vagus.study.sheet_headers import (
    guess_control,
    name_control,
    name_platform,
    read_platform_names,
    rename_columns,
)

ROWS = [["sample", "reads", "grp"], ["S1", "a.fastq.gz", "x"], ["S 2", "b.fastq.gz", "y; z"]]
EXPECTED = [("S 2", "b.fastq.gz", "y; z"), ("S1", "a.fastq.gz", "x")]


def write(folder: Path, data: bytes | str, name: str = "samples.tsv") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def list_cells(path: Path) -> list[tuple[str, str, str]]:
    """Name, file and group of each sample."""
    return [(s.name, Path(s.reads[0]).name, s.metadata["grp"]) for s in read_sheet(path)]


def join(separator: str, quoted: bool = False) -> str:
    stream = io.StringIO()
    kind = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=separator, quoting=kind, lineterminator="\r\n").writerows(ROWS)
    return stream.getvalue()


TAB = join("\t")
FORMS: dict[str, str | bytes] = {
    "TSV": TAB,
    "TSV, old Mac lines": TAB.replace("\r\n", "\r"),
    "CSV": join(","),
    "CSV with semicolons": join(";"),
    "CSV for Excel": "sep=;\r\n" + join(";"),
    "quoted TSV": join("\t", quoted=True),
    "UTF-8 with BOM": b"\xef\xbb\xbf" + TAB.encode(),
    "UTF-16 with BOM": TAB.encode("utf-16"),
    "UTF-16 LE": TAB.encode("utf-16-le"),
    "UTF-16 BE": TAB.encode("utf-16-be"),
    "UTF-16 CSV": join(",").encode("utf-16"),
    "empty rows and columns": "\t\t\t\n" + "".join(
        line + "\t\t\n" for line in TAB.splitlines()) + "\t\t\t\t\n\n",
    "R, names of rows": '"sample"\t"reads"\t"grp"\n"1"\t"S1"\t"a.fastq.gz"\t"x"\n'
                        '"2"\t"S 2"\t"b.fastq.gz"\t"y; z"\n',
    "R, samples as names of rows": '"reads"\t"grp"\n"S1"\t"a.fastq.gz"\t"x"\n'
                                   '"S 2"\t"b.fastq.gz"\t"y; z"\n',
    "R, write.csv": '"","sample","reads","grp"\n"1","S1","a.fastq.gz","x"\n'
                    '"2","S 2","b.fastq.gz","y; z"\n',
    "QIIME 2": "#q2 header is next\n".replace("#q2 header is next\n", "")
               + "sample-id\tabsolute-filepath\tgrp\n#q2:types\tcategorical\tcategorical\n"
               "# a remark\nS1\ta.fastq.gz\tx\nS 2\tb.fastq.gz\ty; z\n",
    "ampliseq": "sampleID\tforwardReads\treverseReads\tgrp\nS1\ta.fastq.gz\t\tx\n"
                "S 2\tb.fastq.gz\t\ty; z\n",
    "capitals": "Sample\tReads\tgrp\nS1\ta.fastq.gz\tx\nS 2\tb.fastq.gz\ty; z\n",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_of_any_form_is_the_same_sheet(tmp_path: Path, form: str) -> None:
    assert list_cells(write(tmp_path, FORMS[form])) == EXPECTED


def test_a_workbook_is_read_as_it_is_shown(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    from datetime import datetime

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["sample", "reads", "grp", None, "age", "when"])
    sheet.append([7, "a.fastq.gz", "x", None, 51.0, datetime(2026, 2, 1)])
    sheet.append([None, None, None, None, None, None])
    sheet.append(["S 2", "b.fastq.gz", "y", None, 48.5, datetime(2026, 2, 3, 8, 30)])
    book.save(tmp_path / "samples.xlsx")
    first, second = read_sheet(tmp_path / "samples.xlsx")
    assert (first.name, first.metadata) == ("7", {"grp": "x", "age": "51", "when": "2026-02-01"})
    assert second.metadata == {"grp": "y", "age": "48.5", "when": "2026-02-03 08:30:00"}
    assert second.line == 4


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04 no workbook", "cannot be read as an Excel file"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "old Excel file"),
        ("sample\treads\nMüller\ta.fq\n".encode("latin-1"), "not text in UTF-8"),
    ],
)
def test_other_files_are_refused_with_what_to_do(tmp_path: Path, data: bytes, words: str) -> None:
    pytest.importorskip("openpyxl")
    with pytest.raises(ConfigError, match=words):
        read_sheet(write(tmp_path, data))


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)


@given(st.lists(CELLS, min_size=1, max_size=5), st.sampled_from(["\t", ",", ";"]),
       st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))  # fmt: skip
def test_cells_are_those_that_were_written(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str], separator: str, encoding: str
) -> None:
    cells = [f"x{cell}" for cell in cells]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator)
    writer.writerow(["sample", "reads", "note"])
    writer.writerows([f"s{n}", f"{n}.fq", cell] for n, cell in enumerate(cells))
    path = write(tmp_path_factory.mktemp("sheet"), stream.getvalue().encode(encoding))
    assert [sample.metadata["note"] for sample in read_sheet(path)] == cells


def test_all_mistakes_are_listed_with_their_lines(tmp_path: Path) -> None:
    sheet = (
        "sample\treads\tplatform\tcontrol\nA\ta.fq\tnanopor\t\nB\t\t\tblnk\nA\ta.fq\t\t\n"
        "C\tc.fq\t\t=1+1\nD\td.fq\tont\textra\tcell\n"
    )
    with pytest.raises(ConfigError) as caught:
        read_sheet(write(tmp_path, sheet))
    lines = str(caught.value).split("\nerror: ")
    places = ["line 2", "line 3", "line 3", "line 5", "line 5", "line 6"]
    assert [place in text for place, text in zip(places, lines, strict=True)] == [True] * 6


def test_pairs_are_refused(tmp_path: Path) -> None:
    sheet = "sampleID\tforwardReads\treverseReads\nA\ta_R1.fq\ta_R2.fq\n"
    with pytest.raises(ConfigError, match="second reads of pairs"):
        read_sheet(write(tmp_path, sheet))


def test_a_column_of_metadata_may_have_the_name_of_second_reads(tmp_path: Path) -> None:
    sheet = "sample\treads\treverse_reads\tfastq_2\nA\ta.fq\t12\tlow\n"
    (sample,) = read_sheet(write(tmp_path, sheet))
    assert (sample.metadata["reverse_reads"], sample.metadata["fastq_2"]) == ("12", "low")


def test_a_name_of_its_own_goes_before_aliases() -> None:
    assert rename_columns(["sample", "sample-id", "reads", "file"]) == [
        "sample", "sample-id", "reads", "file",
    ]  # fmt: skip
    assert rename_columns(["#SampleID", "BarcodeSequence"]) == ["sample", "BarcodeSequence"]


@pytest.mark.parametrize(
    ("cell", "control"),
    [
        ("NTC", "negative"), ("blank", "negative"), ("Extraction", "negative"), ("H2O", "negative"),
        ("EB2", "negative"), ("Negative control 3", "negative"), ("NA", ""), ("", ""),
        ("True Sample", ""), ("Control Sample", "negative"), ("mock", "positive:mock"),
        ("ZymoBIOMICS D6300", "positive:D6300"), ("ATCC MSA-1003", "positive:MSA-1003"),
        ("positive:own", "positive:own"), ("bottle", None),
    ],
)  # fmt: skip
def test_controls_in_words_of_laboratories(cell: str, control: str | None) -> None:
    assert name_control(cell) == control


@pytest.mark.parametrize(
    ("name", "control"),
    [
        ("NTC", "negative"), ("H2O_1", "negative"), ("ExtractionBlank", "negative"),
        ("EB2", "negative"), ("water", "negative"), ("kitblank", "negative"),
        ("neg-control", "negative"), ("plate1_blank_3", "negative"), ("Negev_site", ""),
        ("blanket_sample", ""), ("watering_hole", ""), ("sample_1", ""), ("case3", ""),
        ("Zymo_mock", "positive:mock"), ("ZymoBIOMICS_D6300", "positive:D6300"),
        ("mock_D6331_rep2", "positive:D6331"), ("hammock", ""), ("P01_true", ""),
    ],
)  # fmt: skip
def test_controls_guessed_from_names_are_whole_words(name: str, control: str) -> None:
    assert guess_control(name) == control


def test_numbers_that_qiime_calls_categorical_are_noted(tmp_path: Path) -> None:
    sheet = "sample-id\treads\tsite\n#q2:types\t\tcategorical\nA\ta.fq\t1\nB\tb.fq\t2\n"
    assert read_sheet_file(write(tmp_path, sheet)).categorical == ("site",)


def test_names_of_instruments_are_platforms_that_there_are() -> None:
    names = read_platform_names()
    assert set(names.values()) == set(list_names())
    cells = ("PacBio", "Sequel IIe", "MinION", "HiFi", "Illumina")
    assert [name_platform(cell) for cell in cells] == ["hifi", "hifi", "ont", "hifi", "illumina"]


def test_titles_and_remarks_may_be_above_the_header(tmp_path: Path) -> None:
    title = "Samples of the study, 2026\n\n# by hand; in a hurry\n"
    assert list_cells(write(tmp_path, title + TAB)) == EXPECTED
    assert list_cells(write(tmp_path, title + join(";"))) == EXPECTED
    # a row that has such words is no header when the first row is one
    rows = TAB + "sample\treads\tz\r\n"
    assert [name for name, _, _ in list_cells(write(tmp_path, rows))] == ["S 2", "S1", "sample"]


def test_paths_as_qiime_and_the_shell_have_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    paths = ["$PWD/a.fq", "${PWD}/b.fq", "~/c.fq", "file:///data/d.fq", "sub/e.fq"]
    rows = "".join(f"S{n}\t{path}\n" for n, path in enumerate(paths))
    (tmp_path / "sheets").mkdir()
    found = read_sheet(write(tmp_path / "sheets", "sample-id\tabsolute-filepath\n" + rows))
    assert [sample.reads[0] for sample in found] == [
        str(tmp_path / "a.fq"), str(tmp_path / "b.fq"), str(tmp_path / "home" / "c.fq"),
        "/data/d.fq", str(tmp_path / "sheets" / "sub/e.fq"),
    ]  # fmt: skip


def test_formulas_without_values_are_named(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["sample", "reads", "grp"], ['="S"&1', "a.fq", "x"], ["S2", "b.fq", "=A3"]):
        book.active.append(row)
    book.save(tmp_path / "samples.xlsx")  # openpyxl computes nothing, as scripts that write sheets
    with pytest.raises(ConfigError, match=r"formulas without their values \(cells A2, C3\)"):
        read_sheet(tmp_path / "samples.xlsx")


def test_other_sheets_and_turned_ones_are_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "samples.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(ConfigError, match="OpenDocument"):
        read_sheet(tmp_path / "samples.ods")
    with pytest.raises(ConfigError, match="each sample is a row"):
        read_sheet(write(tmp_path, "sample\tS1\tS2\nreads\ta.fq\tb.fq\n"))
