"""A file of the results folder, and a table: who writes it, what a row is, its columns in order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from vagus.tables.columns import Column

LAST = "vagus run"
"""Writer of what is written by no step."""


@dataclass(frozen=True)
class File:
    """Files of one kind.

    Attributes:
        path: within the results folder; ``*`` is any part of a name.
        title: what it contains.
        writer: step program that writes it (``scripts/<writer>.py``).
    """

    path: str
    title: str
    writer: str

    @property
    def has_many(self) -> bool:
        """Whether a results folder may have several such files."""
        return "*" in self.path

    def matches(self, path: str) -> bool:
        """Whether a path within the results folder is of this kind; ``*`` ends at '/'."""
        own, other = self.path.split("/"), path.split("/")
        return len(own) == len(other) and all(map(fnmatchcase, other, own))


@dataclass(frozen=True)
class Table:
    """A table; several files may have the same columns.

    Attributes:
        name: in messages, such as "read ledger".
        row: what a row is.
        files: where it is in the results folder.
        columns: in the order of the file. Of a wide table, those that the first may be.
        key: column of which each entry is there once; '' where there is none.
        cells: of a wide table, what is in the columns of the samples.
    """

    name: str
    row: str
    files: tuple[File, ...]
    columns: tuple[Column, ...]
    key: str = ""
    cells: Column | None = None

    @property
    def names(self) -> list[str]:
        """Names of the columns that every such table has, in order."""
        return [column.name for column in self.columns if column.is_needed]

    @property
    def texts(self) -> list[str]:
        """Names of the columns of words, patterns left out."""
        return [c.name for c in self.columns if c.kind == "text" and not c.is_pattern]

    def select(self, names: Collection[str]) -> list[str]:
        """Those of some names that are columns of the table, in its order."""
        return [column.name for column in self.columns if column.name in names]

    def find(self, name: str) -> Column | None:
        """Description of a column that is not a sample: by its name, then by a pattern."""
        exact = (column for column in self.columns if column.name == name)
        like = (column for column in self.columns if column.matches(name))
        return next(exact, None) or next(like, None)

    def find_fault(self, header: Sequence[str]) -> str:
        """What is wrong with a header by this description; '' where nothing is."""
        if self.cells is not None:
            is_known = bool(header) and self.find(header[0]) is not None
            return "" if is_known else f"the first column is '{(*header, '')[0]}'"
        found = [self.find(name) for name in header]
        for name, column in zip(header, found, strict=True):
            if column is None:
                return f"the column '{name}' is not described"
        places = [self.columns.index(column) for column in found if column is not None]
        for name, before, place in zip(header[1:], places, places[1:], strict=False):
            if place < before:
                return f"the column '{name}' is not in its place"
        missing = [name for name in self.names if name not in header]
        return f"the column '{missing[0]}' is missing" if missing else ""


def extend(columns: Sequence[Column], only: str) -> tuple[Column, ...]:
    """The same columns where they are there only at times."""
    return tuple(replace(column, only=only) for column in columns)
