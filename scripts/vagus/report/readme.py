"""README of a results folder: every file that is there, every column with its unit."""

from __future__ import annotations

import logging
from pathlib import Path

from vagus.report.catalogue import PER_SAMPLE, Entry, list_files, read_header

log = logging.getLogger(__name__)

_INTRODUCTION = """# Results

Tables are tab-separated text: UTF-8, one header line, `.` as decimal point, an empty field where
there is no value. Samples are sorted by name, ASVs by descending reads. An ASV's name is the MD5 of
its sequence, so it is the same in every study. Start with `report/index.html`.

| folder | contains |
|---|---|
"""
_FOLDERS = {
    "reads": "reads after trimming and filtering, the read ledger, quality numbers",
    "denoise": "amplicon sequence variants (ASVs), error models, chimeras",
    "taxonomy": "names of the ASVs",
    "selection": "the ASVs that are analysed, those set apart, composition at each rank",
    "phylogeny": "alignment and tree of the ASVs",
    "diversity": "diversity within and between samples",
    "controls": "contaminants, mock communities, repeatability, batches, a verdict for each run",
    "cohort": "comparisons of groups (associations, not causes)",
    "demo": "comparison with the truth of a simulated study",
    "gut_brain": "reads of taxa with a documented capacity (potential, not measured)",
    "exports": "the study in the forms that QIIME 2, phyloseq, AnnData and MultiQC load",
    "report": "pages and figures for reading",
}
_UNLISTED = ("logs", "benchmarks")


def write_readme(results: Path, path: Path) -> None:
    """Describe the files of ``results`` in Markdown; a column without description is logged."""
    from vagus.files import open_whole

    with open_whole(path) as stream:
        stream.write(render_readme(results))


def render_readme(results: Path) -> str:
    """Markdown: the folders, then each stage's files with their columns."""
    found = list_files(results)
    stages = list(dict.fromkeys(entry.stage for entry in found))
    parts = [_INTRODUCTION]
    parts += [f"| `{stage}/` | {_FOLDERS[stage]} |\n" for stage in stages]
    for stage in stages:
        parts.append(f"\n## {stage}\n")
        for entry, paths in found.items():
            if entry.stage == stage and entry.path.split("/")[0] not in _UNLISTED:
                parts.append(_describe_entry(results, entry, paths))
    parts.append("\nLogs are in `logs/`, time and memory of each program in `benchmarks/`.\n")
    return "".join(parts)


def _describe_entry(results: Path, entry: Entry, paths: list[str]) -> str:
    shown = entry.path if len(paths) > 1 else paths[0]
    text = f"\n### `{shown}`\n\n{entry.title}\n"
    if not entry.columns:
        return text
    columns: dict[str, str] = {}
    for path in paths:
        for place, column in enumerate(read_header(results / path)):
            is_sample = entry.is_wide and place > 0
            name = "*one column a sample*" if is_sample else f"`{column}`"
            if name not in columns:
                columns[name] = _explain(entry, PER_SAMPLE if is_sample else column, path)
    rows = "".join(f"| {name} | {_escape(meaning)} |\n" for name, meaning in columns.items())
    return f"{text}\n| column | meaning |\n|---|---|\n{rows}" if rows else text


def _explain(entry: Entry, column: str, path: str) -> str:
    meaning = entry.describe(column)
    if meaning is None:
        log.warning("column '%s' of %s has no description", column, path)
        return "(no description)"
    return meaning


def _escape(text: str) -> str:
    return text.replace("|", "\\|")
