"""One read, checked on its way in, so that later stages need not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

MAX_PHRED = 93
PHRED_OFFSET = 33
LETTERS = b"ACGTN"
MALFORMED, DUPLEX_PARENT, REPEATED = "malformed", "duplex_parent", "repeated"
FLAWS = (MALFORMED, DUPLEX_PARENT, REPEATED)

# U is T; gaps, dots and the other IUPAC letters are N, so that such reads are lost as ambiguous
_AS_LETTERS = str.maketrans("U.-RYSWKMBDHV", "T" + "N" * 12)
_NO_QUALITY = np.empty(0, np.uint8)


@dataclass(slots=True)
class Read:
    """One read as it was sequenced.

    Attributes:
        name: header without its leading ``@``.
        sequence: letters ACGTN.
        quality: Phred qualities 0-93, uint8, one a base; read-only.
        accuracy: PacBio's predicted accuracy ``rq`` in 0-1, where the file has it.
        passes: PacBio's number of passes ``np``, where the file has it.
        label: barcode or sample that the file gives the read; empty where it gives none.
        flaw: why the read is lost before anything is searched in it (one of ``FLAWS``), or empty.
        note: what is wrong with it, and where.
    """

    name: str
    sequence: str
    quality: NDArray[np.uint8] = field(default_factory=lambda: _NO_QUALITY)
    accuracy: float | None = None
    passes: int | None = None
    label: str = ""
    flaw: str = ""
    note: str = ""


def make_broken(name: str, note: str) -> Read:
    """A read that is not of the form of its file, without its bases."""
    return Read(name, "", flaw=MALFORMED, note=note)


def check_read(read: Read, place: str = "") -> Read:
    """The read in upper case with letters ACGTN, or a broken one that says what is wrong."""
    if read.sequence.encode().translate(None, LETTERS):
        read.sequence = read.sequence.upper().translate(_AS_LETTERS)
        strange = read.sequence.encode().translate(None, LETTERS)
        if strange:
            shown = strange.decode(errors="replace")[0]
            return make_broken(read.name, f"{place}the sequence has the letter {shown!r}")
    if len(read.quality) != len(read.sequence):
        return make_broken(read.name, f"{place}sequence and qualities differ in length")
    if read.quality.size and read.quality.max() > MAX_PHRED:
        return make_broken(read.name, f"{place}a quality is outside '!' to '~' (Phred 0 to 93)")
    return read
