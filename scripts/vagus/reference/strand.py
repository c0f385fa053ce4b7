"""Which strand of a 16S gene a sequence is."""

from __future__ import annotations

from vagus.sequences import reverse_complement

_ANCHORS = ("GTGCCAGCAGCCGCGGTAA", "ATTAGATACCCTGGTAGTC", "ATGTTGGGTTAAGTCCCGC")
_ANCHOR_WORD_BP = 11
_WORDS = tuple(
    site[start : start + _ANCHOR_WORD_BP]
    for site in _ANCHORS
    for start in range(len(site) - _ANCHOR_WORD_BP + 1)
)
_MAJORITY = len(_WORDS) // 2 + 1


def orient_sense(sequence: str) -> tuple[str, bool]:
    """The strand that carries more words of three conserved 16S sites; True when reversed.

    The sites are E. coli positions 515-533, 787-805 and 1083-1101. A sequence with most of
    the words is not compared with its other strand, which cannot contain as many.
    """
    n_words = _count_words(sequence)
    if n_words >= _MAJORITY:
        return sequence, False
    other = reverse_complement(sequence)
    if _count_words(other) > n_words:
        return other, True
    return sequence, False


def has_strand(sequence: str) -> bool:
    """Whether a sense-strand sequence contains any word of the three sites."""
    return any(word in sequence for word in _WORDS)


def _count_words(sequence: str) -> int:
    return sum(word in sequence for word in _WORDS)
