"""Text of commands for a person: tables, and lines that fit the terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from typing import TextIO

MIN_WIDTH, MAX_WIDTH, HANGING = 60, 110, 4


def print_line(text: str, stream: TextIO) -> None:
    """Print a line; on a terminal it is wrapped between words, with what follows indented.

    In a file or a pipe it stays one line, as programs and searches need it.
    """
    print(wrap(text, shutil.get_terminal_size().columns) if stream.isatty() else text, file=stream)


def wrap(text: str, columns: int) -> str:
    """Each line of a text in lines of at most ``columns`` letters, or of 60 to 110."""
    width = min(max(columns, MIN_WIDTH), MAX_WIDTH)
    wrapped = []
    for line in text.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()) + HANGING)
        wrapped += textwrap.wrap(
            line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return "\n".join(wrapped)


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of cells as lines, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def count(n: int, thing: str) -> str:
    """'1 sample', '2 samples'."""
    return f"{n:,} {thing}{'s' * (n != 1)}"


def list_names(names: Sequence[str], thing: str = "", most: int = 3) -> str:
    """'a, b, c and 4 more samples': the first names, and how many more there are."""
    n_more = len(names) - most
    more = f" and {count(n_more, f'more {thing}') if thing else f'{n_more:,} more'}"
    return ", ".join(names[:most]) + more * (n_more > 0)
