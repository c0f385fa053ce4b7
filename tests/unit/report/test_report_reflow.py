"""The narrow layout: nothing is lost, nothing is outside, legends become keys in order."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from vagus.report.bars import draw_legend
from vagus.report.figure import (
    FigureFolder,
    figure_style,
    new_figure,
    place_axes,
    place_grid,
)
from vagus.report.keys import list_keys
from vagus.report.reflow import NARROW_IN, reflow

SVG = "{http://www.w3.org/2000/svg}"


def list_texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_a_legend_at_the_side_becomes_keys() -> None:
    with figure_style():
        figure = new_figure(9.6, 4)
        axes = place_axes(figure, 0.7, 0.5, 2.0, 0.2)
        axes.plot([0, 1], [0, 1], label="first", color="#0072B2")
        axes.plot([0, 1], [1, 0], label="second", color="#D55E00")
        axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1), borderaxespad=0)
        plot = FigureFolder(None).save(figure, "lines", pd.DataFrame(), label="lines")
    assert [key.label for key in plot.keys] == ["first", "second"]
    for svg in (str(plot.svg), str(plot.narrow)):
        assert "first" not in list_texts(svg)
        assert svg.count("#0072b2") == 1
    # 2 inches of legend are cut off except for the gap, 1.02 axes widths from the left
    assert plot.width_px == pytest.approx((0.7 + 1.02 * 6.9) * 96, abs=1)
    assert plot.narrow_px == pytest.approx(NARROW_IN * 96, abs=1)


def test_a_grid_is_set_in_two_columns_within_the_figure() -> None:
    with figure_style():
        figure = new_figure(9.6, 5)
        for number, axes in enumerate(place_grid(figure, 2, 3)):
            axes.set_title(f"panel {number}")
            axes.plot([0, 1], [0, 1])
        reflow(figure)
        boxes = [axes.get_position() for axes in figure.axes]
    assert len({round(box.x0, 3) for box in boxes}) == 2
    assert len({round(box.y0, 3) for box in boxes}) == 3
    assert all(box.x0 >= 0 and box.x1 <= 1 and box.y0 >= 0 and box.y1 <= 1 for box in boxes)
    order = sorted(range(6), key=lambda i: (-round(boxes[i].y0, 3), boxes[i].x0))
    assert order == list(range(6))


def test_labels_of_shared_axes_stay_at_the_outer_panels() -> None:
    with figure_style():
        figure = new_figure(9.6, 4)
        grid = place_grid(figure, 1, 4)
        for column, axes in enumerate(grid):
            axes.plot([0, 1], [0, 1])
            axes.tick_params(labelleft=column == 0)
        grid[0].set_ylabel("rate")
        reflow(figure)
        shown = [axes.yaxis.get_tick_params()["labelleft"] for axes in grid]
    assert shown == [True, False, True, False]
    assert [axes.get_ylabel() for axes in grid] == ["rate", "", "rate", ""]


def test_labels_that_would_touch_are_turned_and_have_room() -> None:
    with figure_style():
        figure = new_figure(9.6, 3)
        axes = place_axes(figure, 0.7, 0.5, 0.2, 0.2)
        axes.set_xticks(range(6), ["a very long level"] * 6)
        reflow(figure)
        figure.canvas.draw()
        lowest = min(label.get_window_extent().y0 for label in axes.get_xticklabels())
    assert {label.get_rotation() for label in axes.get_xticklabels()} == {90}
    assert lowest >= 0


def test_colour_scales_become_three_keys() -> None:
    with figure_style():
        figure = new_figure(7, 4)
        axes = place_axes(figure, 0.7, 0.5, 2.0, 0.2)
        drawn = axes.scatter([0, 1], [0, 1], c=[10.0, 30.0])
        figure.colorbar(drawn, cax=place_axes(figure, 5.3, 2.0, 1.2, 0.5))
        plot = FigureFolder(None).save(figure, "scale", pd.DataFrame(), label="scale")
    assert [key.label for key in plot.scale] == ["10.0", "20.0", "30.0"]
    assert len(list_texts(str(plot.narrow))) < len(list_texts(str(plot.svg)))


@pytest.mark.parametrize("n", [1, 5, 13, 14])
def test_keys_are_in_the_order_in_which_a_legend_is_read(n: int) -> None:
    labels = [f"taxon number {i}" for i in range(n)]
    with figure_style():
        figure = new_figure(9.6, 4)
        place_axes(figure, 0.7, 0.5, 0.2, 1.2).bar(np.arange(n), np.ones(n))
        draw_legend(figure, labels, [("#112233", "")] * n)
        assert [key.label for key in list_keys(figure)] == labels


def test_labels_of_arrows_stay_inside_the_panel() -> None:
    from vagus.report.level_ordination import draw_arrows

    table = pd.DataFrame({
        "taxon": [f"Bifidobacterium pseudocatenulatum {i}" for i in range(6)],
        "PC1": [1.0, -1.0, 0.95, -0.95, 0.1, -0.1],
        "PC2": [0.1, 0.12, 1.0, -1.0, 1.0, -1.0],
    })  # fmt: skip
    with figure_style():
        figure = new_figure(4.3, 4.0)
        axes = figure.add_axes((0.16, 0.12, 0.8, 0.8))
        axes.set(xlim=(-0.4, 1.0), ylim=(-0.5, 0.6))
        draw_arrows(axes, table, {})
        figure.draw_without_rendering()
        panel = axes.get_window_extent()
        words = [text for text in axes.texts if text.get_text()]
        assert len(words) == 6
        for text in words:
            box = text.get_window_extent()
            assert panel.x0 <= box.x0
            assert box.x1 <= panel.x1
            assert panel.y0 <= box.y0
            assert box.y1 <= panel.y1


def test_crowded_figures_are_drawn_as_pixels() -> None:
    from vagus.report.figure import MAX_VECTOR_MARKS

    sizes = {}
    for n in (MAX_VECTOR_MARKS, MAX_VECTOR_MARKS + 1):
        with figure_style():
            figure = new_figure(4.0, 3.0)
            axes = place_axes(figure, 0.6, 0.5, 0.2, 0.2)
            axes.scatter(np.arange(n), np.arange(n) % 7, gid="points")
            plot = FigureFolder(None).save(
                figure, "crowd", pd.DataFrame(), tips={"points": ["tip"] * n}, label="points"
            )
        sizes[n] = (plot.svg.count("<title>tip"), plot.svg.count("<image"), len(plot.svg))
    few, many = sizes.values()
    assert few[:2] == (MAX_VECTOR_MARKS, 0)
    assert many[:2] == (0, 1)
    assert many[2] < few[2] / 5


def test_lines_with_markers_count_their_points() -> None:
    from vagus.report.figure import MAX_VECTOR_MARKS

    images = []
    for marker in ("", "o"):
        with figure_style():
            figure = new_figure(4.0, 3.0)
            axes = place_axes(figure, 0.6, 0.5, 0.2, 0.2)
            for number in range(12):
                axes.plot(np.arange(MAX_VECTOR_MARKS // 11) + number, marker=marker)
            plot = FigureFolder(None).save(figure, "lines", pd.DataFrame(), label="lines")
        images.append(plot.svg.count("<image"))
    assert images == [0, 1]
