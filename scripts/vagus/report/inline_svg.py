"""A figure's SVG made small for the page, where it is in two layouts beside many others.

What is seen stays the same. Groups that contain nothing of their own are taken out, what neighbours
have in common is said once, coordinates are relative and cut to a tenth of a point, identifiers
are short. The second layout has no tool tips: its marks have the class ``tip`` and are in the
same order as those of the first, whose words the page's script shows.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Sequence
from itertools import groupby

from vagus.report.inline_image import shrink_image
from vagus.report.palette import INK
from vagus.report.path_data import DIGITS, FINE_DIGITS, round_number, shorten_path
from vagus.report.svg import LEGEND, SVG, XLINK_HREF, Crop

TIP = "tip"
_DRAWN = (f"{SVG}path", f"{SVG}use")
_PLACES = ("x", "y")
_NOT_INHERITED = ("opacity",)
_COLOURS = ("fill", "stroke")
_NO_TURN = re.compile(r"rotate\(-?0 ")
_URL = re.compile(r"url\(#([^)]+)\)")


def inline_layouts(wide: str, narrow: str, name: str, crop: Crop) -> tuple[str, str]:
    """Both layouts of a figure for the page, without legends (the page has its own).

    The first is cut to ``crop`` and has the tool tips. An image that both show is in the
    first only. ``name`` is that of the figure: identifiers are derived from it.
    """
    roots = ET.fromstring(wide), ET.fromstring(narrow)
    values = (0, crop.top, crop.width, crop.height)
    roots[0].set("viewBox", " ".join(f"{value:.6g}" for value in values))
    for root in roots:
        root.attrib.pop("font-family", None)
        _drop_legends(root)
        _give_tips_to_marks(root)
    _drop_tips(roots[1])
    stem = f"f{zlib.crc32(name.encode()):x}"
    for letter, root in zip("wn", roots, strict=True):
        _unwrap(root)
        for element in root.iter():
            _shorten(element)
        _shorten_paths(root, DIGITS)
        _shorten_identifiers(root, stem + letter)
        _share(root)
        _unwrap(root)
    _share_images(*roots, f"{stem}i")
    texts = [ET.tostring(root, encoding="unicode").replace(" />", "/>") for root in roots]
    return texts[0], texts[1]


def _share_images(wide: ET.Element, narrow: ET.Element, stem: str) -> None:
    """Images of the second layout become copies of those of the first that are the same."""
    for element in (*wide.iter(f"{SVG}image"), *narrow.iter(f"{SVG}image")):
        element.set("href", shrink_image(element.get("href", "")))
    known: dict[tuple[str, ...], str] = {}
    for element in wide.iter(f"{SVG}image"):
        known[_describe_image(element)] = f"{stem}{len(known)}"
    for root in (wide, narrow):
        for parent in list(root.iter()):
            for place, image in enumerate(list(parent)):
                own = known.get(_describe_image(image)) if image.tag == f"{SVG}image" else None
                if own is None:
                    continue
                frame = ET.Element(f"{SVG}g")
                if "transform" in image.attrib:
                    frame.set("transform", image.attrib.pop("transform"))
                if root is wide:
                    image.set("id", own)
                    frame.append(image)
                else:
                    ET.SubElement(frame, f"{SVG}use", {"href": f"#{own}"})
                parent[place] = frame


def _describe_image(image: ET.Element) -> tuple[str, ...]:
    return tuple(image.get(key, "") for key in ("href", "x", "y", "width", "height"))


def _drop_legends(root: ET.Element) -> None:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.get("class") == LEGEND:
                parent.remove(child)


def _give_tips_to_marks(root: ET.Element) -> None:
    """A group made for the tool tip of a single mark goes; the mark keeps the tip."""
    for parent in list(root.iter()):
        for place, group in enumerate(list(parent)):
            parts = list(group)
            if group.tag != f"{SVG}g" or group.attrib or len(parts) != 2:
                continue
            if parts[0].tag == f"{SVG}title" and parts[1].tag in _DRAWN:
                parts[1].insert(0, parts[0])
                parent[place] = parts[1]


def _drop_tips(root: ET.Element) -> None:
    for parent in list(root.iter()):
        title = parent.find(f"{SVG}title")
        if title is not None:
            parent.remove(title)
            parent.set("class", TIP)


def _unwrap(parent: ET.Element) -> None:
    """Put the parts of groups without attributes in the place of the group."""
    parts: list[ET.Element] = []
    for child in parent:
        _unwrap(child)
        is_plain = child.tag == f"{SVG}g" and not child.attrib
        is_plain = is_plain and child.find(f"{SVG}title") is None
        parts += list(child) if is_plain else [child]
    parent[:] = parts


def _shorten(element: ET.Element) -> None:
    """Attributes: no turns by nothing, few digits, no style that the page gives anyway."""
    if _NO_TURN.match(element.get("transform", "")):
        del element.attrib["transform"]
    if element.tag != f"{SVG}image":
        for key in _PLACES:
            if key in element.attrib:
                element.set(key, round_number(float(element.attrib[key]), DIGITS))
    if XLINK_HREF in element.attrib:
        element.set("href", element.attrib.pop(XLINK_HREF))
    style = _read_style(element)
    if element.tag == f"{SVG}text" and style.get("fill") == INK.lower():
        del style["fill"]
    _write_style(element, style)


def _shorten_paths(element: ET.Element, digits: int) -> None:
    """Shapes that are copied many times keep more digits."""
    if "d" in element.attrib:
        element.set("d", shorten_path(element.attrib["d"], digits))
    for child in element:
        _shorten_paths(child, FINE_DIGITS if child.tag == f"{SVG}defs" else digits)


def _shorten_identifiers(root: ET.Element, stem: str) -> None:
    """Identifiers of a few letters, that begin with ``stem``."""
    short: dict[str, str] = {}
    for element in root.iter():
        if "id" in element.attrib:
            short[element.attrib["id"]] = f"{stem}{len(short)}"
            element.set("id", short[element.attrib["id"]])
    for element in root.iter():
        link = element.get("href", "")
        if link.startswith("#"):
            element.set("href", f"#{short[link[1:]]}")
        for key in ("clip-path", "style"):
            if "url(" in element.get(key, ""):
                new = _URL.sub(lambda found: f"url(#{short[found[1]]})", element.attrib[key])
                element.set(key, new)


def _share(parent: ET.Element) -> None:
    """Say once what marks that follow each other have in common: clip path, then style."""
    if parent.tag == f"{SVG}defs":
        return
    for child in parent:
        _share(child)
    parts: list[ET.Element] = []
    for (kind, _), found in groupby(parent, key=_sort_of):
        run = list(found)
        parts += [_group(run)] if kind and len(run) > 1 else run
    parent[:] = parts
    if _can_share(parent):
        _lift(parent)


def _sort_of(element: ET.Element) -> tuple[str, str]:
    """What kind of run an element can be part of; an empty kind is part of none."""
    if _can_share(element):
        return "drawn", element.get("clip-path", "")
    return ("text", "") if element.tag == f"{SVG}text" else ("", "")


def _can_share(element: ET.Element) -> bool:
    """Whether an element is a mark, or a group of marks without a place of its own."""
    if element.tag == f"{SVG}g":
        return "transform" not in element.attrib and "id" not in element.attrib
    return element.tag in _DRAWN


def _group(run: Sequence[ET.Element]) -> ET.Element:
    """One group for a run, and within it one for each run of the same style."""
    group = ET.Element(f"{SVG}g")
    group.extend(run)
    _lift(group)
    parts: list[ET.Element] = []
    for style, found in groupby(run, key=lambda element: element.get("style", "")):
        alike = list(found)
        if style and len(alike) > 1:
            inner = ET.Element(f"{SVG}g")
            inner.extend(alike)
            _lift(inner)
            parts.append(inner)
        else:
            parts += alike
    group[:] = parts
    return group


def _lift(group: ET.Element) -> None:
    """Move what all parts of a group declare to the group, where they inherit it."""
    parts = [part for part in group if part.tag != f"{SVG}title"]
    if not parts or not all(_sort_of(part)[0] for part in parts):
        return
    clips = {part.get("clip-path", "") for part in parts}
    if len(clips) == 1 and clips != {""} and "clip-path" not in group.attrib:
        group.set("clip-path", clips.pop())
        for part in parts:
            del part.attrib["clip-path"]
    fixed: tuple[str, ...] = _NOT_INHERITED
    if any(part.tag == f"{SVG}text" for part in parts):
        fixed = (*fixed, *_COLOURS)  # the page's script finds marks by them, and hides no text
    own, styles = _read_style(group), [_read_style(part) for part in parts]
    common = set.intersection(*(set(style.items()) for style in styles))
    lifted = {
        key: value
        for key, value in styles[0].items()
        if (key, value) in common and key not in fixed and own.get(key, value) == value
    }
    _write_style(group, own | lifted)
    for part, style in zip(parts, styles, strict=True):
        _write_style(part, {key: value for key, value in style.items() if key not in lifted})


def _read_style(element: ET.Element) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in element.get("style", "").split(";") if part.strip())
    return {key.strip(): value.strip() for key, value in pairs}


def _write_style(element: ET.Element, style: dict[str, str]) -> None:
    element.attrib.pop("style", None)
    if style:
        element.set("style", ";".join(f"{key}: {value}" for key, value in style.items()))
