"""A figure's second layout, for phones and narrow columns: same data, same text size.

Legends and colour scales go: the page shows them as keys above the figure. A single panel is made
as wide as the column; panels of a grid are set in one or two columns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vagus.report.svg import LEGEND, Crop

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

NARROW_IN = 4.3
_POINTS_PER_IN = 72
_RIGHT_IN = 0.15
_TURNED_PT = 7.0
_CHARACTER_IN = 0.6 * _TURNED_PT / _POINTS_PER_IN
_SAME_IN = 0.06


@dataclass(frozen=True)
class _Cell:
    """Axes at one place, in inches from the figure's lower left corner."""

    left: float
    bottom: float
    width: float
    height: float
    axes: tuple[Axes, ...]


def list_legends(figure: Figure) -> list[Legend]:
    """Legends of the figure and of its axes."""
    found = [*figure.legends, *(axes.get_legend() for axes in figure.axes)]
    return [legend for legend in found if legend is not None]


def mark_legends(figure: Figure) -> None:
    """Give every legend a gid by which it is found in the SVG."""
    for number, legend in enumerate(list_legends(figure)):
        legend.set_gid(f"{LEGEND}{number}")


def find_crop(figure: Figure) -> Crop:
    """The figure without the margin that contains a legend right of, or above, all axes."""
    width, height = (side * _POINTS_PER_IN for side in figure.get_size_inches())
    places = [axes.get_window_extent() for axes in figure.axes if axes.get_visible()]
    top, right = 0.0, width
    for legend in list_legends(figure):
        box = legend.get_window_extent()
        if places and box.x0 >= max(place.x1 for place in places):
            right = min(right, box.x0)
        elif places and box.y0 >= max(place.y1 for place in places):
            top = max(top, height - box.y0)
    return Crop(top, right, height - top)


def reflow(figure: Figure) -> None:
    """Change the figure's layout to ``NARROW_IN`` inches of width."""
    top = find_crop(figure).top / _POINTS_PER_IN
    for legend in list_legends(figure):
        legend.set_visible(False)
    for axes in figure.axes:
        if getattr(axes, "_colorbar", None) is not None:
            axes.set_visible(False)
    cells = _list_cells(figure)
    if not cells:
        return
    columns = len({round(cell.left / _SAME_IN) for cell in cells})
    if columns == 1:
        _stretch(figure, cells, top)
    else:
        _place_grid(figure, cells, top)


def _list_cells(figure: Figure) -> list[_Cell]:
    """Visible axes by place, from the upper left, row by row."""
    width, height = figure.get_size_inches()
    found: dict[tuple[int, int], list[Axes]] = {}
    for axes in figure.axes:
        box = axes.get_position()
        key = (round(box.y0 * height / _SAME_IN), round(box.x0 * width / _SAME_IN))
        if axes.get_visible():
            found.setdefault(key, []).append(axes)
    cells = []
    for members in found.values():
        box = members[0].get_position()
        cells.append(
            _Cell(
                box.x0 * width, box.y0 * height, box.width * width, box.height * height,
                tuple(members),
            )
        )  # fmt: skip
    return sorted(cells, key=lambda cell: (-round(cell.bottom, 1), cell.left))


def _stretch(figure: Figure, cells: list[_Cell], top: float) -> None:
    """One column: new width, old heights; ``top`` inches of legend are cut off."""
    left = cells[0].left
    cell_width = max(1.0, NARROW_IN - left - _RIGHT_IN)
    extra = _turn_labels(cells, cell_width)
    width = left + cell_width + _RIGHT_IN
    height = figure.get_size_inches()[1] - top + extra
    figure.set_size_inches(width, height)
    for cell in cells:
        place = (left / width, (cell.bottom + extra) / height, cell_width / width)
        for axes in cell.axes:
            axes.set_position((*place, cell.height / height))


def _place_grid(figure: Figure, cells: list[_Cell], top: float) -> None:
    """Two columns when all panels have the same shape, else one."""
    widths, heights = [cell.width for cell in cells], [cell.height for cell in cells]
    alike = max(widths) < 1.1 * min(widths) and max(heights) < 1.1 * min(heights)
    n_columns = 2 if alike and len(cells) > 2 else 1
    left, bottom = min(cell.left for cell in cells), min(cell.bottom for cell in cells)
    above = figure.get_size_inches()[1] - top - max(cell.bottom + cell.height for cell in cells)
    gap = max(0.55, _find_gap(cells))
    cell_width = (NARROW_IN - left - gap * (n_columns - 1) - 0.1) / n_columns
    extra = _turn_labels(cells, cell_width)
    n_rows = math.ceil(len(cells) / n_columns)
    row_gap, cell_height = max(0.6, _find_row_gap(cells)) + extra, max(heights)
    height = above + bottom + extra + n_rows * cell_height + (n_rows - 1) * row_gap
    figure.set_size_inches(NARROW_IN, height)
    _share_labels(cells, n_columns)
    for i, cell in enumerate(cells):
        row, column = divmod(i, n_columns)
        x = left + column * (cell_width + gap)
        y = height - above - (row + 1) * cell_height - row * row_gap
        for axes in cell.axes:
            place = (x / NARROW_IN, y / height, cell_width / NARROW_IN, cell_height / height)
            axes.set_position(place)


def _share_labels(cells: list[_Cell], n_columns: int) -> None:
    """Labels that only the outer panels of the old grid had go to the outer ones of the new."""
    panels = [cell.axes[0] for cell in cells]
    outer = {
        "labelleft": [i % n_columns == 0 for i in range(len(panels))],
        "labelbottom": [i + n_columns >= len(panels) for i in range(len(panels))],
    }
    for key, is_outer in outer.items():
        axis_of: list[Any] = [a.yaxis if key == "labelleft" else a.xaxis for a in panels]
        words = next((axis.get_label_text() for axis in axis_of if axis.get_label_text()), "")
        if all(axis.get_tick_params().get(key, True) for axis in axis_of):
            continue
        for axis, is_shown in zip(axis_of, is_outer, strict=True):
            axis.set_tick_params(**{key: is_shown})
            axis.set_label_text(words if is_shown else "")


def _find_gap(cells: list[_Cell]) -> float:
    """Least room between neighbours in a row."""
    gaps = [
        other.left - cell.left - cell.width
        for cell in cells
        for other in cells
        if other.left > cell.left + cell.width
    ]
    return min(gaps, default=0.0)


def _find_row_gap(cells: list[_Cell]) -> float:
    gaps = [
        cell.bottom - other.bottom - other.height
        for cell in cells
        for other in cells
        if other.bottom + other.height < cell.bottom
    ]
    return min(gaps, default=0.0)


def _turn_labels(cells: list[_Cell], width_in: float) -> float:
    """Turn tick labels that would touch; returns the room that they need below, in inches."""
    from matplotlib.ticker import FixedLocator

    longest = 0
    for cell in cells:
        for axes in cell.axes:
            axis = axes.xaxis
            if not isinstance(axis.get_major_locator(), FixedLocator):
                continue
            words = [label.get_text() for label in axis.get_ticklabels()]
            if sum(len(word) + 1.5 for word in words) * _CHARACTER_IN <= width_in:
                continue
            axes.tick_params(axis="x", rotation=90, labelsize=_TURNED_PT)
            for label in axis.get_ticklabels():
                label.set(ha="center", va="top", rotation_mode="default")
            longest = max(longest, *(len(word) for word in words))
    return max(0.0, longest * _CHARACTER_IN - 0.15)
