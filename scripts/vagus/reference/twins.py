"""Sequences of several species that are almost identical, found when a reference is indexed.

Two sequences are twins when they are of different species and differ in at most one base in a
thousand of what both cover, without a gap. The copies within one genome differ by as much, so
that a name of one is a name of both. Groups with a published source (``inseparable``) are for
every reference; twins are data of one reference and are kept in its index.

Sequences are cut at three motifs that almost all 16S genes have. One difference leaves two of the
three parts equal, so that only sequences with two equal parts are compared; a sequence without
the motifs has no twins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, pairwise

import numpy as np

from vagus.reference.lineage import TIE_SEPARATOR
from vagus.reference.starter import ReferenceRecord

# E. coli positions 519, 787 and 1392 (in primers 515F, 784F and 1392R)
MOTIFS = ("CAGCAGCCGCGGTAA", "GGATTAGATACCC", "ACACACCGCCCGT")
MAX_DIFFERENCE = 0.001
_LEFT_BP = 400  # before the first motif: the first part
_MAX_COMPARED = 200  # sequences with the same two parts, of the first species
_SPECIES = 6


def find_twins(records: Sequence[ReferenceRecord]) -> np.ndarray:
    """Pairs of rows (int32, n pairs x 2) that are twins, ascending, the smaller row first."""
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for row, record in enumerate(records):
        cuts = find_cuts(record.sequence)
        if not cuts or not record.lineage[_SPECIES]:
            continue
        parts = [hash(record.sequence[start:stop]) for start, stop in pairwise(cuts)]
        for left_out in range(len(parts)):
            alike[left_out, *parts[:left_out], *parts[left_out + 1 :]].append(row)
    pairs = {pair for rows in alike.values() for pair in combinations(rows[:_MAX_COMPARED], 2)}
    twins = [pair for pair in sorted(pairs) if _are_twins(*(records[row] for row in pair))]
    return np.array(twins, np.int32).reshape(-1, 2)


def find_cuts(sequence: str) -> list[int]:
    """Start of the first part and starts of the motifs, none where one is missing."""
    cuts = [sequence.find(motif) for motif in MOTIFS]
    cuts.insert(0, cuts[0] - _LEFT_BP)
    return cuts if cuts[0] >= 0 and cuts == sorted(cuts) else []


def _are_twins(one: ReferenceRecord, other: ReferenceRecord) -> bool:
    names = (set(record.lineage[_SPECIES].split(TIE_SEPARATOR)) for record in (one, other))
    return set.isdisjoint(*names) and differ_little(one.sequence, other.sequence)


def differ_little(one: str, other: str) -> bool:
    """Whether two sequences with all motifs, at equal distances, differ in one base of 1,000."""
    cuts, other_cuts = find_cuts(one), find_cuts(other)
    left, other_left = cuts[0], other_cuts[0]
    if [cut - left for cut in cuts] != [cut - other_left for cut in other_cuts]:
        return False
    n_before = min(left, other_left)
    n_after = min(len(one) - left, len(other) - other_left)
    bases, others = (
        np.frombuffer(sequence[start - n_before : start + n_after].encode(), np.uint8)
        for sequence, start in ((one, left), (other, other_left))
    )
    return int((bases != others).sum()) <= MAX_DIFFERENCE * bases.size
