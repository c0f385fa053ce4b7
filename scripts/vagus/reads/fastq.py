"""FASTQ as it is found: a fast parser for what is well formed, a patient one for the rest.

The fast one is dnaio's. The patient one takes over at the first record that it refuses, or has
the whole file where dnaio has no build for the machine (Linux on ARM). It passes over empty lines
and a byte-order mark, takes any name after ``+`` and sequences over several lines, and gives a
record that is still not whole as broken; the next record begins at the next line that starts with
``@`` and is followed, two lines on, by ``+``.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from itertools import islice
from typing import IO, NamedTuple

HAS_DNAIO = find_spec("dnaio") is not None
BOM = b"\xef\xbb\xbf"


class Record(NamedTuple):
    """Name, sequence and qualities as they are in the file; ``fault`` says what is wrong."""

    name: str
    sequence: str
    qualities: str
    line: int
    fault: str = ""


class EndsWithinReadError(EOFError):
    """The last record of a file is not whole."""


def iterate_records(open_stream: Callable[[], IO[bytes]]) -> Iterator[Record]:
    """All records of a file, which is opened again where the fast parser stops.

    Raises EndsWithinReadError when the file ends within a record.
    """
    n_records = 0
    if HAS_DNAIO:
        from dnaio import FastqReader
        from dnaio.exceptions import FastqFormatError

        with open_stream() as stream:
            try:
                for record in FastqReader(stream):
                    yield Record(record.name, record.sequence, record.qualities, 4 * n_records + 1)
                    n_records += 1
                return
            except FastqFormatError:
                pass
    with open_stream() as stream:
        lines = _Lines(stream)
        lines.skip(4 * n_records)
        yield from _iterate_patiently(lines)


class _Lines:
    """Lines without their ends and the blanks before them, that can be put back."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._waiting: deque[bytes] = deque()
        self.number = 0
        self.is_last_whole = True

    def skip(self, n: int) -> None:
        """Pass over lines."""
        self.number += sum(1 for _ in islice(self._stream, n))

    def take(self) -> bytes | None:
        """The next line; None at the end of the file."""
        if self._waiting:
            self.number += 1
            return self._waiting.popleft()
        raw = self._stream.readline()
        if not raw:
            return None
        self.number += 1
        self.is_last_whole = raw.endswith(b"\n")
        line = raw.rstrip(b" \t\r\n")
        return line.removeprefix(BOM) if self.number == 1 else line

    def take_filled(self) -> bytes | None:
        """The next line that is not empty."""
        while (line := self.take()) is not None and is_blank(line):
            pass
        return line

    def put_back(self, lines: list[bytes]) -> None:
        """Lines, in the order in which they were taken, to be taken again."""
        self._waiting.extendleft(reversed(lines))
        self.number -= len(lines)

    def is_at_end(self) -> bool:
        """Whether no line is left."""
        line = self.take()
        if line is not None:
            self.put_back([line])
        return line is None


def is_blank(line: bytes) -> bool:
    """Whether a line has nothing but blanks."""
    return not line.strip(b" \t\r\0")


def _iterate_patiently(lines: _Lines) -> Iterator[Record]:
    while (header := lines.take_filled()) is not None:
        number = lines.number
        taken: list[bytes] = []
        fault = "the line does not begin with '@'"
        if header.startswith(b"@"):
            sequence, qualities, fault = _take_body(lines, taken)
            if not fault:
                yield Record(_decode(header[1:]), _decode(sequence), _decode(qualities), number)
                continue
        lines.put_back(taken)
        _find_next(lines)
        yield Record(_decode(header[1:]), "", "", number, fault)


def _take_body(lines: _Lines, taken: list[bytes]) -> tuple[bytes, bytes, str]:
    """Sequence, qualities and what is wrong with them; every line goes to ``taken`` as well."""

    def take() -> bytes:
        line = lines.take()
        if line is None:
            raise EndsWithinReadError
        taken.append(line)
        return line

    sequence = line = take()
    while is_blank(line) and not (line := take()).startswith(b"+"):
        sequence = line
    while not line.startswith(b"+"):
        line = take()
        if line.isalpha():
            sequence += line
        elif not is_blank(line) and not line.startswith(b"+"):
            return sequence, b"", "the line with '+' is missing"
    if not sequence.strip() and lines.is_at_end():
        return b"", b"", ""
    qualities = take()
    while is_blank(qualities) and sequence.strip():
        qualities = take()
    while len(qualities) < len(sequence) and not lines.is_at_end():
        line = take()
        if line.startswith(b"@") or is_blank(line):
            lines.put_back([taken.pop()])
            break
        qualities += line
    if len(qualities) < len(sequence) and lines.is_at_end() and not lines.is_last_whole:
        raise EndsWithinReadError
    if len(qualities) != len(sequence):
        return sequence, qualities, "sequence and qualities differ in length"
    return sequence, qualities, ""


def _find_next(lines: _Lines) -> None:
    """Go on to the next line that begins a record; to the end where there is none."""
    while (line := lines.take()) is not None:
        ahead = [line]
        if line.startswith(b"@"):
            while len(ahead) < 3 and (following := lines.take()) is not None:
                ahead.append(following)
            is_start = any(one.startswith(b"+") for one in ahead[1:])
            lines.put_back(ahead if is_start else ahead[1:])
            if is_start:
                return


def _decode(line: bytes) -> str:
    return line.decode("utf-8", errors="replace")
