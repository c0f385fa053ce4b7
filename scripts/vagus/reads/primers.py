"""Primer pairs: the table of known ones, and what a user may write for ``primers``."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from os import PathLike

from vagus.errors import ConfigError
from vagus.files import read_rows
from vagus.product import find_product
from vagus.study.keys import JOINT

IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT",
    "K": "GT", "M": "AC", "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
AUTO, NONE, CUSTOM = "auto", "none", "custom"
_PRIMES = "'`\u00b4\u2019\u2032"
_ENDS = re.compile(rf"^\s*5\s*[{_PRIMES}]?|3\s*[{_PRIMES}]?\s*$")
_FILLING = re.compile(rf"[\s{_PRIMES}-]+")
MIN_PRIMER_BP = 10
OUTERMOST_START, OUTERMOST_STOP = 30, 1480
_COLUMNS = ("name", "forward", "reverse", "source", "forward_start", "reverse_stop")
PRIMER_TABLE = find_product("resources", "primers.tsv")


@dataclass(frozen=True)
class PrimerPair:
    """Two primers, each 5' to 3' as ordered, upper-case IUPAC letters.

    A primer is inner when longer amplicons in common use contain its site: then the site also
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
                "forward_start or reverse_stop is not a position", file=path, line=line,
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
    """A primer in upper-case IUPAC letters, from what people write.

    Blanks, hyphens and the ends ``5'-`` and ``-3'`` are left out; U is T,
    inosine (I) is N.

    Raises:
        ConfigError: another letter, or fewer than 10 letters.
    """
    letters = _FILLING.sub("", _ENDS.sub("", primer)).upper().replace("U", "T").replace("I", "N")
    strange = sorted(set(letters) - set(IUPAC))
    if strange:
        raise ConfigError(
            f"the primer '{primer}' has {strange[0]!r}, which is not an IUPAC letter",
            fix="Write the primer 5' to 3' with the letters " + "".join(IUPAC) + " or I",
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
    """Pairs that ``choice`` allows: all known (auto), no pair (none), or those named or written.

    A pair is a name of the table or ``FORWARD/REVERSE`` (also ``FORWARD...REVERSE``); several pairs
    of one library are joined by ``+``.

    Raises:
        ConfigError: an unknown name, or a written pair that is malformed.
    """
    if choice == NONE:
        return ()
    pairs = read_primer_table(table)
    if choice == AUTO:
        return pairs
    chosen = [_find_pair(word, pairs) for word in choice.split(JOINT)]
    own = [pair for pair in chosen if pair.name == CUSTOM]
    if len(own) > 1:
        numbers = {id(pair): number for number, pair in enumerate(own, 1)}
        chosen = [
            replace(pair, name=f"{CUSTOM}{numbers[id(pair)]}") if id(pair) in numbers else pair
            for pair in chosen
        ]
    return tuple(dict.fromkeys(chosen))


def _find_pair(word: str, pairs: Sequence[PrimerPair]) -> PrimerPair:
    """The pair that one word names or writes."""
    for pair in pairs:
        if _fold(word) == _fold(pair.name):
            return pair
    forward, joint, reverse = word.replace("...", "/").partition("/")
    if joint:
        return PrimerPair(CUSTOM, clean_primer(forward), clean_primer(reverse))
    names = [AUTO, NONE, *(pair.name for pair in pairs)]
    close = difflib.get_close_matches(word, names, n=1)
    hint = f"Did you mean '{close[0]}'? " if close else ""
    raise ConfigError(
        f"there is no primer pair called '{word}'",
        fix=f"{hint}Known: {', '.join(names)}; or write FORWARD/REVERSE",
    )


def _fold(name: str) -> str:
    """A pair's name without case and separators: ``27F/1492R`` is ``27F_1492R``."""
    return re.sub(r"[\s_/-]+", "_", name.strip()).lower()
