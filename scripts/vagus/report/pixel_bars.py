"""Stacked bars as an image of few pixels, for more bars than a page can show as shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Fill = tuple[str, str]  # colour, hatch
N_COLUMNS = 1400
ROWS_OF_BAR, ROWS_OF_GAP = 4, 1
_HEIGHT = 0.8  # of a bar, where the next begins at 1
_Grid = NDArray[np.intp]
_HATCHED: dict[str, Callable[[_Grid, _Grid], NDArray[np.bool_]]] = {
    "": lambda row, column: (row < 0) & (column < 0),
    "////": lambda row, column: (column + 3 * row) % 12 < 3,
    "....": lambda row, column: (column % 12 < 3) & (row % 2 == 0),
    "xxxx": lambda row, column: ((column + 3 * row) % 12 < 2) | ((column - 3 * row) % 12 < 2),
}


def draw_pixel_stacks(
    axes: Axes, table: NDArray[np.float64], fills: Sequence[Fill], places: Sequence[float]
) -> None:
    """Draw ``table`` (n_bars, n_parts) as horizontal bars, the first at the top.

    One image for each run of bars that follow each other at a distance of 1. A part narrower
    than a column of the image (1 / 1400 of the longest bar) may not be seen.
    """
    length = float(table.sum(axis=1).max(initial=0.0))
    if length <= 0:
        return
    for start, stop in _list_runs(places):
        pixels = paint_stacks(table[start:stop], fills, length)
        top, bottom = places[start] - _HEIGHT / 2, places[stop - 1] + 1 - _HEIGHT / 2
        axes.imshow(
            pixels, extent=(0, length, bottom, top), aspect="auto", interpolation="none", zorder=1
        )


def _list_runs(places: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Half-open ranges of bars whose places follow each other."""
    breaks = [i for i in range(1, len(places)) if abs(places[i] - places[i - 1] - 1) > 1e-9]
    yield from zip([0, *breaks], [*breaks, len(places)], strict=True)


def paint_stacks(
    table: NDArray[np.float64], fills: Sequence[Fill], length: float
) -> NDArray[np.uint8]:
    """Pixels (5 * n_bars, 1400, 4) of bars of which the longest possible is ``length``."""
    centres = (np.arange(N_COLUMNS) + 0.5) / N_COLUMNS * length
    stops = np.cumsum(table, axis=1)
    parts = np.array([np.searchsorted(row, centres, side="right") for row in stops], dtype=np.intp)
    colours = np.zeros((len(fills) + 1, 4), dtype=np.uint8)
    for number, (colour, _) in enumerate(fills):
        colours[number] = [*(round(255 * x) for x in to_rgb(colour)), 255]
    n_rows = ROWS_OF_BAR + ROWS_OF_GAP
    pixels = np.repeat(colours[parts], n_rows, axis=0)
    row, column = np.ogrid[: len(pixels), :N_COLUMNS]
    for number, (_, hatch) in enumerate(fills):
        if hatch:
            chosen = np.repeat(parts == number, n_rows, axis=0)
            pixels[chosen & _HATCHED[hatch](row, column)] = 255
    pixels[np.arange(len(pixels)) % n_rows >= ROWS_OF_BAR] = 0
    return pixels
