"""Edit distances: of two sequences, of one to the start of another, and within a longer one.

By edlib (Sosic & Sikic 2017, Bioinformatics 33:1394), which has no build for Linux on ARM and for
Python 3.14; there by ``vagus.kernels.reads.edits``, with the same distances and places.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple

HAS_EDLIB = find_spec("edlib") is not None

Equalities = Sequence[tuple[str, str]]  # letters that count as equal, either way


class Places(NamedTuple):
    """Where a pattern is found best: its edits, and the last position of each such place."""

    edits: int
    lasts: list[int]


def count_edits(one: str, other: str, limit: int | None = None) -> int:
    """Edits between two whole sequences; -1 where they are more than ``limit``."""
    return _measure(one, other, "NW", limit, ()).edits


def count_edits_to_start(part: str, other: str, limit: int | None = None) -> int:
    """Edits between ``part`` and the start of ``other`` that is nearest; -1 above ``limit``."""
    return _measure(part, other, "SHW", limit, ()).edits


def count_edits_within(part: str, other: str, limit: int | None = None) -> int:
    """Edits between ``part`` and what is nearest to it in ``other``; -1 above ``limit``."""
    return _measure(part, other, "HW", limit, ()).edits


def find_places(
    pattern: str, text: str, limit: int | None = None, equalities: Equalities = ()
) -> Places | None:
    """The places of a text that are nearest to a pattern; None where it has more edits."""
    places = _measure(pattern, text, "HW", limit, equalities)
    return places if places.edits >= 0 else None


def find_start(pattern: str, text: str, last: int, equalities: Equalities = ()) -> int:
    """First position of a place that ends at ``last``: of those with fewest edits the longest."""
    back = _measure(pattern[::-1], text[last::-1], "SHW", None, equalities)
    return last - back.lasts[-1]


def _measure(
    pattern: str, text: str, mode: str, limit: int | None, equalities: Equalities
) -> Places:
    if not pattern or not text:
        edits = max(len(pattern), len(text) if mode == "NW" else 0)
        return Places(edits if limit is None or edits <= limit else -1, [])
    measure = _measure_by_edlib if HAS_EDLIB else _measure_by_kernel
    return measure(pattern, text, mode, -1 if limit is None else limit, equalities)


def _measure_by_edlib(
    pattern: str, text: str, mode: str, limit: int, equalities: Equalities
) -> Places:
    import edlib

    found: dict[str, Any] = edlib.align(pattern, text, mode, "distance", limit, equalities or None)
    # edlib also names the place before the text, where nothing of the pattern is aligned
    lasts = [last for _, last in found["locations"] or () if last is not None and last >= 0]
    return Places(found["editDistance"], lasts)


def _measure_by_kernel(
    pattern: str, text: str, mode: str, limit: int, equalities: Equalities
) -> Places:
    import numpy as np

    from vagus.kernels.reads.edits import GLOBAL, INFIX, PREFIX, measure_edits

    letters, others = (np.frombuffer(word.encode("latin-1"), np.uint8) for word in (pattern, text))
    pairs = "".join(one + other for one, other in equalities)
    equal = np.frombuffer(pairs.encode("latin-1"), np.uint8).reshape(-1, 2)
    ends = np.empty(len(text), np.int64)
    number = {"NW": GLOBAL, "SHW": PREFIX, "HW": INFIX}[mode]
    edits, n_ends = measure_edits(letters, others, equal, number, ends)
    if 0 <= limit < edits:
        return Places(-1, [])
    return Places(int(edits), ends[:n_ends].tolist())
