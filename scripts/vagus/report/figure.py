"""Figures: one style, and files that are the same bytes wherever they are drawn.

Each figure becomes an SVG and a PNG with its data as TSV, and the SVG goes inline into the page.
Text stays text in the SVG, so the reader's browser draws names in any script; tool tips are SVG
``<title>`` elements. Only the font that comes with matplotlib is used for layout and PNG.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
from markupsafe import Markup
from matplotlib import font_manager, ft2font
from matplotlib.figure import Figure
from matplotlib.text import Text

from vagus.files import open_whole, write_whole
from vagus.report.blocks import Plot
from vagus.report.keys import list_keys
from vagus.report.palette import GRID, INK, MUTED
from vagus.tables import write_table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

FULL_WIDTH_IN = 9.6
PIXELS_PER_IN = 96
FONT_PT = 8.5
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_LONG_NUMBER = re.compile(r"(\d+\.\d\d)\d+")
_FAMILY = re.compile(r"\s*font-family:[^;]*;?")
_REFERENCE = re.compile(r"#([A-Za-z_][\w.-]*)")
_GEOMETRY = ("d", "x", "y", "transform", "points", "width", "height")

STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "vagus",
    "text.parse_math": False,
    "font.family": ["DejaVu Sans"],
    "font.size": FONT_PT,
    "axes.titlesize": FONT_PT + 0.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
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
}

Tips = Mapping[str, "str | Sequence[str]"]


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw in the style of the report, whatever the user's matplotlib settings are."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        yield


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
        What stands in a PNG for a text whose characters its font lacks (sample name -> key).
    """

    def __init__(self, folder: Path | None, ascii_names: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.ascii_names = dict(ascii_names or {})
        self.names: list[str] = []

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

        ``tips`` maps the gid of an artist to its tool tip, or the gid of a collection to one tool
        tip for each of its items. ``label`` is the text alternative.
        """
        buffer = io.StringIO()
        with _quiet_glyphs():
            figure.savefig(buffer, format="svg", metadata={"Date": None})
        keys = list_keys(figure)
        svg = clean_svg(buffer.getvalue(), name, tips or {}, label)
        self.names.append(name)
        if self.folder is not None:
            with open_whole(self.folder / f"{name}.svg") as stream:
                stream.write('<?xml version="1.0" encoding="UTF-8"?>\n' + svg + "\n")
            write_table(data, self.folder / f"{name}.tsv")
            self._save_png(figure, self.folder / f"{name}.png")
        width = round(figure.get_size_inches()[0] * PIXELS_PER_IN)
        return Plot(name, Markup(svg), width, caption, keys)

    def _save_png(self, figure: Figure, path: Path) -> None:
        for artist in figure.findobj(Text):
            text = artist.get_text()
            if not _is_covered(text):
                artist.set_text(self.ascii_names.get(text, _replace_uncovered(text)))
        with _quiet_glyphs(), write_whole(path) as temporary:
            figure.savefig(temporary, format="png", dpi=150, metadata={"Software": None})


def clean_svg(svg: str, name: str, tips: Tips, label: str) -> str:
    """Matplotlib's SVG made fit for a page that holds many.

    Identifiers are made the figure's own or dropped, numbers cut to two decimals, fonts left to
    the page, metadata and the style sheet (which would apply to the whole page) removed.
    """
    ET.register_namespace("", _SVG[1:-1])
    ET.register_namespace("xlink", _XLINK[1 : _XLINK.index("}")])
    root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", svg))
    _remove_preamble(root)
    _add_tips(root, tips)
    used: set[str] = set()
    for element in root.iter():
        for value in element.attrib.values():
            used.update(_REFERENCE.findall(value) if "#" in value else ())
    for element in root.iter():
        _clean_element(element, name, used)
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.attrib.update({"role": "img", "aria-label": label, "class": "plot", "font-family": _FONTS})
    root.attrib.update({"stroke-linejoin": "round", "stroke-linecap": "butt"})
    return re.sub(r">\s+<", "><", ET.tostring(root, encoding="unicode"))


def _remove_preamble(root: ET.Element) -> None:
    for element in list(root):
        if element.tag == f"{_SVG}metadata" or element.find(f"{_SVG}style") is not None:
            root.remove(element)


def _add_tips(root: ET.Element, tips: Tips) -> None:
    """Give the element of each gid, or each item of a collection, its ``<title>``."""
    for element in root.iter():
        tip = tips.get(element.get("id", ""))
        if not tip:
            continue
        if isinstance(tip, str):
            targets, texts = [element], [tip]
        else:
            targets, texts = _list_items(element), list(tip)
        for target, text in zip(targets, texts, strict=True):
            title = ET.Element(f"{_SVG}title")
            title.text = text
            target.insert(0, title)


def _list_items(group: ET.Element) -> list[ET.Element]:
    """Drawn items of a collection, in order, without the shapes that they are copies of."""
    hidden = {item for part in group.iter(f"{_SVG}defs") for item in part.iter()}
    drawn = (f"{_SVG}path", f"{_SVG}use")
    return [item for item in group.iter() if item.tag in drawn and item not in hidden]


def _clean_element(element: ET.Element, name: str, used: set[str]) -> None:
    own = element.get("id")
    if own is not None:
        if own in used:
            element.set("id", f"{name}-{own}")
        else:
            del element.attrib["id"]
    for key, value in list(element.attrib.items()):
        if key in _GEOMETRY:
            element.set(key, _LONG_NUMBER.sub(r"\1", value).replace("\n", ""))
        elif key == "style":
            element.set(key, _REFERENCE_URL.sub(rf"url(#{name}-", _FAMILY.sub("", value)))
        elif key == "clip-path":
            element.set(key, _REFERENCE_URL.sub(rf"url(#{name}-", value))
        elif key == _XLINK and value.startswith("#"):
            element.set(key, f"#{name}-{value[1:]}")


_REFERENCE_URL = re.compile(r"url\(#")


@contextmanager
def _quiet_glyphs() -> Iterator[None]:
    """A character that the layout font lacks is drawn by the browser; it is no reason to warn."""
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
