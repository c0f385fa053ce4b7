"""Reads that come twice: a file joined to itself, a copy beside a copy, called again.

Two reads are one molecule if they have the same name and, where the names are not of the form of a
sequencing platform (``vagus.reads.platforms``), the same sequence. Names are of no use where nearly
all reads have the same few; then no read is taken for a repeat. PacBio's consensus of each strand
of a molecule (``.../ccs/fwd`` and ``.../ccs/rev``) has the name of the molecule.
"""

from __future__ import annotations

from collections.abc import Sequence

from vagus.reads.platforms import read_platforms
from vagus.reads.read import Read

MIN_NAMES_SHARE = 0.1


class RepeatFinder:
    """Remembers which reads were seen; ``first`` are reads that show what names are worth."""

    def __init__(self, first: Sequence[Read]) -> None:
        names = {_cut_name(read) for read in first}
        self._has_names = len(names) > 1 and len(names) > MIN_NAMES_SHARE * len(first)
        forms = [platform.read_name for platform in read_platforms()]
        n_known = sum(any(form.match(read.name) for form in forms) for read in first)
        self._are_names_enough = n_known * 2 > len(first)
        self._seen: set[int] = set()

    def is_repeat(self, read: Read) -> bool:
        """Whether the molecule was seen before; it is remembered from now on."""
        if not self._has_names:
            return False
        name = _cut_name(read)
        key = hash(name) if self._are_names_enough else hash((name, read.sequence))
        if key in self._seen:
            return True
        self._seen.add(key)
        return False


def _cut_name(read: Read) -> str:
    name = read.name.split(maxsplit=1)[0] if read.name.strip() else ""
    return name.removesuffix("/fwd").removesuffix("/rev")
