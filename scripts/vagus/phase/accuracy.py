"""Are the reads good enough? What is said of those that are not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vagus.kernels.phase.alignment import align_reads
from vagus.phase.coarse import Sketches
from vagus.phase.pileup import MAX_SCORE
from vagus.phase.read_set import ReadSet
from vagus.phase.settings import PhaseSettings

N_PROBES = 40
N_TARGETS = 2000
MIN_GROUPED_SHARE = 0.5
_ADVICE = (
    "call the bases again with a super-accurate R10.4.1 model, or estimate species by mapping "
    "the reads to a reference"
)


def explain_low_quality(error_rate: float, settings: PhaseSettings) -> str:
    """Why reads with so many errors per base are not denoised; empty if they are good enough."""
    if not error_rate > settings.max_error_rate:
        return ""
    return (
        f"the reads have {100 * error_rate:.1f} % errors, more than the "
        f"{100 * settings.max_error_rate:g} % with which variants can be distinguished from "
        f"errors; {_ADVICE}"
    )


def describe_isolation(reads: ReadSet, assigned: float, settings: PhaseSettings) -> str:
    """Why most reads resemble no others; empty unless their disagreement says poor reads.

    Reads with more errors than their qualities admit share too few words to be grouped. Half
    of the differences between each read and the read most like it is taken for its errors.
    """
    if assigned >= MIN_GROUPED_SHARE * reads.counts.sum():
        return ""
    rate = measure_disagreement(reads, settings)
    if not rate > settings.max_error_rate:
        return ""
    return (
        f"most reads resemble no others: each differs from its nearest by "
        f"{200 * rate:.1f} % of its bases, about {100 * rate:.1f} % errors a read, more than its "
        f"qualities promise; {_ADVICE}"
    )


def measure_disagreement(reads: ReadSet, settings: PhaseSettings) -> float:
    """Median over the most trustworthy reads of half their distance, per base, to the nearest.

    NaN where reads are too few or share too little to be aligned.
    """
    targets = reads.order[:N_TARGETS]
    probes = targets[:N_PROBES]
    if len(targets) < 2:
        return float("nan")
    sketches = Sketches.of_reads(reads)
    nearest, _ = sketches.take(probes).rank(sketches.take(targets), 2)
    rates = [
        _measure_pair(reads, int(probe), int(targets[other]), settings)
        for place, probe in enumerate(probes)
        for other in [_choose_other(nearest[place], place)]
        if other >= 0
    ]
    rates = [rate for rate in rates if rate >= 0]
    return float(np.median(rates)) if rates else float("nan")


def _choose_other(ranked: NDArray[np.int64], itself: int) -> int:
    """The first of the ranked targets that is not the probe; -1 without one."""
    return next((int(x) for x in ranked if x not in (itself, -1)), -1)


def _measure_pair(reads: ReadSet, one: int, other: int, settings: PhaseSettings) -> float:
    _, edits = align_reads(
        reads.bases, reads.offsets, np.array([one]), reads.get(other), settings.overhang_bp,
        np.array([MAX_SCORE]),
    )  # fmt: skip
    return float(edits[0]) / (2 * len(reads.get(other))) if edits[0] >= 0 else -1.0
