"""Sequences that are no bacterium's or archaeon's own gene: organelles and eukaryotes.

Primers for 16S also amplify mitochondria, chloroplasts and, weakly, 18S. They are told by the
lineages of the references that they are like, so only references that hold them can tell:
SILVA and its derivatives (family Mitochondria, order Chloroplast, domain Eukaryota), the RDP
training set and Greengenes 13 (class or family Chloroplast, mitochondria). GTDB, Greengenes2's
names, NCBI RefSeq, Emu, eHOMD and the starter reference hold none: there an organelle is
unnamed at best below the identity of its class, and at worst called by the bacterium that it
descends from. Names are compared whole, so that RDP's 'Cyanobacteria/Chloroplast' is a phylum
of bacteria.
"""

from __future__ import annotations

from collections.abc import Sequence

_ORIGINS = {
    "mitochondria": "mitochondria",
    "mitochondrion": "mitochondria",
    "mitochondrial": "mitochondria",
    "chloroplast": "chloroplast",
    "chloroplasts": "chloroplast",
    "plastid": "chloroplast",
    "apicoplast": "chloroplast",
    "cyanelle": "chloroplast",
    "eukaryota": "eukaryote",
    "eukarya": "eukaryote",
    "viruses": "virus",
}
SET_APART = "set apart: "
"""What the note of an ASV starts with when its origin is none of a bacterium or archaeon."""
NOT_A_REFERENCE = "not like any reference"
"""What the note of an ASV says that is like no reference."""


def find_origin(names: Sequence[str]) -> str:
    """'mitochondria', 'chloroplast', 'eukaryote' or 'virus'; '' for bacteria and archaea.

    An organelle's name at any rank goes before the domain above it.
    """
    found = [_ORIGINS[name.lower()] for name in names if name.lower() in _ORIGINS]
    return found[-1] if found else ""
