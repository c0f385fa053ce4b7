"""Estimates with intervals, drawn one below the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from vagus.report.blocks import Plot
from vagus.report.figure import FULL_WIDTH_IN, FigureFolder, new_figure, place_axes, shorten
from vagus.report.numbers import format_p, format_value
from vagus.report.palette import INK, MARKER_AREAS, choose_mark

_ROW_IN = 0.27


@dataclass(frozen=True)
class Interval:
    """One row: what it is, its series (colour), the estimate, its limits and its q-value."""

    label: str
    series: str
    value: float
    low: float
    high: float
    q_value: float


@dataclass(frozen=True)
class ForestWords:
    """Name of the files, label of the axis, text alternative and caption of a forest plot."""

    name: str
    axis: str
    label: str
    caption: str


def draw_intervals(
    rows: Sequence[Interval], words: ForestWords, data: pd.DataFrame, figures: FigureFolder
) -> Plot:
    """A forest plot: points with 95 % intervals, filled where q < 0.05."""
    series = list(dict.fromkeys(row.series for row in rows))
    figure = new_figure(FULL_WIDTH_IN, 0.9 + _ROW_IN * len(rows))
    right = 2.1 if len(series) > 1 else 0.3
    axes = place_axes(figure, 2.5, 0.55, right, 0.2)
    tips: dict[str, str] = {}
    shown: set[str] = set()
    for place, row in enumerate(rows):
        colour, marker = choose_mark(series.index(row.series))
        bounds = [limit for limit in (row.low, row.high) if math.isfinite(limit)]
        if len(bounds) == 2:
            axes.plot(bounds, [place, place], color=colour, lw=1.4, zorder=2)
        is_found = row.q_value < 0.05
        label = shorten(row.series, 26) if row.series not in shown else None
        shown.add(row.series)
        axes.scatter(
            [row.value], [place], s=MARKER_AREAS[marker], marker=marker, zorder=3,
            facecolors=colour if is_found else "white", edgecolors=colour, lw=1.2,
            gid=f"row{place}", label=label,
        )  # fmt: skip
        tips[f"row{place}"] = (
            f"{row.label}\n{row.series}\n{format_value(row.value)} "
            f"({format_value(row.low)} to {format_value(row.high)}), q {format_p(row.q_value)}"
        )
    axes.axvline(0, color=INK, lw=0.8, zorder=1)
    axes.set_yticks(range(len(rows)), [shorten(row.label, 34) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(False, axis="y")
    axes.set_xlabel(words.axis)
    if len(series) > 1:
        axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1), borderaxespad=0)
    return figures.save(
        figure, words.name, data, tips=tips, label=words.label, caption=words.caption
    )
