"""Colours and markers that people with any kind of colour vision can distinguish."""

from __future__ import annotations

# Okabe and Ito (2008), without black and with yellow late: it is faint on white.
OKABE_ITO = (
    "#0072B2",  # blue
    "#D55E00",  # vermillion
    "#009E73",  # bluish green
    "#E69F00",  # orange
    "#56B4E9",  # sky blue
    "#CC79A7",  # reddish purple
    "#7A6A00",  # dark yellow, in place of the faint one for thin marks
    "#3A3A3A",  # near black
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
# Areas in square points at which the markers look equally large.
MARKER_AREAS = {"o": 38, "s": 34, "^": 42, "D": 32, "v": 42, "P": 58, "X": 58, "*": 100}

# Areas: the Okabe-Ito colours, then colours of Tol (2021, scheme 'muted') that differ from them.
AREAS = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#F0E442",
    "#332288",
    "#44AA99",
    "#882255",
    "#999933",
    "#DDCC77",
    "#117733",
    "#AA4499",
    "#6699CC",
    "#661100",
)
HATCHES = ("", "////", "....", "xxxx")
OTHER = "#B4BBC2"
UNASSIGNED = "#E3E6E9"
MISSING = "#9AA3AB"
INK = "#1B2630"
MUTED = "#56626D"
GRID = "#E2E6EA"
KEPT = "#0072B2"
BEFORE = "#9AA3AB"

# Losses in the order in which they are first met; none is the blue of kept reads.
LOSSES = (
    "#E69F00", "#CC79A7", "#F0E442", "#D55E00", "#999933", "#882255", "#56B4E9", "#44AA99",
    "#661100", "#AA4499", "#DDCC77", "#332288",
)  # fmt: skip


def choose_mark(position: int) -> tuple[str, str]:
    """Colour and marker of the level at ``position``: 64 different pairs.

    The first eight levels differ in both; later ones shift the marker against the colour.
    """
    n = len(OKABE_ITO)
    return OKABE_ITO[position % n], MARKERS[(position + position // n) % len(MARKERS)]


def choose_area(position: int) -> tuple[str, str]:
    """Colour and hatch of the area at ``position``."""
    n = len(AREAS)
    return AREAS[position % n], HATCHES[(position // n) % len(HATCHES)]


def choose_loss(position: int) -> str:
    """Colour of the loss at ``position``."""
    return LOSSES[position % len(LOSSES)]
