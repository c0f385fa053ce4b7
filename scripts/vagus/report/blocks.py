"""The pieces that a page is built from. Templates draw them; builders fill them.

Text given as ``str`` is escaped by the template. Text with markup is ``markupsafe.Markup`` and is
made with ``Markup(...).format(...)``, which escapes what it fills in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from markupsafe import Markup

from vagus.report.numbers import (
    format_count,
    format_p,
    format_percent,
    format_value,
    is_missing,
)

MAX_ROWS_AT_ONCE = 120
FIRST_ROWS = 60


def _format_exact(value: float) -> str:
    return format_value(value, 5)


_FORMATS: dict[str, Callable[[float], str]] = {
    "count": format_count,
    "value": format_value,
    "percent": format_percent,
    "p": format_p,
    "exact": _format_exact,
}


@dataclass(frozen=True)
class Prose:
    """A paragraph."""

    kind: ClassVar[str] = "prose"
    text: str | Markup


@dataclass(frozen=True)
class Absent:
    """Why something that a reader may look for is not here."""

    kind: ClassVar[str] = "absent"
    reason: str | Markup


@dataclass(frozen=True)
class Card:
    """One key number."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Cards:
    """Key numbers side by side."""

    kind: ClassVar[str] = "cards"
    cards: Sequence[Card]


@dataclass(frozen=True)
class Notice:
    """Something to know: ``level`` is 'error', 'warning' or 'note'."""

    level: str
    text: str | Markup


@dataclass(frozen=True)
class Notices:
    """Notices, one below the other."""

    kind: ClassVar[str] = "notices"
    notices: Sequence[Notice]


@dataclass(frozen=True)
class Key:
    """An entry of a figure's legend; ``look`` is 'area', 'hatched', 'line', 'point' or 'hollow'."""

    label: str
    colour: str
    look: str = "area"


@dataclass(frozen=True)
class Plot:
    """A figure: inline SVG, its natural size in CSS pixels, and where its files are.

    ``keys`` are the entries of its legend; by them a reader hides and shows series. ``narrow`` is
    the same figure laid out for a phone, where ``scale`` replaces its colour scale.
    """

    kind: ClassVar[str] = "plot"
    name: str
    svg: Markup
    width_px: int
    caption: str | Markup = ""
    keys: Sequence[Key] = ()
    scale: Sequence[Key] = ()
    narrow: str | Markup = ""
    narrow_px: int = 0


@dataclass(frozen=True)
class Chooser:
    """Panels of which one is shown at a time: one choice for each entry of ``titles``.

    Without scripts all panels are shown, each under its choices as heading. ``first`` is the
    choice shown first; the first panel when it is not among them.
    """

    kind: ClassVar[str] = "chooser"
    titles: tuple[str, ...]
    panels: Sequence[tuple[tuple[str, ...], Sequence[object]]]
    first: tuple[str, ...] = ()

    @property
    def opening(self) -> int:
        """Number of the panel that is shown first."""
        choices = [own for own, _ in self.panels]
        return choices.index(self.first) if self.first in choices else 0

    @property
    def has_figures_only(self) -> bool:
        """Whether every panel is one figure, so that they can be printed side by side."""
        return all(len(blocks) == 1 and isinstance(blocks[0], Plot) for _, blocks in self.panels)


@dataclass(frozen=True)
class Column:
    """A table column.

    ``form``: 'text', 'long' (text that needs room), 'short' (kept in one line),
    'narrow' (as wide as its longest word), or a number: 'count', 'value', 'percent', 'p',
    'exact' (five digits).
    """

    title: str
    form: str = "text"
    help: str = ""

    @property
    def is_number(self) -> bool:
        """Whether the column is aligned right and sorted by value."""
        return self.form not in ("text", "long", "short", "narrow")


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere."""

    text: str
    href: str


@dataclass(frozen=True)
class Cell:
    """A table cell as it is shown, what it sorts by and where it leads."""

    text: str | Markup
    sort: str = ""
    href: str = ""


@dataclass(frozen=True)
class Table:
    """A table that scripts make sortable and, with ``search``, searchable."""

    kind: ClassVar[str] = "table"
    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    caption: str | Markup = ""
    search: bool = False

    @property
    def n_first(self) -> int:
        """How many rows are drawn at once; those of a long table wait until they are wanted."""
        return len(self.rows) if len(self.rows) <= MAX_ROWS_AT_ONCE else FIRST_ROWS

    @property
    def cells(self) -> list[list[Cell]]:
        """Rows of formatted cells."""
        return [
            [format_cell(value, column) for value, column in zip(row, self.columns, strict=True)]
            for row in self.rows
        ]


@dataclass(frozen=True)
class Details:
    """Blocks that a reader opens."""

    kind: ClassVar[str] = "details"
    summary: str
    blocks: Sequence[object]


@dataclass(frozen=True)
class Segment:
    """A part of a bar: its share of the bar (0 to 1), its colour and its words."""

    label: str
    share: float
    colour: str
    value: str = ""


@dataclass(frozen=True)
class Bar:
    """One stacked bar with its legend."""

    kind: ClassVar[str] = "bar"
    segments: Sequence[Segment]
    label: str
    caption: str | Markup = ""


@dataclass(frozen=True)
class Strip:
    """One value against others: places on a line of 320 units, tool tips and words.

    ``box`` has the places of the others' quartiles and median.
    """

    name: str
    value: str
    x: float | None
    others: Sequence[tuple[float, str]]
    low: str
    high: str
    words: str
    box: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Strips:
    """Values of one sample, each against those of other samples."""

    kind: ClassVar[str] = "strips"
    strips: Sequence[Strip]
    caption: str | Markup = ""


@dataclass(frozen=True)
class Range:
    """A share with its interval against a range: places on a line of 320 units, and words."""

    name: str
    value: str
    x: float
    interval: tuple[float, float]
    others: tuple[float, float]
    median: float
    high: str
    words: str


@dataclass(frozen=True)
class Ranges:
    """Shares of one sample, each against the range of other samples."""

    kind: ClassVar[str] = "ranges"
    ranges: Sequence[Range]
    caption: str | Markup = ""


@dataclass(frozen=True)
class Definitions:
    """Terms and what they mean."""

    kind: ClassVar[str] = "definitions"
    items: Sequence[tuple[str, str | Markup]]


@dataclass(frozen=True)
class Section:
    """A section of a page; ``id`` is its anchor."""

    id: str
    title: str
    blocks: Sequence[object]


@dataclass(frozen=True)
class Part:
    """Sections under one heading in the table of contents."""

    title: str
    sections: Sequence[Section]


def format_cell(value: object, column: Column) -> Cell:
    """Show ``value`` in the form of its column; the full number stays as the sort key."""
    if isinstance(value, Cell):
        return value
    if isinstance(value, Link):
        return Cell(value.text, value.text, value.href)
    if is_missing(value):
        return Cell("–" if column.is_number else "")
    if column.is_number:
        number = float(value)  # type: ignore[arg-type]
        text = _FORMATS[column.form](number)
        return Cell(text, "" if _says_all(text, number) else f"{number:.6g}")
    return Cell(value if isinstance(value, Markup) else str(value))


def _says_all(text: str, number: float) -> bool:
    """Whether sorting by the text gives the same order as sorting by the number."""
    return text.replace(",", "") == f"{number:.10g}"
