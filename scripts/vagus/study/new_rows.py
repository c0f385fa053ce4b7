"""Rows for samples that a sheet does not have yet: what a study gains when reads come later."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from vagus.errors import ConfigError
from vagus.files import write_text
from vagus.study.missing import is_missing
from vagus.study.samples import DEFAULT_RUN, Sample, read_sheet, share_barcodes


def find_new(found: Sequence[Sample], sheet: Path) -> list[Sample]:
    """The samples whose reads (of their barcodes) no row of the sheet takes."""
    rows_of: dict[str, list[Sample]] = {}
    for row in read_sheet(sheet):
        for path in row.reads:
            rows_of.setdefault(os.path.realpath(path), []).append(row)
    return [
        sample for sample in found
        if not any(
            share_barcodes(row, sample)
            for path in sample.reads
            for row in rows_of.get(os.path.realpath(path), [])
        )
    ]  # fmt: skip


def append_rows(sheet: Path, samples: Sequence[Sample]) -> None:
    """Write rows of samples below a tab-separated sheet, in its own columns.

    Raises ConfigError, and writes nothing, where a name is taken, where the sheet is of another
    kind, or where it has no column for what a row needs.
    """
    text = sheet.read_bytes().decode("utf-8", "replace")
    header = text.removeprefix("\ufeff").split("\n", 1)[0].rstrip("\r").split("\t")
    if header[:1] != ["sample"] or "reads" not in header:
        named = "; ".join(f"{sample.name}: {';'.join(sample.reads)}" for sample in samples)
        raise ConfigError(
            "only a tab-separated sheet that begins with the column 'sample' can be added to",
            file=sheet, fix=f"Add the rows yourself: {named}",
        )  # fmt: skip
    taken = {sample.name for sample in read_sheet(sheet)} & {sample.name for sample in samples}
    if taken:
        raise ConfigError(
            f"has samples of these names already: {', '.join(sorted(taken))}", file=sheet,
            fix="Rename the new files, or write their rows with other names",
        )  # fmt: skip
    rows = [_render_row(header, sample, sheet) for sample in samples]
    end = "\r\n" if "\r\n" in text else "\n"
    begin = text if text.endswith("\n") else text + end
    write_text(sheet, begin + "".join(row + end for row in rows))


def _render_row(header: Sequence[str], sample: Sample, sheet: Path) -> str:
    own = {"sample": sample.name, "reads": ";".join(sample.reads), "control": sample.control}
    own["barcode"] = ";".join(sample.barcodes)
    own["run"] = "" if sample.run == DEFAULT_RUN and "run" not in header else sample.run
    cells = {name: "" if is_missing(cell) else cell for name, cell in sample.metadata.items()}
    without = [name for name, cell in (cells | own).items() if cell and name not in header]
    if without:
        raise ConfigError(
            f"has no column {' or '.join(map(repr, without))}, which sample {sample.name} needs",
            file=sheet, fix="Add the column to the sheet, with empty cells where it has no value",
        )  # fmt: skip
    return "\t".join((cells | own).get(name, "") for name in header)
