"""The count score test of the taxa of a model frame: the primary analysis of taxa.

| design | test |
|---|---|
| one sample a unit | score test between units |
| subjects keep their level | the same, scores summed by subject |
| it changes within subjects | conditional score within subjects; beside it, subjects' means of the
  variable between subjects |

See ``statistics.count_tests``. Results say how far they rest on the reference: with fewer than 15
units in the smaller level, levels of 1:3 or less alike, or a reference of less than half of the
taxa, a taxon counts as found only if it is so with the reference off by 0.5 log2 either way
(``needs_reference``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vagus.statistics.count_tests import (
    MIN_REFERENCE_TAXA,
    CountDesign,
    CountTest,
    compare_counts,
)
from vagus.study.model_frame import ModelFrame
from vagus.study.sides import WITHIN_SIDE, Side, explain_few_people, list_sides

Floats = NDArray[np.float64]
MIN_LEVEL_UNITS, MAX_RATIO, MIN_REFERENCE_SHARE = 15, 3.0, 0.5


@dataclass(frozen=True)
class CountEffects:
    """The test of one side of a variable.

    Attributes:
        contrasts: names of the tested columns.
        indices: which contrasts of the variable these are.
        test: results.
        needs_reference: whether only what bears a reference off by 0.5 log2 counts as found.
        notes: parts of sentences.
    """

    contrasts: tuple[str, ...]
    indices: tuple[int, ...]
    test: CountTest
    needs_reference: bool
    notes: tuple[str, ...]


def measure_counts(
    frame: ModelFrame, counts: Floats, seed: Sequence[int], is_time: bool
) -> tuple[list[CountEffects], list[str]]:
    """Tests of every side that can be tested, and why the others are not.

    ``counts`` (n, n_taxa + 1) has the reads of all other taxa in the last column.
    """
    if frame.design != "within":
        design = CountDesign(frame.nuisance, frame.variable.columns, frame.subjects)
        contrasts = tuple(frame.variable.contrasts)
        found = _run(counts, design, seed)
        weak = _is_weak(frame, found)
        notes = tuple(_explain(found, weak))
        indices = tuple(range(len(contrasts)))
        return [CountEffects(contrasts, indices, found, weak, notes)], []
    effects, obstacles = [], []
    for number, side in enumerate(list_sides(frame, is_time)):
        if why := side.obstacle or explain_few_people(side):
            obstacles.append(f"{side.words}: {why}")
            continue
        found = _run(counts, _design_side(frame, side), [*seed, number])
        names = tuple(side.name(frame.variable.contrasts[index]) for index in side.contrasts)
        weak = side.n_subjects < 2 * MIN_LEVEL_UNITS and side.words != WITHIN_SIDE
        weak |= _has_small_reference(found)
        notes = tuple(_explain(found, weak))
        effects.append(CountEffects(names, side.contrasts, found, weak, notes))
    return effects, obstacles


def _run(counts: Floats, design: CountDesign, seed: Sequence[int]) -> CountTest:
    return compare_counts(counts[:, :-1], counts.sum(axis=1), design, seed)


def _design_side(frame: ModelFrame, side: Side) -> CountDesign:
    if side.words == WITHIN_SIDE:
        return CountDesign(side.nuisance, side.tested, frame.subjects, is_within=True)
    return CountDesign(side.nuisance[frame.subjects], side.tested[frame.subjects], frame.subjects)


def _has_small_reference(found: CountTest) -> bool:
    return bool(found.reference.mean() < MIN_REFERENCE_SHARE)


def _is_weak(frame: ModelFrame, found: CountTest) -> bool:
    """Whether calibration shows more false findings than 5 % where many taxa change."""
    if frame.variable.is_numeric:
        return frame.n_subjects < 2 * MIN_LEVEL_UNITS or _has_small_reference(found)
    sizes = [int(part.rpartition(":")[2]) for part in frame.count_units().split(";")]
    is_unlike = max(sizes) >= MAX_RATIO * min(sizes)
    return min(sizes) < MIN_LEVEL_UNITS or is_unlike or _has_small_reference(found)


def _explain(found: CountTest, is_weak: bool) -> list[str]:
    """The reference, and what follows from it."""
    n_taxa = found.reference.size
    if n_taxa < MIN_REFERENCE_TAXA:
        return [f"fewer than {MIN_REFERENCE_TAXA} taxa: compared as shares of all reads"]
    notes = [f"reads of {int(found.reference.sum())} of {n_taxa} taxa taken as unchanged"]
    if is_weak:
        notes.append(
            "few or unequal units, or few unchanged taxa: only what does not depend on the "
            "reference (off by 0.5 log2) counts as found"
        )
    return notes
