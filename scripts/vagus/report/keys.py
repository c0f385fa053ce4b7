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
    """Entries of all legends in the figure, each once."""
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes)]
    keys = [key for legend in legends if legend is not None for key in _read_legend(legend)]
    return tuple(dict.fromkeys(keys))


def list_scales(figure: Figure) -> tuple[Key, ...]:
    """Three values of each colour scale in the figure."""
    keys = []
    for axes in figure.axes:
        for drawn in axes.collections:
            if drawn.colorbar is not None:
                keys += _read_scale(drawn)
    return tuple(dict.fromkeys(keys))


def _read_legend(legend: Legend) -> list[Key]:
    """Row by row, as it is read; matplotlib lists its entries column by column."""
    pairs = list(zip(legend.legend_handles, legend.get_texts(), strict=True))
    n_columns = int(getattr(legend, "_ncols", 1))
    n_rows, n_longer = divmod(len(pairs), n_columns)
    lengths = [n_rows + (column < n_longer) for column in range(n_columns)]
    starts = [sum(lengths[:column]) for column in range(n_columns)]
    order = [
        start + row
        for row in range(max(lengths))
        for start, length in zip(starts, lengths, strict=True)
        if row < length
    ]
    entries = [(pairs[i][0], pairs[i][1].get_text()) for i in order]
    return [_read_handle(handle, label) for handle, label in entries if handle is not None]


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
