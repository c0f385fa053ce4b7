"""Slow twin of ``vagus.edits``: the table of edit distances, one cell at a time."""

from __future__ import annotations

from collections.abc import Sequence


def measure(
    pattern: str, text: str, mode: str, equalities: Sequence[tuple[str, str]] = ()
) -> tuple[int, list[int]]:
    """Least distance, and the last positions in the text at which it is reached.

    ``mode``: 'whole' text, its 'start', or any part 'within' it.
    """
    equal = {*equalities, *((b, a) for a, b in equalities)}
    previous = [0 if mode == "within" else j for j in range(len(text) + 1)]
    for i, letter in enumerate(pattern, 1):
        row = [i]
        for j, base in enumerate(text, 1):
            differs = letter != base and (letter, base) not in equal
            row.append(min(previous[j - 1] + differs, previous[j] + 1, row[j - 1] + 1))
        previous = row
    ends = range(len(text), len(text) + 1) if mode == "whole" else range(1, len(text) + 1)
    best = min(previous[j] for j in ends)
    return best, [j - 1 for j in ends if previous[j] == best]
