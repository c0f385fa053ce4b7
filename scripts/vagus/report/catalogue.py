"""The catalogue: every file that a results folder may contain, and what its columns mean."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import yaml

from vagus.exports.forms import FORMS
from vagus.report.templates import TEMPLATES

PER_SAMPLE = "SAMPLE"
_WRITTEN_LAST = ("README.md", "checksums.sha256")


@dataclass(frozen=True, eq=False)
class Entry:
    """Files of one kind. ``columns`` is empty for files that are not tables of ours."""

    stage: str
    path: str
    title: str
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def has_many(self) -> bool:
        """Whether a results folder may have several such files."""
        return "*" in self.path

    def matches(self, path: str) -> bool:
        """Whether a path relative to the results folder belongs to this entry; * ends at '/'."""
        own, other = self.path.split("/"), path.split("/")
        return len(own) == len(other) and all(map(fnmatchcase, other, own))

    @property
    def is_wide(self) -> bool:
        """Whether every column except the first is a sample."""
        return PER_SAMPLE in self.columns

    def describe(self, column: str) -> str | None:
        """Meaning of a column that is no sample: by its name, then by pattern."""
        if column in self.columns:
            return self.columns[column]
        patterns = (pattern for pattern in self.columns if "*" in pattern)
        found = next((pattern for pattern in patterns if fnmatchcase(column, pattern)), None)
        return None if found is None else self.columns[found]


@cache
def load_catalogue() -> tuple[Entry, ...]:
    """All entries in the order of the stages."""
    with open(TEMPLATES / "catalogue.yaml", encoding="utf-8") as stream:
        stages = yaml.safe_load(stream)
    exports = [Entry("exports", form.pattern, form.title) for form in FORMS if form.title]
    entries: list[Entry] = []
    for stage in stages:
        entries += [
            Entry(stage["stage"], file["path"], file["title"], file.get("columns", {}))
            for file in stage["files"]
        ]
        entries += exports if stage["stage"] == "exports" else []
    return tuple(entries)


def find_entry(path: str) -> Entry | None:
    """Entry of a file, by its path relative to the results folder: its own before a pattern's."""
    return next((entry for entry in _put_patterns_last() if entry.matches(path)), None)


@cache
def _put_patterns_last() -> tuple[Entry, ...]:
    return tuple(sorted(load_catalogue(), key=lambda entry: entry.has_many))


def list_files(results: Path) -> dict[Entry, list[str]]:
    """Entries that have files in a results folder, with the files' relative paths, sorted.

    What is written last of all is listed whether or not an earlier run left it.
    """
    found: dict[Entry, list[str]] = {}
    for entry in load_catalogue():
        paths = sorted(
            path.relative_to(results).as_posix()
            for path in results.glob(entry.path)
            if path.is_file() and not path.name.startswith(".")
        )
        own = [path for path in paths if find_entry(path) is entry]
        if entry.path in _WRITTEN_LAST:
            own = [entry.path]
        if own:
            found[entry] = own
    return found


def read_header(path: Path) -> list[str]:
    """Column names of a TSV; none when the file is empty."""
    with open(path, encoding="utf-8", newline="") as stream:
        return next(csv.reader(stream, delimiter="\t"), [])
