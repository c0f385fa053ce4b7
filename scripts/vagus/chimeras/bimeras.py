"""Chimeras of two parents (bimeras): flagged in each sample, settled over the study.

In a sample:

1. The parents of a variant are sought among those with at least ``MIN_FOLD`` times its reads.
2. A variant is a bimera if the left part of one parent and the right part of another, without
   any difference, make up the whole of it, and no parent does so alone.
3. It is *distant* if it has at least ``MIN_DISTANT_EDITS`` edits to each of the two parents:
   nothing but a chimera makes such a sequence often. It is flagged ``bimera``.
4. Else it is *close* and flagged ``close_bimera``: the 16S copies of one genome recombine, so
   true variants look the same.

Over the samples of a study:

5. A variant that was flagged ``bimera`` in at least ``MIN_FLAGGED_SHARE`` of the samples that
   contain it is removed. So is one that is distant in some and close in others of these.
6. A close bimera is a true copy if it occurs together with its parents: of the samples in which
   both parents have ``MIN_PARENT_READS`` reads or more, it is in at least half. With fewer than
   ``MIN_SAMPLES`` such samples nothing can be said: it stays, flagged. Else it is removed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vagus.chimeras.bimera_limits import (
    BIMERA,
    CLOSE_BIMERA,
    MIN_CO_OCCURRENCE_SHARE,
    MIN_DISTANT_EDITS,
    MIN_FLAGGED_SHARE,
    MIN_FOLD,
    MIN_PARENT_READS,
    MIN_SAMPLES,
)
from vagus.chimeras.parts import PartFinder
from vagus.edits import count_edits


@dataclass(frozen=True)
class Bimera:
    """A variant, its flag, its parents (numbers), and the length of the left part."""

    flag: str
    left: int
    right: int
    breakpoint_bp: int


def find_bimeras(sequences: Sequence[str], reads: Sequence[float]) -> dict[int, Bimera]:
    """Bimeras among the variants of one sample, by number (rules 1 to 4).

    Args:
        sequences: of the variants, all different.
        reads: of each.
    """
    finder = PartFinder(list(sequences))
    order = np.array(sorted(range(len(reads)), key=lambda i: (-reads[i], sequences[i])), np.int64)
    abundances = np.array([reads[i] for i in order])
    found = {}
    for number in order.tolist():
        parents = order[abundances >= MIN_FOLD * reads[number]]
        parts = finder.find_bimera(number, parents[parents != number])
        if parts is not None:
            left, right, breakpoint_bp = parts
            flag = _describe_distance(sequences, number, (left, right))
            found[number] = Bimera(flag, left, right, breakpoint_bp)
    return found


def _describe_distance(sequences: Sequence[str], number: int, parents: tuple[int, int]) -> str:
    """Flag of a bimera by its edits to the nearer parent."""
    limit = MIN_DISTANT_EDITS - 1
    near = any(count_edits(sequences[number], sequences[p], limit) >= 0 for p in parents)
    return CLOSE_BIMERA if near else BIMERA


@dataclass(frozen=True)
class Occurrence:
    """A variant in one sample: reads, bimera flag ('' for none), names of its parents."""

    reads: int
    flag: str = ""
    left: str = ""
    right: str = ""
    breakpoint_bp: int = -1


def settle_bimeras(samples: Sequence[Mapping[str, Occurrence]]) -> set[str]:
    """Names of the variants to remove from a study (rules 5 and 6)."""
    names = sorted({name for sample in samples for name in sample})
    return {name for name in names if _is_chimera(name, samples)}


def _is_chimera(name: str, samples: Sequence[Mapping[str, Occurrence]]) -> bool:
    present = [sample[name] for sample in samples if name in sample]
    flagged = [occurrence for occurrence in present if occurrence.flag]
    if not flagged or len(flagged) < MIN_FLAGGED_SHARE * len(present):
        return False
    if any(occurrence.flag == BIMERA for occurrence in flagged):
        return True
    return not _co_occurs(name, flagged, samples)


def _co_occurs(
    name: str, flagged: list[Occurrence], samples: Sequence[Mapping[str, Occurrence]]
) -> bool:
    """Whether it is where its parents are, or too few samples can decide."""
    witness = max(flagged, key=lambda each: (each.reads, each.left, each.right))
    able = [
        sample for sample in samples
        if all(p in sample and sample[p].reads >= MIN_PARENT_READS
               for p in (witness.left, witness.right))
    ]  # fmt: skip
    if len(able) < MIN_SAMPLES:
        return True
    return sum(name in sample for sample in able) >= MIN_CO_OCCURRENCE_SHARE * len(able)
