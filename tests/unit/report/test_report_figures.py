"""Figures: safe to put many into one page, the same bytes each time, text in any script."""

from __future__ import annotations

import gc
import re
import warnings
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest

from vagus.report.bars import draw_legend, draw_stacks, new_bar_figure
from vagus.report.figure import FigureFolder, figure_style, new_figure, place_axes, shorten
from vagus.report.palette import choose_area, choose_mark

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ['<&"', "漢字", "$5 $6 a_b", "plain"]


def _draw(folder: Path | None, name: str = "bars") -> str:
    values = np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
    tips = [[f"{n} part {j}" for j in range(3)] for n in NAMES]
    fills = [("#112233", ""), ("#445566", ""), ("#778899", "////")]
    with figure_style():
        figure, axes = new_bar_figure(NAMES, ["a", "b", "c"])
        shown = draw_stacks(axes, values, fills, tips)
        draw_legend(figure, ["a", "b", "c"], fills)
        data = pd.DataFrame(values, columns=list("abc"))
        plot = FigureFolder(folder, {"漢字": "key-1"}).save(
            figure, name, data, tips=shown, label="Bars <&>"
        )
    return str(plot.svg)


def test_files_are_written_and_are_the_same_twice(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first, second = _draw(tmp_path / "a"), _draw(tmp_path / "b")
    assert first == second
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == ["bars.png", "bars.svg", "bars.tsv"]
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert str(tmp_path) not in first


def test_every_part_that_is_drawn_has_its_tip() -> None:
    root = ET.fromstring(_draw(None))
    tips = [element.text for element in root.iter(f"{SVG}title")]
    # part by part, the plain fills first, then the hatched one; parts of size 0 are not drawn
    assert tips == [
        '<&" part 0', "$5 $6 a_b part 0", "漢字 part 1", "$5 $6 a_b part 1",
        '<&" part 2', "$5 $6 a_b part 2",
    ]  # fmt: skip


def test_names_stay_text() -> None:
    texts = {element.text for element in ET.fromstring(_draw(None)).iter(f"{SVG}text")}
    assert set(NAMES) <= texts


def test_figures_of_one_page_share_no_identifier() -> None:
    one, other = ET.fromstring(_draw(None, "one")), ET.fromstring(_draw(None, "other"))
    ids = [{e.get("id") for e in root.iter() if e.get("id")} for root in (one, other)]
    assert ids[0]
    assert not ids[0] & ids[1]
    for root, own in zip((one, other), ids, strict=True):
        values = [v for e in root.iter() for v in e.attrib.values()]
        used = {m for v in values for m in re.findall(r"(?:url\(|^)#(?![0-9a-f]{6}$)([^)]+)", v)}
        assert used
        assert used <= own


def test_nothing_of_a_figure_leaks_into_the_page() -> None:
    text = _draw(None)
    assert "<style" not in text
    assert "metadata" not in text
    assert "DejaVu" not in text


def test_many_bars_become_pixels() -> None:
    n = 300
    with figure_style():
        figure, axes = new_bar_figure([f"s{i}" for i in range(n)], ["a"])
        shown = draw_stacks(axes, np.ones((n, 1)), [("#112233", "")], [["x"]] * n)
        plot = FigureFolder(None).save(figure, "many", pd.DataFrame(), tips=shown, label="many")
    assert shown == {}
    assert "data:image/png;base64" in plot.svg


def test_the_style_leaves_no_trace() -> None:
    before = gc.get_threshold(), matplotlib.rcParams["axes.titley"]
    with figure_style():
        assert gc.get_threshold() != before[0]
        assert matplotlib.rcParams["axes.titley"] == 1
    assert (gc.get_threshold(), matplotlib.rcParams["axes.titley"]) == before


def test_titles_are_on_top_of_their_axes() -> None:
    with figure_style():
        figure = new_figure(3, 3)
        axes = place_axes(figure, 0.5, 0.5, 0.1, 0.5)
        axes.set_title("title")
        figure.draw_without_rendering()
    # a fixed place: to search for one, matplotlib would lay out all tick labels once more
    box = axes.title.get_window_extent()
    assert 0 < box.y0 - axes.get_window_extent().y1 < 12


def test_a_point_cloud_has_one_tip_a_point() -> None:
    with figure_style():
        figure = new_figure(3, 3)
        axes = place_axes(figure, 0.5, 0.5, 0.1, 0.1)
        axes.scatter([1, 2, 3], [1, 2, 3], gid="points")
        plot = FigureFolder(None).save(
            figure, "points", pd.DataFrame(), tips={"points": ["a", "b", "c"]}, label="points"
        )
    titles = [e.text for e in ET.fromstring(str(plot.svg)).iter(f"{SVG}title")]
    assert titles == ["a", "b", "c"]


def test_marks_tell_64_levels_apart() -> None:
    assert len({choose_mark(i) for i in range(64)}) == 64
    assert len({choose_area(i) for i in range(40)}) == 40


@pytest.mark.parametrize(("text", "length"), [("short", 28), ("x" * 100, 28), ("y" * 29, 28)])
def test_shortened_names_keep_both_ends(text: str, length: int) -> None:
    short = shorten(text, length)
    assert len(short) <= length
    assert short[0] == text[0]
    assert short[-1] == text[-1]
