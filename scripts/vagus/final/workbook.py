"""The study as an Excel workbook with the same bytes for the same study."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from os import PathLike
from typing import Any

from vagus.files import write_whole

# A workbook states when it was made and changed; one date gives equal bytes for equal content.
NO_DATE = datetime(2000, 1, 1)
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(<)")
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384  # of a sheet in Excel
MAX_CELL_LETTERS = 32_767
_WIDEST, _NARROWEST, _N_MEASURED = 60, 8, 50


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, header and rows. Text is never a formula."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]


def write_workbook(sheets: Sequence[Sheet], path: str | PathLike[str]) -> None:
    """Write the sheets, with the header row and first column fixed on the screen."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    book.properties.creator, book.properties.created = "Vagus", NO_DATE
    for sheet in sheets:
        _add_sheet(book, sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    with write_whole(path) as temporary, zipfile.ZipFile(temporary, "w") as target:
        _copy_without_dates(buffer, target)


def _add_sheet(book: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    rows = list(sheet.rows)
    made = book.create_sheet(sheet.name)
    made.freeze_panes = "B2"
    for index, title in enumerate(sheet.header):
        longest = max([len(title), *(len(str(row[index])) for row in rows[:_N_MEASURED])])
        letter = get_column_letter(index + 1)
        made.column_dimensions[letter].width = min(max(longest + 2, _NARROWEST), _WIDEST)
    made.append([_make_cell(made, title, Font(bold=True)) for title in sheet.header])
    for row in rows:
        made.append([_make_cell(made, value) for value in row])


def _make_cell(sheet: Any, value: object, font: object = None) -> Any:
    """A cell of a number, or of text that is not read as a formula."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, int | float) and value == value:
        return WriteOnlyCell(sheet, value)
    text = "" if value is None or value != value else str(value)[:MAX_CELL_LETTERS]
    cell = WriteOnlyCell(sheet, text or None)
    if text:
        cell.data_type = "s"
    if font is not None:
        cell.font = font
    return cell


def _copy_without_dates(source: io.BytesIO, target: zipfile.ZipFile) -> None:
    """The members of a workbook in their order, with the same date each."""
    with zipfile.ZipFile(source) as made:
        for name in made.namelist():
            data = made.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + NO_DATE.isoformat().encode() + rb"Z\g<2>", data)
            member = zipfile.ZipInfo(name, _ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, data)
