"""Slow twin of the primer search: semi-global edit distance, one cell at a time."""

from __future__ import annotations

from vagus.reads.primers import IUPAC


def find_primer(primer: str, window: str, max_errors: int) -> tuple[int, int] | None:
    """(fewest errors, last end of a match with so many), or None above ``max_errors``.

    Column j of the table is the fewest edits that turn the primer into some stretch of
    ``window`` that ends before position j.
    """
    previous = [0] * (len(window) + 1)
    for i, letter in enumerate(primer, 1):
        row = [i]
        for j, base in enumerate(window, 1):
            mismatch = 0 if base in IUPAC[letter] else 1
            row.append(min(previous[j - 1] + mismatch, previous[j] + 1, row[j - 1] + 1))
        previous = row
    best = min(previous)
    if best > max_errors:
        return None
    return best, max(j for j, errors in enumerate(previous) if errors == best)
