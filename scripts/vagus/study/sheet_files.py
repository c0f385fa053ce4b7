"""The cells of a sample sheet, whatever program wrote it.

Text in UTF-8 or UTF-16 with tabs, commas or semicolons between the cells, and Excel workbooks
(xlsx, first sheet). Empty rows and columns, names of rows as R writes them, and lines of remarks
as QIIME 2 has them are left out.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from vagus.errors import ConfigError
from vagus.files import read_input_bytes
from vagus.study.sheet_headers import QIIME_HEADERS, find_sample_column, rename_columns

MAX_SHEET_BYTES, MAX_COLUMNS, MAX_ROWS = 50_000_000, 5_000, 500_000
MAX_REMARKS = 20  # rows above the header
_MAX_UNPACKED_BYTES = 400_000_000
_EXCEL = (OSError, KeyError, ValueError, TypeError, IndexError, AttributeError, EOFError,
          zipfile.BadZipFile, zlib.error, ParseError, NotImplementedError)  # fmt: skip
_OLD_EXCEL, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Grid:
    """Cells of a sheet: the header and the rows below it, with their lines in the file.

    ``categorical`` are columns of which a line of QIIME 2 says so.
    """

    header: list[str]
    line: int
    rows: Rows
    categorical: tuple[str, ...] = ()


def read_grid(path: Path, missing: tuple[str, str]) -> Grid:
    """Read the cells of a sheet; ``missing``: words and fix for a sheet that is not there.

    Raises ConfigError for a file that is neither text nor a workbook.
    """
    data = read_input_bytes(path, ConfigError, missing, MAX_SHEET_BYTES)
    if data.startswith(_OLD_EXCEL):
        raise ConfigError("is an old Excel file (xls)", file=path, fix="Save it as xlsx or as CSV")
    rows = list(_read_workbook(path, data) if data.startswith(_ZIP) else _read_text(path, data))
    rows = [(line, [_clean(cell) for cell in row]) for line, row in rows]
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise ConfigError("is empty", file=path, fix="Write a header and one row for each sample")
    first = _find_header([row for _, row in rows[:MAX_REMARKS]])
    (line, header), body = rows[first], rows[first + 1 :]
    header, body = _drop_row_names(header, body)
    body, categorical = _drop_remarks(header, body)
    header, body = _drop_empty_columns(header, body)
    if len(header) > MAX_COLUMNS:
        raise ConfigError(
            f"has {len(header):,} columns", file=path, line=line,
            fix=f"Leave out what is not needed: a sheet has at most {MAX_COLUMNS:,}",
        )  # fmt: skip
    return Grid(header, line, body, tuple(categorical))


def _find_header(rows: Sequence[list[str]]) -> int:
    """The first row with more than one cell, or one below it that names both samples and reads.

    So titles and remarks may be above it, and a cell 'sample' in the rows below is no header.
    """
    wide = [n for n, row in enumerate(rows) if sum(map(bool, row)) > 1]
    if not wide or find_sample_column(rows[wide[0]]) is not None:
        return next(iter(wide), 0)
    renamed = [rename_columns(row) for row in rows]
    whole = [n for n in wide if "sample" in renamed[n] and "reads" in renamed[n]]
    return next(iter([*whole, *wide]))


def _clean(cell: str) -> str:
    return cell.translate(_INVISIBLE).strip()


def _read_text(path: Path, data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decode(path, data).replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    separator = ""
    if lines[first].strip().strip('"').casefold().startswith("sep=") and len(lines) > first + 1:
        separator = lines[first].strip().strip('"')[4:5]  # a line for Excel alone
        lines[first] = ""
        first = next((n for n, line in enumerate(lines) if line.strip()), first)
    separator = separator or _find_separator(_choose_header(lines[first : first + MAX_REMARKS]))
    if separator == "\t":
        for number, line in enumerate(lines, 1):
            yield number, [_unquote(cell.strip()) for cell in line.split("\t")]
        return
    reader = csv.reader(io.StringIO("\n".join(lines)), delimiter=separator)
    last = 0
    try:
        for row in reader:
            yield last + 1, row
            last = reader.line_num
    except csv.Error as error:
        raise ConfigError(
            f"cannot be read as a table: {error}", file=path, line=last + 1,
            fix="Save it again as CSV or as TSV",
        ) from None  # fmt: skip


def _decode(path: Path, data: bytes) -> str:
    """Text in UTF-8 or UTF-16, with a byte order mark or without one."""
    start = data[:1000]
    odd, even = start[1::2], start[::2]
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        encoding = "utf-16"
    elif data.startswith(BOM_UTF8):
        encoding = "utf-8-sig"
    elif len(odd) > 2 and 2 * odd.count(0) > len(odd) and not even.count(0):
        encoding = "utf-16-le"
    elif len(even) > 2 and 2 * even.count(0) > len(even) and not odd.count(0):
        encoding = "utf-16-be"
    else:
        encoding = "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError(
            "is not text in UTF-8", file=path, line=line,
            fix="Save it as UTF-8 (in Excel: 'CSV UTF-8'), or as xlsx",
        ) from None  # fmt: skip


def _choose_header(lines: Sequence[str]) -> str:
    """The line whose cells name samples and reads, whatever separates them; else the first."""
    cells = [re.split(r"[\t;,]", line.replace('"', "")) for line in lines]
    return lines[_find_header([[_clean(cell) for cell in row] for row in cells])]


def _find_separator(header: str) -> str:
    """Tabs before all, else the sign that is most often in the header outside quotes."""
    plain = "".join(header.split('"')[::2])
    if "\t" in header:
        return "\t"
    most = max(";,", key=plain.count)
    return most if most in plain else "\t"


def _unquote(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def _read_workbook(path: Path, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Cells of the first visible sheet of an Excel workbook, as a person would type them."""
    fix = "Save it again as xlsx, or as CSV"
    if find_spec("openpyxl") is None:
        raise ConfigError(
            "is an Excel file, and openpyxl, which reads them, is not installed",
            file=path,
            fix="Install openpyxl, or save the sheet as CSV or TSV",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            is_ods = "mimetype" in archive.namelist()
        if size > _MAX_UNPACKED_BYTES:
            raise ConfigError("is too large when it is unpacked", file=path, fix=fix)
        if is_ods:
            raise ConfigError("is an OpenDocument sheet (ods)", file=path, fix=fix)
        rows = [
            tuple(row) for row in _open_sheet(data).iter_rows(values_only=True, max_row=MAX_ROWS)
        ]
        if any(value is None for row in rows for value in row):
            _refuse_formulas(path, rows, _open_sheet(data, are_formulas=True))
    except _EXCEL as error:
        raise ConfigError(f"cannot be read as an Excel file: {error}", file=path, fix=fix) from None
    for number, row in enumerate(rows, 1):
        yield number, [_write_cell(value) for value in row]


def _open_sheet(data: bytes, are_formulas: bool = False) -> Any:
    """The first visible sheet of a workbook, with values or with the formulas that give them."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=not are_formulas)
    sheet = next((s for s in book.worksheets if s.sheet_state == "visible"), book.worksheets[0])
    sheet.reset_dimensions()
    return sheet


def _refuse_formulas(path: Path, rows: Sequence[tuple[object, ...]], formulas: Any) -> None:
    """Raise ConfigError for formulas whose values are not in the file: they would be empty."""
    empty = [
        cell.coordinate
        for row, cells in zip(rows, formulas.iter_rows(max_row=MAX_ROWS), strict=True)
        for value, cell in zip(row, cells, strict=True)
        if value is None and isinstance(cell.value, str) and cell.value.startswith("=")
    ]
    if empty:
        more = f" and {len(empty) - 6} more" if len(empty) > 6 else ""
        raise ConfigError(
            f"has formulas without their values (cells {', '.join(empty[:6])}{more})", file=path,
            fix="Open it in a spreadsheet program and save it again, or save it as CSV",
        )  # fmt: skip


def _write_cell(value: object) -> str:
    """A cell of a workbook as text: whole numbers without '.0', dates as 2026-02-01."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        return str(value.date() if value.time() == time() else value.replace(microsecond=0))
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _drop_row_names(header: list[str], rows: Rows) -> tuple[list[str], Rows]:
    """R writes names of rows in front, with no header or an empty one; they may be the samples."""
    firsts = [row[0] for _, row in rows]
    is_short = bool(rows) and all(len(row) == len(header) + 1 and row[-1] for _, row in rows)
    if not is_short and not (rows and header[0] == "" and len(set(firsts)) == len(firsts)):
        return header, rows
    named = header if is_short else header[1:]
    if find_sample_column(named) is None:
        return ["sample", *named], rows
    counted = firsts == [str(n) for n in range(1, len(rows) + 1)]
    place = find_sample_column(named)
    repeated = place is not None and all(row[0] == row[place + 1] for _, row in rows)
    if not (counted or repeated):
        return header, rows
    return named, [(line, row[1:]) for line, row in rows]


def _drop_remarks(header: list[str], rows: Rows) -> tuple[Rows, list[str]]:
    """Lines of QIIME 2: '#q2:types' and the like, and remarks where the header is QIIME 2's."""
    is_qiime = header[0].casefold() in QIIME_HEADERS
    kept: Rows = []
    categorical: list[str] = []
    for line, row in rows:
        if row[0].casefold().startswith("#q2:"):
            categorical += _list_categorical(header, row)
        elif not (is_qiime and row[0].startswith("#")):
            kept.append((line, row))
    return kept, categorical


def _list_categorical(header: list[str], row: list[str]) -> list[str]:
    if row[0].casefold() != "#q2:types":
        return []
    return [name for name, kind in zip(header, row, strict=False) if kind == "categorical"]


def _drop_empty_columns(header: list[str], rows: Rows) -> tuple[list[str], Rows]:
    """Columns with neither a name nor a cell, and empty cells behind the last column."""
    width = max([len(header), *(len(row) for _, row in rows)])
    n_given = len(header)
    header = header + [""] * (width - len(header))
    used = {n for _, row in rows for n, cell in enumerate(row) if cell}
    kept = [n for n, name in enumerate(header) if name or n in used]
    while kept and kept[-1] >= n_given:
        kept.pop()  # cells behind the last name: a row with too many cells
    full = [
        [*(row[n] if n < len(row) else "" for n in kept), *_list_beyond(row, kept)]
        for _, row in rows
    ]
    return [header[n] for n in kept], [
        (line, row) for (line, _), row in zip(rows, full, strict=True)
    ]


def _list_beyond(row: list[str], kept: list[int]) -> list[str]:
    beyond = row[kept[-1] + 1 :] if kept else row
    return beyond if any(beyond) else []
