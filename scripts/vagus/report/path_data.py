"""The ``d`` attribute of SVG paths, written in few characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

DIGITS, FINE_DIGITS = 1, 2
_PART = re.compile(r"([MLQCz])([^MLQCz]*)")


def round_number(value: float, digits: int) -> str:
    """``value`` with at most so many decimals and no zeros that say nothing: 0.50 -> '.5'."""
    return _write(round(value * 10**digits), digits)


def shorten_path(d: str, digits: int = DIGITS) -> str:
    """A path of absolute M, L, Q, C and z with relative coordinates of so many decimals.

    Every point is rounded by itself, so that errors do not add up along the path.
    """
    words: list[str] = []
    last = ""
    for command, numbers in _list_parts(d, 10**digits):
        text = _join(numbers, digits)
        if command == last and command not in "mz":
            words.append(text if text.startswith("-") else f" {text}")
        else:
            words.append((command if words else command.upper()) + text)
        last = command
    return "".join(words)


def _list_parts(d: str, scale: int) -> Iterator[tuple[str, list[int]]]:
    """Relative commands with their numbers in units of 1 / scale."""
    x = y = start_x = start_y = 0
    for command, text in _PART.findall(d):
        if command == "z":
            x, y = start_x, start_y
            yield "z", []
            continue
        values = [round(float(word) * scale) for word in text.split()]
        yield _make_relative(command.lower(), values, x, y)
        x, y = values[-2:]
        if command == "M":
            start_x, start_y = x, y


def _make_relative(command: str, values: list[int], x: int, y: int) -> tuple[str, list[int]]:
    moved = [value - (y if i % 2 else x) for i, value in enumerate(values)]
    if command == "l" and len(moved) == 2 and 0 in moved:
        return ("h", moved[:1]) if moved[1] == 0 else ("v", moved[1:])
    return command, moved


def _join(numbers: list[int], digits: int) -> str:
    """Numbers with a space between them where the second has no minus."""
    text = ""
    for number in numbers:
        word = _write(number, digits)
        text += word if not text or word.startswith("-") else f" {word}"
    return text


def _write(units: int, digits: int) -> str:
    whole, rest = divmod(abs(units), 10**digits)
    decimals = f"{rest:0{digits}d}".rstrip("0")
    sign = "-" if units < 0 else ""
    if not decimals:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{decimals}"
