"""Figures: one style, and files that are the same bytes wherever they are drawn.

Each figure becomes an SVG and a PNG with its data as TSV. The SVG goes inline into the page
twice, as it is and in a narrow layout; there its legend is the page's own, by which series can be
hidden.
Text stays text in the SVG, so the reader's browser draws names in any script; tool tips are SVG
``<title>`` elements. Only the font that comes with matplotlib is used for layout and PNG.
"""

from __future__ import annotations

import gc
import io
import unicodedata
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from markupsafe import Markup
from matplotlib import font_manager, ft2font
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from vagus.files import write_text, write_whole
from vagus.report.blocks import Plot
from vagus.report.inline_svg import inline_layouts
from vagus.report.keys import list_keys, list_scales
from vagus.report.palette import GRID, INK, MUTED
from vagus.report.reflow import find_crop, mark_legends, reflow
from vagus.report.svg import Tips, clean_svg
from vagus.tables import write_table
from vagus.tables.stages.report import FIGURE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

FULL_WIDTH_IN = 9.6
PIXELS_PER_IN = 96
POINTS_PER_IN = 72
FONT_PT = 8.5
MAX_VECTOR_MARKS = 1200
_PIXEL_DPI = 144
_PNG_DPI, _MAX_PNG_HEIGHT = 150, 14_000

STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "vagus",
    "text.parse_math": False,
    "font.family": ["DejaVu Sans"],
    "font.size": FONT_PT,
    "axes.titlesize": FONT_PT + 0.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titley": 1.0,
    "axes.labelsize": FONT_PT,
    "axes.labelcolor": INK,
    "axes.edgecolor": "#8A949D",
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "legend.frameon": False,
    "legend.fontsize": FONT_PT,
    "figure.dpi": 72,
    "hatch.linewidth": 0.4,
    "image.composite_image": False,
}


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw in the style of the report, whatever the user's matplotlib settings are."""
    with matplotlib.rc_context(), _rare_collections():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        yield


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for garbage less often: a figure is many objects that live until it is drawn."""
    usual = gc.get_threshold()
    gc.set_threshold(20_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def new_figure(width_in: float, height_in: float) -> Figure:
    """An empty figure."""
    return Figure(figsize=(width_in, height_in))


def place_axes(figure: Figure, left: float, bottom: float, right: float, top: float) -> Axes:
    """Axes with the given margins, all in inches from the figure's edges."""
    width, height = figure.get_size_inches()
    return figure.add_axes(
        (
            left / width,
            bottom / height,
            max(0.1, width - left - right) / width,
            max(0.1, height - bottom - top) / height,
        )
    )


def place_grid(
    figure: Figure, n_rows: int, n_columns: int, *, left: float = 0.6, gap: float = 0.55
) -> list[Axes]:
    """A grid of axes, row by row, with room for titles above each and labels below the last row."""
    width, height = figure.get_size_inches()
    top, bottom, right = 0.3, 0.5, 0.1
    cell_w = (width - left - right - gap * (n_columns - 1)) / n_columns
    cell_h = (height - top - bottom - gap * (n_rows - 1)) / n_rows
    axes = []
    for row in range(n_rows):
        for column in range(n_columns):
            x = left + column * (cell_w + gap)
            y = height - top - (row + 1) * cell_h - row * gap
            axes.append(figure.add_axes((x / width, y / height, cell_w / width, cell_h / height)))
    return axes


def measure_text(text: str, size_pt: float = FONT_PT) -> float:
    """Rough width of ``text`` in inches; wide East Asian characters count twice."""
    ems = sum(1.05 if unicodedata.east_asian_width(c) in "WF" else 0.6 for c in text)
    return ems * size_pt / 72


def shorten(text: str, length: int = 28) -> str:
    """``text``, with its middle left out when it is longer than ``length`` characters."""
    if len(text) <= length:
        return text
    tail = length // 3
    return f"{text[: length - tail - 1]}…{text[-tail:]}"


class FigureFolder:
    """Where figures are saved: ``<name>.svg``, ``<name>.png`` and ``<name>.tsv``.

    Parameters
    ----------
    folder
        Folder for the files, or None to draw for the page alone.
    ascii_names
        What a PNG shows for a text with characters that are not in its font (sample name -> key).
    """

    def __init__(self, folder: Path | None, ascii_names: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.ascii_names = dict(ascii_names or {})
        self.names: list[str] = []

    def _make_unique(self, name: str) -> str:
        """The name, or one with a number: names of columns are part of it and may make it twice."""
        own, number = name, 2
        while own in self.names:
            own, number = f"{name}-{number}", number + 1
        return own

    def save(
        self,
        figure: Figure,
        name: str,
        data: pd.DataFrame,
        *,
        tips: Tips | None = None,
        label: str,
        caption: str | Markup = "",
    ) -> Plot:
        """Save the figure and its data; return it for the page.

        An index of ``data`` that has a name is the first column of its file.
        ``tips`` maps the gid of an artist to its tool tip, or the gid of a collection to one tool
        tip for each of its items. ``label`` is the text alternative.
        """
        name = self._make_unique(name)
        mark_legends(figure)
        tips = thin_marks(figure, tips or {})
        svg = clean_svg(_draw_svg(figure), name, tips, label)
        keys, scale, crop = list_keys(figure), list_scales(figure), find_crop(figure)
        self.names.append(name)
        if self.folder is not None:
            head = '<?xml version="1.0" encoding="UTF-8"?>\n'
            write_text(self.folder / f"{name}.svg", f"{head}{svg}\n")
            has_index = data.index.name is not None
            write_table(data, self.folder / f"{name}.tsv", FIGURE, index=has_index)
            self._save_png(figure, self.folder / f"{name}.png")
        reflow(figure)
        narrow = clean_svg(_draw_svg(figure), f"{name}-narrow", tips, label)
        wide, small = inline_layouts(svg, narrow, name, crop)
        return Plot(
            name,
            Markup(wide),
            round(crop.width / POINTS_PER_IN * PIXELS_PER_IN),
            caption,
            keys,
            scale=scale,
            narrow=Markup(small),
            narrow_px=round(figure.get_size_inches()[0] * PIXELS_PER_IN),
        )

    def _save_png(self, figure: Figure, path: Path) -> None:
        for artist in figure.findobj(Text):
            text = artist.get_text()
            if not _is_covered(text):
                artist.set_text(self.ascii_names.get(text, _replace_uncovered(text)))
        dpi = min(_PNG_DPI, _MAX_PNG_HEIGHT / figure.get_size_inches()[1])
        with _quiet_glyphs(), write_whole(path) as temporary:
            figure.savefig(temporary, format="png", dpi=dpi, metadata={"Software": None})


def thin_marks(figure: Figure, tips: Tips) -> Tips:
    """Draw the marks of a crowded figure as pixels; returns the tool tips that are left.

    A thousand points with a tool tip each would make the page large and slow. Axes, labels and
    legends stay as they are, and the values are in the figure's table.
    """
    marks = [mark for axes in figure.axes for mark in (*axes.collections, *axes.lines)]
    if sum(_count_items(mark) for mark in marks) <= MAX_VECTOR_MARKS:
        return tips
    for mark in marks:
        mark.set_rasterized(True)
    gone = {mark.get_gid() for mark in marks}
    return {gid: words for gid, words in tips.items() if gid not in gone}


def _count_items(mark: Artist) -> int:
    """Points, areas and lines that it draws."""
    if isinstance(mark, Collection):
        return max(len(np.asarray(mark.get_offsets())), len(mark.get_paths()))
    if isinstance(mark, Line2D) and mark.get_marker() not in ("None", "none", "", " ", None):
        return 1 + np.size(np.asarray(mark.get_xdata()))
    return 1


def _draw_svg(figure: Figure) -> str:
    buffer = io.StringIO()
    with _quiet_glyphs():
        figure.savefig(buffer, format="svg", metadata={"Date": None}, dpi=_PIXEL_DPI)
    return buffer.getvalue()


@contextmanager
def _quiet_glyphs() -> Iterator[None]:
    """A character missing from the layout font is drawn by the browser: nothing to warn about."""
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message=r"Glyph .* missing from font", category=UserWarning
        )
        yield


@cache
def _covered_characters() -> frozenset[int]:
    path = font_manager.findfont("DejaVu Sans")
    return frozenset(ft2font.FT2Font(path).get_charmap())


def _is_covered(text: str) -> bool:
    return all(ord(c) in _covered_characters() or c == "\n" for c in text)


def _replace_uncovered(text: str) -> str:
    return "".join(c if ord(c) in _covered_characters() else "?" for c in text)
