"""The forms in which lineages of references are written, read into seven ranks."""

from __future__ import annotations

import re

from vagus.reference.lineage import RANKS, Lineage

_PREFIX = re.compile(r"^\s*(?:[dkpcofgs]|sp)__")
_EPITHET = re.compile(r"^[a-z][a-z-]+$")
_NO_NAME = re.compile(
    r"^(?:uncultured|unclassified|unidentified|unassigned|unknown|metagenome|environmental)\b",
    re.IGNORECASE,
)


def read_lineage(text: str) -> Lineage:
    """Seven names from 'Bacteria;Bacillota;...', with or without 'd__' prefixes.

    Missing ranks are empty. Names that only say that nothing is known ('uncultured ...')
    become empty. A species given as the bare epithet gets its genus in front. Raises
    ValueError for more than seven ranks or no name at all.
    """
    fields = [_PREFIX.sub("", field).strip() for field in text.strip().split(";")]
    while fields and not fields[-1]:
        fields.pop()
    if len(fields) > len(RANKS):
        raise ValueError(f"{len(fields)} ranks where at most {len(RANKS)} are known")
    names = ["" if _NO_NAME.match(name) else name for name in fields]
    names += [""] * (len(RANKS) - len(names))
    if not any(names):
        raise ValueError("no name at any rank")
    genus, species = names[-2:]
    if genus and "/" not in genus and _EPITHET.match(species):
        names[-1] = f"{genus} {species}"
    return tuple(names)  # type: ignore[return-value]
