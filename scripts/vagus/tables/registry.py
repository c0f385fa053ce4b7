"""All files of a results folder: those of each stage, in the order of the stages.

A new table is one ``Table`` in the module of its stage (``vagus.tables.stages``), with its columns;
a new column is one line there. Programs write and read by it, and results/README.md is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from vagus.tables.table import File, Table

STAGES = (
    "final", "reads", "denoise", "taxonomy", "selection", "phylogeny", "diversity", "controls",
    "cohort", "identity", "demo", "gut_brain", "exports", "report",
)  # fmt: skip
_WRITTEN_LAST = ("README.md", "checksums.sha256")
Entry = tuple[str, File, Table | None]
"""A stage, a file of it, and its table where it is one."""


@cache
def list_entries() -> tuple[Entry, ...]:
    """All files that a results folder may have, tables first in each stage."""
    entries = [entry for stage in STAGES for entry in _list_entries_of(stage)]
    return tuple(sorted(entries, key=lambda entry: STAGES.index(entry[0])))


def list_tables() -> list[Table]:
    """All tables."""
    return list(dict.fromkeys(table for _, _, table in list_entries() if table is not None))


def _list_entries_of(stage: str) -> Iterator[Entry]:
    module = import_module(f"vagus.tables.stages.{stage}")
    for table in module.TABLES:
        for file in table.files:
            yield _name_stage(file, stage), file, table
    for file in module.FILES:
        yield stage, file, None


def _name_stage(file: File, stage: str) -> str:
    """A later stage writes a table of the same columns in its own folder."""
    folder = file.path.split("/")[0]
    return folder if folder in STAGES else stage


def find_entry(path: str) -> Entry | None:
    """Stage, file and table of a path within the results folder: its own before a pattern's."""
    return next((entry for entry in _put_patterns_last() if entry[1].matches(path)), None)


@cache
def _put_patterns_last() -> tuple[Entry, ...]:
    return tuple(sorted(list_entries(), key=lambda entry: entry[1].has_many))


def list_found(results: Path) -> Iterator[tuple[Entry, list[str]]]:
    """Files that a results folder has, by entry, with their paths within it, sorted.

    What is written last of all is listed whether or not an earlier run left it.
    """
    for entry in list_entries():
        pattern = entry[1].path
        paths = sorted(
            path.relative_to(results).as_posix()
            for path in results.glob(pattern)
            if path.is_file() and not path.name.startswith(".")
        )
        own = [path for path in paths if find_entry(path) == entry]
        if pattern in _WRITTEN_LAST:
            own = [pattern]
        if own:
            yield entry, own
