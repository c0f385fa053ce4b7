"""Matplotlib's SVG made fit for a page that contains many figures."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEGEND = "legend"
SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_LONG_NUMBER = re.compile(r"(\d+\.\d\d)\d+")
_FAMILY = re.compile(r"\s*font-family:[^;]*;?")
_REFERENCE = re.compile(r"#([A-Za-z_][\w.-]*)")
_REFERENCE_URL = re.compile(r"url\(#")
_GEOMETRY = ("d", "x", "y", "transform", "points", "width", "height")

Tips = Mapping[str, "str | Sequence[str]"]


@dataclass(frozen=True)
class Crop:
    """A part of a figure, in points from its upper left corner."""

    top: float
    width: float
    height: float


def clean_svg(svg: str, name: str, tips: Tips, label: str) -> str:
    """The SVG with identifiers of its own and nothing that applies to the whole page.

    Identifiers are made the figure's own or dropped, numbers cut to two decimals, fonts left to
    the page, metadata and the style sheet removed. Groups whose gid begins with ``legend`` get
    that class.
    """
    ET.register_namespace("", SVG[1:-1])
    ET.register_namespace("xlink", XLINK_HREF[1 : XLINK_HREF.index("}")])
    root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", svg))
    _remove_preamble(root)
    _add_tips(root, tips)
    used: set[str] = set()
    for element in root.iter():
        for value in element.attrib.values():
            used.update(_REFERENCE.findall(value) if "#" in value else ())
    for element in root.iter():
        _clean_element(element, name, used)
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.attrib.update({"role": "img", "aria-label": label, "class": "plot", "font-family": _FONTS})
    root.attrib.update({"stroke-linejoin": "round", "stroke-linecap": "butt"})
    return re.sub(r">\s+<", "><", ET.tostring(root, encoding="unicode"))


def _remove_preamble(root: ET.Element) -> None:
    for element in list(root):
        if element.tag == f"{SVG}metadata" or element.find(f"{SVG}style") is not None:
            root.remove(element)


def _add_tips(root: ET.Element, tips: Tips) -> None:
    """Give the element of each gid, or each item of a collection, its ``<title>``."""
    for element in root.iter():
        tip = tips.get(element.get("id", ""))
        if not tip:
            continue
        if isinstance(tip, str):
            targets, texts = [element], [tip]
        else:
            targets, texts = _list_items(element), list(tip)
        for target, text in zip(targets, texts, strict=True):
            title = ET.Element(f"{SVG}title")
            title.text = text
            target.insert(0, title)


def _list_items(group: ET.Element) -> list[ET.Element]:
    """Drawn items of a collection, in order, without the shapes that they are copies of."""
    hidden = {item for part in group.iter(f"{SVG}defs") for item in part.iter()}
    drawn = (f"{SVG}path", f"{SVG}use")
    return [item for item in group.iter() if item.tag in drawn and item not in hidden]


def _clean_element(element: ET.Element, name: str, used: set[str]) -> None:
    own = element.get("id")
    if own is not None:
        if own.startswith(LEGEND):
            element.set("class", LEGEND)
        if own in used:
            element.set("id", f"{name}-{own}")
        else:
            del element.attrib["id"]
    for key, value in list(element.attrib.items()):
        if key == "transform" and element.tag == f"{SVG}image":
            continue  # its scale is small and is multiplied by many pixels
        if key in _GEOMETRY:
            element.set(key, _LONG_NUMBER.sub(r"\1", value).replace("\n", ""))
        elif key == "style":
            element.set(key, _REFERENCE_URL.sub(rf"url(#{name}-", _FAMILY.sub("", value)))
        elif key == "clip-path":
            element.set(key, _REFERENCE_URL.sub(rf"url(#{name}-", value))
        elif key == XLINK_HREF and value.startswith("#"):
            element.set(key, f"#{name}-{value[1:]}")
