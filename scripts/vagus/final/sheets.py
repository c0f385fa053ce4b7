"""Sheets of the workbook: answers, samples, ASVs, genera, and what their columns mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from markupsafe import Markup

from vagus import __version__
from vagus.final.merged import iterate_rows, list_header
from vagus.final.workbook import MAX_COLUMNS, MAX_ROWS, Sheet
from vagus.report.primary_analysis import list_topics
from vagus.tables.registry import find_entry
from vagus.tables.stages.final import MERGED

if TYPE_CHECKING:
    import pandas as pd

    from vagus.exports.content import ExportContent
    from vagus.report.inputs import ReportInputs

# beyond it the counts stay in asvs.tsv: a workbook of them takes 18 s to write, and long to open
MAX_CELLS = 1_000_000
_READS = ("status", "reason", "input", "kept", "asv_reads", "n_asvs")
_ANSWERS = ("about", "state", "answer", "compared", "numbers", "what could have been found")


def list_sheets(
    inputs: ReportInputs, content: ExportContent, sequences: Mapping[str, str]
) -> list[Sheet]:
    """All sheets, what a reader looks for first in front."""
    fits = (
        len(content.asvs) * len(content.samples) <= MAX_CELLS
        and len(content.asvs) < MAX_ROWS
        and len(list_header(content)) <= MAX_COLUMNS
    )
    sheets = [describe_study(inputs, content, fits), list_answers(inputs), list_samples(inputs)]
    if fits:
        sheets.append(Sheet("ASVs", list_header(content), iterate_rows(content, sequences)))
    genera = inputs.composition("genus")
    if genera is not None and len(genera.columns) < MAX_COLUMNS:
        rows = zip(genera.index, *(genera[name] for name in genera), strict=True)
        header = ["genus", *map(str, genera.columns)]
        sheets.append(Sheet("Genera", header, ([name, *map(int, n)] for name, *n in rows)))
    return [*sheets, explain_columns(inputs, fits)]


def describe_study(inputs: ReportInputs, content: ExportContent, has_asvs: bool) -> Sheet:
    """Title, sizes, and what the other sheets are."""
    controls = len(inputs.controls)
    elsewhere = "" if has_asvs else " (too many for a sheet: final/asvs.tsv has them)"
    rows: list[list[object]] = [
        ["title", inputs.config["report"]["title"]],
        ["samples", len(inputs.samples) - controls],
        ["controls", controls],
        ["ASVs", len(content.asvs)],
        ["reads in ASVs", int(content.counts.sum())],
        ["written by", f"Vagus {__version__}"],
        ["Answers", "the primary analysis, in the words of the study page; associations only"],
        ["Samples", "the sample sheet with reads and diversity"],
        ["ASVs (sheet)", f"names, confidence, sequence and counts of each ASV{elsewhere}"],
        ["Genera", "reads by genus"],
        ["Columns", "what the columns of these sheets mean"],
    ]
    return Sheet("Study", ["", ""], rows)


def list_answers(inputs: ReportInputs) -> Sheet:
    """The answers of the study page, a row each."""
    rows = [
        [topic.heading, answer.state.value, _strip(answer.headline), answer.people,
         _strip(answer.numbers), _strip(answer.power)]
        for topic in list_topics(inputs)
        for answer in topic.answers
    ]  # fmt: skip
    return Sheet("Answers", _ANSWERS, rows or [["nothing is compared", *[""] * 5]])


def _strip(markup: Markup) -> str:
    return Markup(markup).striptags()


def list_samples(inputs: ReportInputs) -> Sheet:
    """The sheet's columns, what became of the reads, alpha diversity."""
    ledger = inputs.ledger.set_index("sample")
    reads = [name for name in _READS if name in ledger]
    alpha = inputs.table("diversity/alpha")
    diversity = None if alpha is None else alpha.set_index("sample").drop(columns="reads")
    metadata = list(inputs.sheet[0].metadata) if inputs.sheet else []
    header = ["sample", "run", "control", *metadata, *reads]
    header += [] if diversity is None else [str(name) for name in diversity]
    rows = []
    for sample in inputs.sheet:
        row: list[object] = [sample.name, sample.run, sample.control]
        row += [sample.cell(name) for name in metadata]
        row += _take(ledger, sample.name, reads)
        row += [] if diversity is None else _take(diversity, sample.name, list(diversity))
        rows.append(row)
    return Sheet("Samples", header, rows)


def _take(table: pd.DataFrame, sample: str, columns: list[str]) -> list[object]:
    """Cells of a sample; None where it has no row. Whole numbers are Python's."""
    if sample not in table.index:
        return [None] * len(columns)
    row = table.loc[sample, columns]
    return [cell.item() if hasattr(cell, "item") else cell for cell in row]


def explain_columns(inputs: ReportInputs, has_asvs: bool) -> Sheet:
    """Words and units by sheet, from the registry of tables."""
    return Sheet("Columns", ["sheet", "column", "meaning", "unit"], _list_columns(has_asvs))


def _list_columns(has_asvs: bool) -> Iterator[list[object]]:
    for sheet, path, wanted in (
        ("Samples", "denoise/ledger.tsv", _READS), ("Samples", "diversity/alpha.tsv", None),
    ):  # fmt: skip
        entry = find_entry(path)
        table = entry[2] if entry else None
        for column in table.columns if table else ():
            if (wanted is None and column.name != "sample") or (wanted and column.name in wanted):
                yield [sheet, column.name, column.words, column.unit]
    for column in MERGED.columns if has_asvs else ():
        name = "one for each sample" if column.is_pattern else column.name
        yield ["ASVs", name, column.words, column.unit]
