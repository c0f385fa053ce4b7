"""SVG in the page: small, and every mark where it was, as it looked, with its words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import hypothesis.strategies as st
import numpy as np
import pandas as pd
from hypothesis import given, settings

from observing import watch_calls
from vagus.report.bars import draw_legend, draw_stacks, new_bar_figure
from vagus.report.figure import FigureFolder, figure_style, new_figure, place_axes
from vagus.report.inline_svg import inline_layouts
from vagus.report.path_data import round_number, shorten_path
from vagus.report.svg import Crop

SVG = "{http://www.w3.org/2000/svg}"
INHERITED = ("fill", "stroke", "stroke-width", "stroke-opacity", "fill-opacity", "font-size")


def list_points(d: str) -> Iterator[tuple[float, float]]:
    """Points of a path, by a reader of its own for absolute and relative commands."""
    x = y = start_x = start_y = 0.0
    for command, text in re.findall(r"([MmLlHhVvCcQqz])([^MmLlHhVvCcQqz]*)", d):
        numbers = [float(word) for word in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)]
        if command == "z":
            x, y = start_x, start_y
            continue
        if command in "HhVv":
            across = command in "Hh"
            numbers = [n for v in numbers for n in ((v, 0.0) if across else (0.0, v))]
            assert command.islower()
        step = {"c": 6, "q": 4}.get(command.lower(), 2)
        assert len(numbers) % step == 0
        for first in range(0, len(numbers), step):
            part = numbers[first : first + step]
            if command.islower():
                part = [v + (y if i % 2 else x) for i, v in enumerate(part)]
            yield from zip(part[::2], part[1::2], strict=True)
            x, y = part[-2:]
            if command in "Mm" and first == 0:
                start_x, start_y = x, y


numbers = st.floats(-2000, 2000).map(lambda x: round(x, 4))
points = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=12)


@settings(max_examples=60)
@given(st.lists(points, min_size=1, max_size=3), st.booleans(), st.sampled_from([1, 2]))
def test_short_paths_keep_every_point(
    parts: list[list[tuple[float, float]]], closed: bool, digits: int
) -> None:
    words = []
    for part in parts:
        words += [f"{'L' if i else 'M'} {x} {y} " for i, (x, y) in enumerate(part)]
        words += ["z "] if closed else []
    long = " ".join(words)
    short = shorten_path(long, digits)
    expected, found = list(list_points(long)), list(list_points(short))
    assert np.allclose(found, expected, rtol=0, atol=0.5 * 10**-digits + 1e-6)
    assert short.count("z") == long.count("z")
    assert len(short) <= len(long)


def test_short_paths_by_hand() -> None:
    square = "M 1 2  L 3.04 2  L 3.04 5.5  L 1 5.5  z "
    assert shorten_path(square) == "M1 2h2v3.5h-2z"
    assert shorten_path("M 0 1 C 0.5 0.25 -0.5 1 0 3", 2) == "M0 1c.5-.75-.5 0 0 2"
    assert [round_number(x, 1) for x in (0.5, 10.0, -12.34, -0.04)] == [".5", "10", "-12.3", "0"]


def describe_marks(root: ET.Element) -> list[tuple[object, ...]]:
    """Tag, looks, clipping, tool tip and place of every mark and text, as a browser resolves it."""
    found: list[tuple[object, ...]] = []

    def visit(element: ET.Element, looks: dict[str, str], clipped: bool, tip: str) -> None:
        if element.tag == f"{SVG}defs":
            return
        own = (part.split(":") for part in element.get("style", "").split(";") if part)
        looks = {**looks, **{key.strip(): value.strip() for key, value in own}}
        clipped = clipped or bool(element.get("clip-path"))
        title = element.find(f"{SVG}title")
        tip = title.text or "" if title is not None else tip
        if element.tag in (f"{SVG}path", f"{SVG}use", f"{SVG}text"):
            known = looks if element.tag != f"{SVG}text" else {"font-size": looks["font-size"]}
            style = tuple(known.get(key, "") for key in INHERITED)
            place = tuple(round(float(element.get(key, "0")), 0) for key in ("x", "y"))
            found.append((element.tag, style, clipped, tip, place, element.text))
        for child in element:
            visit(child, looks, clipped, tip)

    visit(root, {}, False, "")
    return found


def draw_some_of_all() -> tuple[str, str]:
    """A figure with bars, lines with markers and points; its SVG as cleaned and as in the page."""
    with (
        figure_style(),
        watch_calls(inline_layouts, lambda given: (given["wide"], given["narrow"])) as seen,
    ):
        figure = new_figure(6, 4)
        axes = place_axes(figure, 0.6, 0.5, 0.2, 0.2)
        tips: dict[str, str | list[str]] = {}
        for number in range(6):
            colour = ("#0072B2", "#D55E00")[number % 2]
            axes.plot([0, 1, 2], [number, 2, 1], color=colour, marker="o", gid=f"line{number}")
            tips[f"line{number}"] = f"line {number}"
        axes.plot([0, 2], [3, 3], color="#112233", gid="bare")
        axes.scatter([0, 1, 2], [1, 2, 3], gid="points", alpha=0.5)
        tips |= {"points": ["a", "b", "c"], "bare": "bare"}
        axes.bar([0, 1], [1, 2], color="#445566")
        FigureFolder(None).save(figure, "all", pd.DataFrame(), tips=tips, label="all")
    ((wide, narrow),) = seen
    return wide, narrow


def test_marks_look_as_before() -> None:
    wide, narrow = draw_some_of_all()
    small, second = inline_layouts(wide, narrow, "all", Crop(0, 432, 288))
    before, after = describe_marks(ET.fromstring(wide)), describe_marks(ET.fromstring(small))
    assert [mark[:4] for mark in after] == [mark[:4] for mark in before]
    for old, new in zip(before, after, strict=True):
        assert new[5] == old[5]
        assert np.allclose(old[4], new[4], atol=1)
    assert len(small) < 0.75 * len(wide)
    tips = [e.text for e in ET.fromstring(small).iter(f"{SVG}title")]
    assert sorted(str(tip) for tip in tips) == [
        "a",
        "b",
        "bare",
        "c",
        *(f"line {i}" for i in range(6)),
    ]
    owners = [e for e in ET.fromstring(second).iter() if e.get("class") == "tip"]
    assert len(owners) == len(tips)
    assert "<title" not in second


def draw_bars(n: int) -> tuple[str, str]:
    with figure_style():
        figure, axes = new_bar_figure([f"s{i}" for i in range(n)], ["a", "b"])
        values = np.tile([1.0, 3.0], (n, 1))
        fills = [("#FF0000", ""), ("#0000FF", "////")]
        shown = draw_stacks(axes, values, fills, [["x", "y"]] * n)
        axes.set_xlim(0, 4)
        draw_legend(figure, ["a", "b"], fills)
        plot = FigureFolder(None).save(figure, "bars", pd.DataFrame(), tips=shown, label="bars")
    return str(plot.svg), str(plot.narrow)


def test_an_image_stands_once_in_both_layouts() -> None:
    wide, narrow = (ET.fromstring(svg) for svg in draw_bars(260))
    (image,) = wide.iter(f"{SVG}image")
    assert image.get("href", "").startswith("data:image/png;base64,")
    assert not list(narrow.iter(f"{SVG}image"))
    copies = [use for use in narrow.iter(f"{SVG}use") if use.get("href") == f"#{image.get('id')}"]
    assert len(copies) == 1


def test_pixels_are_shares_of_the_bar() -> None:
    from vagus.report.pixel_bars import N_COLUMNS, paint_stacks

    table = np.array([[1.0, 3.0], [2.0, 0.0], [0.0, 0.0]])
    pixels = paint_stacks(table, [("#FF0000", ""), ("#0000FF", "")], 4.0)
    assert pixels.shape == (15, N_COLUMNS, 4)
    red, blue = [255, 0, 0, 255], [0, 0, 255, 255]
    counts = [
        [int((row == colour).all(axis=1).sum()) for colour in (red, blue)] for row in pixels[::5]
    ]
    assert counts == [[350, 1050], [700, 0], [0, 0]]
    assert not pixels[4::5].any()
    hatched = paint_stacks(table, [("#FF0000", ""), ("#0000FF", "////")], 4.0)
    white = (hatched[0] == 255).all(axis=1)
    assert not white[:350].any()
    assert 0.2 < white[350:].mean() < 0.3


def test_images_of_few_colours_stay_as_they_are_and_take_less_room() -> None:
    import base64
    import io

    from PIL import Image

    from vagus.report.inline_image import shrink_image
    from vagus.report.pixel_bars import paint_stacks

    table = np.random.default_rng(1).random((50, 4))
    fills = [("#0072B2", ""), ("#E69F00", ""), ("#009E73", "////"), ("#B4BBC2", "")]
    pixels = paint_stacks(table, fills, 4.0)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, format="png")
    prefix = "data:image/png;base64,"
    link = prefix + base64.b64encode(stream.getvalue()).decode()
    small = shrink_image(link)
    assert len(small) < 0.8 * len(link)
    decoded = Image.open(io.BytesIO(base64.b64decode(small.removeprefix(prefix)))).convert("RGBA")
    assert (np.asarray(decoded) == pixels).all()
    assert shrink_image("figures/a.png") == "figures/a.png"
