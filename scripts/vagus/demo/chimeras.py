"""Two-parent PCR chimeras (bimeras): an extension that stopped short primes another template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_JOINT_BP = 12
_MAX_SHIFT_BP = 40
_MIN_PART_BP = 60
_MAX_TRIES = 200


@dataclass(frozen=True)
class Chimera:
    """A bimera: ``left[:breakpoint]`` joined to the rest of ``right``."""

    sequence: str
    left: int
    right: int
    breakpoint_bp: int
    n_reads: int


def draw_chimeras(
    sequences: Sequence[str],
    fractions: npt.NDArray[np.float64],
    n_reads: int,
    generator: np.random.Generator,
) -> list[Chimera]:
    """Chimeras that have ``n_reads`` reads together, fewer when none can be made.

    Parents are drawn by their share of the sample; a chimera's reads are 1 plus a geometric
    number (those of an early PCR cycle are copied most). The joint is a stretch of 12 bp
    that both parents have at nearly the same place. Products equal to a parent, to another
    molecule or to an earlier chimera are drawn again.
    """
    known = set(sequences)
    chimeras: list[Chimera] = []
    tries = 0
    while n_reads > 0 and len(sequences) > 1 and tries < _MAX_TRIES:
        left, right = (int(i) for i in generator.choice(len(sequences), size=2, p=fractions))
        size = int(min(n_reads, generator.geometric(0.5)))
        joined = join(sequences[left], sequences[right], float(generator.random()))
        if left == right or joined is None or joined[0] in known:
            tries += 1
            continue
        chimeras.append(Chimera(joined[0], left, right, joined[1], size))
        known.add(joined[0])
        n_reads -= size
    return chimeras


def join(left: str, right: str, where: float) -> tuple[str, int] | None:
    """Chimera of two sequences near the relative place ``where``, with its breakpoint.

    None when no common stretch is found there, or when the product equals a parent.
    """
    span = min(len(left), len(right)) - 2 * _MIN_PART_BP - _JOINT_BP
    if span <= 0:
        return None
    start = _MIN_PART_BP + int(where * span)
    for place in range(start, min(start + 4 * _JOINT_BP, len(left) - _JOINT_BP)):
        joint = left[place : place + _JOINT_BP]
        low = max(0, place - _MAX_SHIFT_BP)
        other = right.find(joint, low, place + _MAX_SHIFT_BP + _JOINT_BP)
        if other >= 0:
            product = left[:place] + right[other:]
            return None if product in (left, right) else (product, place)
    return None
