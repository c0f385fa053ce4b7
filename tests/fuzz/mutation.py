"""Damage done to bytes: what disks, networks, editors and people do to files, and more."""

from __future__ import annotations

import random
from collections.abc import Callable

_BAD = (
    b"", b"\0", b"\t", b"\n", b"\r\n", b"\r", b" ", b'"', b"'", b"\\", b"\xff", b"\xfe\xff",
    b"\xef\xbb\xbf", b"@", b"+", b">", b";", b"/", b"../", b"~", b"-1", b"0", b"1e999", b"nan",
    b"99999999999999999999", b"true", b"null", b"[", b"{", b"}", b": ", b"- ", b"#", b"&a *a",
    b"!!python/object:os.system", b"=1+1", b"<script>", b"$(id)", b"`id`",
    "é".encode(), "\u202e".encode(),
)  # fmt: skip


def flip_bits(data: bytearray, chance: random.Random) -> None:
    """Flip one to eight bits."""
    for _ in range(chance.randint(1, 8)):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def truncate(data: bytearray, chance: random.Random) -> None:
    """Cut the end off."""
    del data[chance.randint(0, len(data)) :]


def delete(data: bytearray, chance: random.Random) -> None:
    """Take a piece out."""
    start = chance.randint(0, len(data))
    del data[start : start + chance.choice([1, 2, 10, 1000])]


def repeat(data: bytearray, chance: random.Random) -> None:
    """Write a piece again somewhere."""
    start = chance.randint(0, len(data))
    piece = data[start : start + chance.choice([1, 5, 50, 500])]
    place = chance.randint(0, len(data))
    data[place:place] = piece * chance.choice([1, 1, 2, 20])


def insert(data: bytearray, chance: random.Random) -> None:
    """Write something unwelcome somewhere."""
    place = chance.randint(0, len(data))
    data[place:place] = chance.choice(_BAD)


def replace(data: bytearray, chance: random.Random) -> None:
    """Write something unwelcome in place of something."""
    place = chance.randint(0, len(data))
    data[place : place + chance.choice([1, 3, 30])] = chance.choice(_BAD)


def swap_lines(data: bytearray, chance: random.Random) -> None:
    """Exchange two lines."""
    lines = bytes(data).split(b"\n")
    i, j = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]
    data[:] = b"\n".join(lines)


def swap_fields(data: bytearray, chance: random.Random) -> None:
    """Exchange, drop or double a field of a line."""
    lines = bytes(data).split(b"\n")
    row = chance.randrange(len(lines))
    fields = lines[row].split(b"\t")
    i, j = chance.randrange(len(fields)), chance.randrange(len(fields))
    what = chance.randrange(3)
    if what == 0:
        fields[i], fields[j] = fields[j], fields[i]
    elif what == 1:
        del fields[i]
    else:
        fields.insert(i, chance.choice([fields[j], *_BAD]))
    lines[row] = b"\t".join(fields)
    data[:] = b"\n".join(lines)


MUTATIONS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    flip_bits, truncate, delete, repeat, insert, replace, swap_lines, swap_fields,
)  # fmt: skip


def mutate(seed: bytes, chance: random.Random) -> bytes:
    """A damaged copy; at most 16 kB longer than the seed."""
    data = bytearray(seed)
    for _ in range(chance.choice([1, 1, 1, 2, 3, 6])):
        chance.choice(MUTATIONS)(data, chance)
    return bytes(data[: len(seed) + (16 << 10)])
