"""Stacked horizontal bars, one a sample, with a legend above."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

from vagus.report.figure import (
    FULL_WIDTH_IN,
    measure_text,
    new_figure,
    place_axes,
    shorten,
)
from vagus.report.pixel_bars import Fill, draw_pixel_stacks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MAX_VECTOR_BARS = 250
_LEGEND_ROW_IN = 0.2


def new_bar_figure(
    names: Sequence[str],
    legend: Sequence[str],
    positions: Sequence[float] | None = None,
) -> tuple[Figure, Axes]:
    """A figure for one bar a name, with room for the legend's labels above.

    ``positions`` are the bars' places from the top, in bars; default 0, 1, 2, ...
    """
    places = list(range(len(names))) if positions is None else list(positions)
    bottom, top = (max(places) + 0.6, -0.6) if places else (0.6, -0.6)
    thickness = 0.24 if len(names) <= 40 else 0.185 if len(names) <= MAX_VECTOR_BARS else 0.13
    above = 0.15 + _LEGEND_ROW_IN * math.ceil(len(legend) / legend_columns(legend))
    figure = new_figure(FULL_WIDTH_IN, above + 0.55 + thickness * (bottom - top))
    left = 0.2 + max((measure_text(shorten(name)) for name in names), default=0.0)
    axes = place_axes(figure, left, 0.5, 0.25, above)
    axes.set_ylim(bottom, top)
    axes.set_yticks(places, [shorten(name) for name in names])
    axes.tick_params(axis="y", length=0)
    if thickness < 0.18:
        axes.tick_params(axis="y", labelsize=5.5)
    axes.grid(False, axis="y")
    axes.spines["left"].set_visible(False)
    return figure, axes


def draw_stacks(
    axes: Axes,
    values: object,
    fills: Sequence[Fill],
    tips: Sequence[Sequence[str]],
    positions: Sequence[float] | None = None,
) -> dict[str, list[str]]:
    """Draw stacked bars; ``values`` is an array (n_bars, n_parts), parts of size 0 are left out.

    Returns the tool tips by gid, one collection for each hatch, part by part; none when the bars
    are so many that they are drawn as pixels.
    """
    table = np.asarray(values, dtype=float)
    places = list(range(len(table)) if positions is None else positions)
    if len(table) > MAX_VECTOR_BARS:
        draw_pixel_stacks(axes, table, fills, places)
        return {}
    stops = np.cumsum(table, axis=1)
    shown: dict[str, list[str]] = {}
    for number, hatch in enumerate(sorted({fill[1] for fill in fills})):
        parts = [(i, j) for j, i in np.argwhere(table.T > 0) if fills[j][1] == hatch]
        if not parts:
            continue
        collection = PolyCollection(
            [_list_corners(stops[i, j] - table[i, j], stops[i, j], places[i]) for i, j in parts],
            facecolors=[fills[j][0] for _, j in parts],
            edgecolors="white",
            linewidths=0.5,
            hatch=hatch or None,
            gid=f"stack{number}",
        )
        axes.add_collection(collection, autolim=False)
        shown[f"stack{number}"] = [tips[i][j] for i, j in parts]
    return shown


def _list_corners(start: float, stop: float, y: float) -> list[tuple[float, float]]:
    return [(start, y - 0.4), (stop, y - 0.4), (stop, y + 0.4), (start, y + 0.4)]


def legend_columns(labels: Sequence[str]) -> int:
    """Columns of a legend as wide as the figure."""
    widest = max((measure_text(label) for label in labels), default=1.0) + 0.45
    return max(1, min(len(labels), int((FULL_WIDTH_IN - 0.3) / widest)))


def draw_legend(figure: Figure, labels: Sequence[str], fills: Sequence[Fill]) -> None:
    """A legend across the top of the figure, read row by row."""
    n_columns = legend_columns(labels)
    handles = [
        Patch(facecolor=colour, hatch=hatch or None, edgecolor="white", label=label)
        for label, (colour, hatch) in zip(labels, fills, strict=True)
    ]
    figure.legend(
        handles=_order_by_row(handles, n_columns),
        loc="upper left",
        ncols=n_columns,
        bbox_to_anchor=(0.1 / FULL_WIDTH_IN, 1 - 0.04 / figure.get_size_inches()[1]),
        handlelength=1.1,
        handleheight=1.0,
        columnspacing=1.4,
        borderaxespad=0,
    )


def _order_by_row(items: list[Patch], n_columns: int) -> list[Patch]:
    """Matplotlib fills a legend column by column; give it the order that reads row by row."""
    n_rows = math.ceil(len(items) / n_columns)
    n_full = len(items) - n_columns * (n_rows - 1)
    ordered = []
    for column in range(n_columns):
        for row in range(n_rows if column < n_full else n_rows - 1):
            ordered.append(items[row * n_columns + column])
    return ordered
