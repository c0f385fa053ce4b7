"""Does a read look like 16S rRNA, and on which strand? Counted by conserved motifs.

The motifs are cores, without ambiguous positions, of sites at which universal primers of the
16S gene bind (Baker, Smith & Cowan 2003, J Microbiol Methods 55:541; Wang & Qian 2009, PLoS
ONE 4:e7401), named by position in E. coli. They are searched exactly: even a read of Q20 has
most of them unharmed. A read looks like 16S with two motifs or more on one strand; a
strand of 1.5 kb of random sequence has one with a chance of about 0.2 %.
"""

from __future__ import annotations

from vagus.sequences import reverse_complement

MOTIFS = {
    "338": "CTACGGGAGGCAGCAG",
    "515": "GCCGCGGTAA",
    "683": "GTAGCGGTGAAATG",
    "787": "GGATTAGATACCC",
    "910": "GAATTGACGGGG",
    "968": "AACGCGAAGAACC",
    "1048": "GTCGTCAGCTCGTG",
    "1098": "AACGAGCGCAACCC",
    "1330": "GAATCGCTAGTAAT",
    "1391": "ACACACCGCCCGT",
}
# of Archaea, asked where the ten leave the strand open (of 33 genes of the starter reference each
# is in 25 or more); 787 and 910 are longer than those of Bacteria, so both may count
ARCHAEAL = (
    "CAGCCGCCGCGGTAA", "ATTAGATACCCGGGTAG", "GAATTGGCGGGGGAGCAC", "TCAACGCCGG",
    "CAACGAGCGAGACCC", "TGCACACACCGCCCGTC", "GCTACAATGG", "CAGCAGGCGCGAAA",
)  # fmt: skip
MIN_MOTIFS = 2
SENSE, ANTISENSE, UNKNOWN_STRAND = "+", "-", "?"

_SENSE = tuple(MOTIFS.values())
_ANTISENSE = tuple(reverse_complement(motif) for motif in _SENSE)
_ARCHAEAL_ANTISENSE = tuple(reverse_complement(motif) for motif in ARCHAEAL)
_PAIRS = tuple(zip((*_SENSE, *ARCHAEAL), (*_ANTISENSE, *_ARCHAEAL_ANTISENSE), strict=True))


def count_motifs(sequence: str) -> tuple[int, int]:
    """Number of motifs (of ten) found on the sense and on the antisense strand."""
    return (
        sum(motif in sequence for motif in _SENSE),
        sum(motif in sequence for motif in _ANTISENSE),
    )


def count_all_motifs(sequence: str) -> tuple[int, int]:
    """As ``count_motifs``, with those of Archaea where fewer than two of the ten are there."""
    sense, antisense = count_motifs(sequence)
    if max(sense, antisense) < MIN_MOTIFS:
        sense += sum(motif in sequence for motif in ARCHAEAL)
        antisense += sum(motif in sequence for motif in _ARCHAEAL_ANTISENSE)
    return sense, antisense


def find_strand(sequence: str) -> str:
    """``+`` or ``-`` where one strand has two motifs or more and the other fewer; else ``?``."""
    sense, antisense = count_all_motifs(sequence)
    if max(sense, antisense) < MIN_MOTIFS or sense == antisense:
        return UNKNOWN_STRAND
    return SENSE if sense > antisense else ANTISENSE


def is_like_16s(sequence: str) -> bool:
    """Whether one strand has two motifs or more."""
    counts = [0, 0]
    for pair in _PAIRS:  # on both strands in turn: the search ends with the second motif
        for strand, motif in enumerate(pair):
            counts[strand] += motif in sequence
        if max(counts) >= MIN_MOTIFS:
            return True
    return False
