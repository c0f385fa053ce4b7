"""Sequences that are no bacterium's or archaeon's own gene: organelles and eukaryotes.

Primers for 16S also amplify mitochondria, chloroplasts and, weakly, 18S. They are recognised by
the lineages of the references that they are like: those of the reference in use (SILVA: family
Mitochondria, order Chloroplast, domain Eukaryota; the RDP training set and Greengenes 13: class or
family Chloroplast, mitochondria), and those of ``resources/off_target.fasta.gz``, which are part of
the index of every reference (one sequence of each family of organelles and of each class of
eukaryotes). Names are compared whole, so that RDP's 'Cyanobacteria/Chloroplast' is a phylum of
bacteria.

How near a sequence must be follows from how near bacteria get: of the organelles and eukaryotes
that ship, the nearest of 27,000 type strains is 89.8 % identical to a chloroplast (a
cyanobacterium), 78.7 % to a mitochondrion and 65.0 % to an 18S gene. What is nearest to one of them
but further away than ``MIN_IDENTITY`` is not named and not set apart.
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
MIN_IDENTITY = {"chloroplast": 0.90, "mitochondria": 0.80}
"""Least identity at which a sequence is of this origin; others need what any name needs."""
SET_APART = "set apart: "
"""What the note of an ASV starts with when its origin is none of a bacterium or archaeon."""
NOT_A_REFERENCE = "not like any reference"
"""The note of an ASV that is like no reference."""


def find_origin(names: Sequence[str]) -> str:
    """'mitochondria', 'chloroplast', 'eukaryote' or 'virus'; '' for bacteria and archaea.

    An organelle's name at any rank goes before the domain above it.
    """
    found = [_ORIGINS[name.lower()] for name in names if name.lower() in _ORIGINS]
    return found[-1] if found else ""
