"""Primer pairs: the table of known ones, and what a user may write for ``primers``."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from vagus.errors import ConfigError
from vagus.files import read_rows

IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT",
    "K": "GT", "M": "AC", "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
AUTO, NONE, CUSTOM = "auto", "none", "custom"
MIN_PRIMER_BP = 10
OUTERMOST_START, OUTERMOST_STOP = 30, 1480
_COLUMNS = ("name", "forward", "reverse", "source", "forward_start", "reverse_stop")
PRIMER_TABLE = Path(__file__).resolve().parents[3] / "resources" / "primers.tsv"


@dataclass(frozen=True)
class PrimerPair:
    """Two primers, each 5' to 3' as ordered, upper-case IUPAC letters.

    A primer is inner when longer amplicons in common use hold its site: then the site also
    occurs, some bases from the end, in such amplicons whose own primers were cut off.
    """

    name: str
    forward: str
    reverse: str
    source: str = ""
    is_forward_inner: bool = False
    is_reverse_inner: bool = False


def read_primer_table(path: str | PathLike[str] = PRIMER_TABLE) -> tuple[PrimerPair, ...]:
    """Known pairs in the order of the table, which is the order of preference in ties.

    ``forward_start`` and ``reverse_stop`` in the table are 1-based positions in the 16S gene
    of E. coli: the outermost bases that the primers cover. Raises VagusError for a table that is
    not of this form.
    """
    pairs = []
    for line, row in read_rows(path, "table of primers", _COLUMNS):
        if not (row["forward_start"].isdecimal() and row["reverse_stop"].isdecimal()):
            raise ConfigError(
                "forward_start or reverse_stop is no position", file=path, line=line,
                fix="Write positions in the 16S gene of E. coli, from 1 on",
            )  # fmt: skip
        pairs.append(
            PrimerPair(
                row["name"],
                clean_primer(row["forward"]),
                clean_primer(row["reverse"]),
                row["source"],
                int(row["forward_start"]) > OUTERMOST_START,
                int(row["reverse_stop"]) < OUTERMOST_STOP,
            )
        )
    return tuple(pairs)


def clean_primer(primer: str) -> str:
    """A primer in upper-case IUPAC letters: spaces out, U as T, inosine as N.

    Raises:
        ConfigError: another letter, or fewer than 10 letters.
    """
    letters = "".join(primer.split()).upper().replace("U", "T").replace("I", "N")
    strange = sorted(set(letters) - set(IUPAC))
    if strange:
        raise ConfigError(
            f"the primer '{primer}' holds {strange[0]!r}, which is not an IUPAC letter",
            fix="Write the primer 5' to 3' with the letters " + "".join(IUPAC),
        )
    if len(letters) < MIN_PRIMER_BP:
        raise ConfigError(
            f"the primer '{primer}' is shorter than {MIN_PRIMER_BP} bases",
            fix="Write the whole primer, 5' to 3', without adapter and barcode",
        )
    return letters


def list_candidates(
    choice: str, table: str | PathLike[str] = PRIMER_TABLE
) -> tuple[PrimerPair, ...]:
    """Pairs that ``choice`` allows: all known (auto), no pair (none), a known or a written one.

    Raises:
        ConfigError: an unknown name, or a written pair that is malformed.
    """
    if choice == NONE:
        return ()
    if "/" in choice:
        forward, _, reverse = choice.partition("/")
        return (PrimerPair(CUSTOM, clean_primer(forward), clean_primer(reverse)),)
    pairs = read_primer_table(table)
    if choice == AUTO:
        return pairs
    for pair in pairs:
        if pair.name == choice:
            return (pair,)
    names = [AUTO, NONE, *(pair.name for pair in pairs)]
    close = difflib.get_close_matches(choice, names, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    raise ConfigError(
        f"there is no primer pair called '{choice}'",
        fix=f"{hint}Known: {', '.join(names)}; or write FORWARD/REVERSE",
    )
