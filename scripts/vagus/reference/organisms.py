"""Names of organisms as depositors write them: genus and species, if they give any."""

from __future__ import annotations

import re

_NAME = re.compile(r"^(Candidatus )?([A-Z][a-z]+)(?: \([A-Z][a-z]+\))?(?: ([a-z][a-z-]+))?")
_NOT_EPITHETS = frozenset(
    {"bacterium", "sp", "str", "strain", "symbiont", "endosymbiont", "cf", "aff"}
)
_NOT_GENERA = re.compile(r"(?:aceae|ales|etes|bacteria)$|^(?:Aster|Onion)$")


def parse_name(name: str) -> tuple[str, str]:
    """Genus and species of an organism name; empty strings where it gives none.

    Strain, subspecies and subgenus are dropped; 'Candidatus' stays in the species.
    """
    match = _NAME.match(name)
    if match is None or _NOT_GENERA.search(match[2]):
        return "", ""
    candidatus, genus, epithet = match[1] or "", match[2], match[3]
    rest = name[match.end() : match.end() + 1]
    if epithet is None or epithet in _NOT_EPITHETS or rest == ".":
        return genus, ""
    return genus, f"{candidatus}{genus} {epithet}"
