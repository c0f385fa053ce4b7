"""A column of a table: its type, unit and words, and when it or a cell of it may be missing."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

TEXT, WHOLE, NUMBER = "text", "whole number", "number"
ANY = "text or number"
SHARE = "0 to 1"


@dataclass(frozen=True)
class Column:
    """A column, or several of one kind.

    Attributes:
        name: with ``*`` it is a pattern, and there may be any number of such columns.
        kind: TEXT, WHOLE, NUMBER, or ANY for the columns of a sample sheet.
        words: what an entry means.
        unit: of the numbers; a SHARE is from 0 to 1.
        empty: when a cell is empty; '' for a column without empty cells.
        only: when the column is there; '' for a column of every such table.
        lowest, highest: no number is beyond them.
        is_exact: all digits are in the file, and are read back.
    """

    name: str
    kind: str
    words: str
    unit: str = ""
    empty: str = ""
    only: str = ""
    lowest: float | None = None
    highest: float | None = None
    is_exact: bool = False

    @property
    def is_pattern(self) -> bool:
        """Whether there may be several columns of this kind."""
        return "*" in self.name

    @property
    def is_needed(self) -> bool:
        """Whether every such table has the column."""
        return not (self.only or self.is_pattern)

    def matches(self, name: str) -> bool:
        """Whether it describes the column of this name."""
        return name == self.name or (self.is_pattern and fnmatchcase(name, self.name))


def text(name: str, words: str, *, empty: str = "", only: str = "") -> Column:
    """A column of names or words."""
    return Column(name, TEXT, words, empty=empty, only=only)


def count(name: str, words: str, unit: str = "reads", *, empty: str = "", only: str = "") -> Column:
    """A column of whole numbers from 0 on."""
    return Column(name, WHOLE, words, unit, empty, only, 0)


def whole(name: str, words: str, unit: str = "", *, empty: str = "", only: str = "") -> Column:
    """A column of whole numbers that may be negative."""
    return Column(name, WHOLE, words, unit, empty, only)


def number(name: str, words: str, unit: str = "", *, empty: str = "", only: str = "") -> Column:
    """A column of numbers."""
    return Column(name, NUMBER, words, unit, empty, only)


def share(name: str, words: str, *, empty: str = "", only: str = "") -> Column:
    """A column of numbers from 0 to 1."""
    return Column(name, NUMBER, words, SHARE, empty, only, 0, 1)
