"""README of a results folder: every file that is there, every column, by the registry."""

from __future__ import annotations

from pathlib import Path

from vagus.files import write_text
from vagus.tables.columns import Column
from vagus.tables.registry import STAGES, list_found
from vagus.tables.table import LAST, File, Table
from vagus.tables.tsv import read_header

_INTRODUCTION = """# Results

Tables are tab-separated text: UTF-8, one header line, `.` as decimal point, an empty field where
there is no value (the tables below say when). Samples are sorted by name, ASVs by descending reads.
An ASV's name is the MD5 of its sequence, so it is the same in every study.
Start with `report/index.html` and the files of `final/`; everything else is how they came about.

| folder | contains |
|---|---|
"""
_FOLDERS = {
    "final": "what most people want: one table, one workbook, BIOM and tree",
    "reads": "reads after trimming and filtering, the read ledger, quality numbers",
    "denoise": "amplicon sequence variants (ASVs), error models, chimeras",
    "taxonomy": "names of the ASVs",
    "selection": "the ASVs that are analysed, those set apart, composition at each rank",
    "phylogeny": "alignment and tree of the ASVs",
    "diversity": "diversity within and between samples",
    "controls": "contaminants, mock communities, repeatability, batches, a verdict for each run",
    "cohort": "comparisons of groups (associations, not causes)",
    "identity": "whether samples are of the subjects that the sheet names (no proof)",
    "demo": "comparison with the truth of a simulated study",
    "gut_brain": "reads of taxa with a documented capacity (potential, not measured)",
    "exports": "the study in the forms that QIIME 2, phyloseq, AnnData and MultiQC load",
    "report": "pages and figures for reading",
}
_UNLISTED = ("logs", "benchmarks")


def write_readme(results: Path, path: Path) -> None:
    """Describe the files of ``results`` in Markdown."""
    write_text(path, render_readme(results))


def render_readme(results: Path) -> str:
    """Markdown: the folders, then each stage's files with their columns."""
    found = list(list_found(results))
    stages = [stage for stage in STAGES if any(entry[0] == stage for entry, _ in found)]
    parts = [_INTRODUCTION]
    parts += [f"| `{stage}/` | {_FOLDERS[stage]} |\n" for stage in stages]
    for stage in stages:
        parts.append(f"\n## {stage}\n")
        for (own, file, table), paths in found:
            if own == stage and file.path.split("/")[0] not in _UNLISTED:
                parts.append(_describe_file(results, file, table, paths))
    parts.append("\nLogs are in `logs/`, time and memory of each program in `benchmarks/`.\n")
    return "".join(parts)


def _describe_file(results: Path, file: File, table: Table | None, paths: list[str]) -> str:
    shown = file.path if len(paths) > 1 else paths[0]
    writer = "" if file.writer == LAST else f" Written by `{file.writer}.py`."
    text = f"\n### `{shown}`\n\n{file.title}{writer}\n"
    if table is None:
        return text
    headers = [read_header(results / path) for path in paths]
    rows = "".join(_describe_columns(table, headers))
    note = f"\nEach row is {table.row}.\n"
    heading = "\n| column | type | unit | meaning | empty |\n|---|---|---|---|---|\n"
    return text + note + heading + rows if rows else text + note


def _describe_columns(table: Table, headers: list[list[str]]) -> list[str]:
    """Rows of the Markdown table: the columns that are there, each once."""
    if table.cells is not None:
        firsts = dict.fromkeys(header[0] for header in headers if header)
        rows = [_describe(f"`{first}`", table.find(first)) for first in firsts]
        return [*rows, _describe("*one column a sample*", table.cells)]
    names = dict.fromkeys(name for header in headers for name in header)
    found = [(name, table.find(name)) for name in names]
    shown = dict.fromkeys((c.name if c and c.is_pattern else name, c) for name, c in found)
    return [_describe(f"`{name}`", column) for name, column in shown]


def _describe(shown: str, column: Column | None) -> str:
    """Row of one column, or of several of one kind."""
    if column is None:  # a table that another version left
        return f"| {shown} | | | | |\n"
    only = f" ({column.only})" if column.only else ""
    cells = (column.kind, column.unit, column.words + only, column.empty)
    return f"| {shown} | {' | '.join(map(_escape, cells))} |\n"


def _escape(text: str) -> str:
    return text.replace("|", "\\|")
