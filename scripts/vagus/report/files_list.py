"""The list of all tables and files, with links."""

from __future__ import annotations

from markupsafe import Markup

from vagus.report.blocks import Cell, Column, Details, Prose, Section, Table
from vagus.report.inputs import ReportInputs
from vagus.report.sentences import write_markup
from vagus.tables.registry import list_found
from vagus.tables.table import File

# Written after this page, or of no use to its readers.
_NOT_LISTED = ("logs", "benchmarks")
_LATER = {"README.md": "README.md", "report/index.html": ""}
_MAX_LINKS = 8


def build_files(inputs: ReportInputs) -> Section:
    """Links to every file of the study, by stage."""
    stages: dict[str, list[list[object]]] = {}
    for (stage, file, _), paths in list_found(inputs.results):
        part = file.path.split("/")[0]
        if part in _NOT_LISTED or file.path in _LATER or part == "report":
            continue
        stages.setdefault(stage, []).append([_link(file, paths), file.title])
    columns = [Column("file"), Column("what it contains")]
    blocks: list[object] = [Prose(write_markup("summary.files"))]
    blocks += [Details(stage, [Table(columns, rows)]) for stage, rows in stages.items()]
    return Section("files", "Tables and files", blocks)


def _link(file: File, paths: list[str]) -> Cell:
    """One link a file; a pattern when there are many."""
    if len(paths) > _MAX_LINKS:
        return Cell(f"{file.path} ({len(paths)} files)")
    links = (Markup('<a href="../{0}">{0}</a>').format(path) for path in paths)
    return Cell(Markup("<br>").join(links))
