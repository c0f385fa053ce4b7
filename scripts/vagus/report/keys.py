"""The legend of a figure as data, so that a page can show it where the figure's own is not seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.collections import Collection
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from vagus.report.blocks import Key
from vagus.report.numbers import format_value

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend


def list_keys(figure: Figure) -> tuple[Key, ...]:
    """Entries of all legends in the figure, each once, and three values of a colour scale."""
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes)]
    keys = [key for legend in legends if legend is not None for key in _read_legend(legend)]
    for axes in figure.axes:
        for drawn in axes.collections:
            if drawn.colorbar is not None:
                keys += _read_scale(drawn)
    return tuple(dict.fromkeys(keys))


def _read_legend(legend: Legend) -> list[Key]:
    pairs = zip(legend.legend_handles, legend.get_texts(), strict=True)
    return [_read_handle(handle, text.get_text()) for handle, text in pairs if handle is not None]


def _read_handle(handle: Artist, label: str) -> Key:
    if isinstance(handle, Patch):
        return Key(
            label, to_hex(handle.get_facecolor()), "hatched" if handle.get_hatch() else "area"
        )
    if isinstance(handle, Line2D):
        return Key(label, to_hex(handle.get_color()), "line")
    assert isinstance(handle, Collection)
    face = to_hex(handle.get_facecolor()[0])
    if face == "#ffffff":
        return Key(label, to_hex(handle.get_edgecolor()[0]), "hollow")
    return Key(label, face, "point")


def _read_scale(drawn: Collection) -> list[Key]:
    """Least, middle and greatest value of a colour scale."""
    import numpy as np

    values = np.linspace(*drawn.get_clim(), 3)
    colours = drawn.to_rgba(values)
    return [
        Key(format_value(value), to_hex(tuple(colour)), "point")
        for value, colour in zip(values, colours, strict=True)
    ]
