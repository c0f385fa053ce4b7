"""Compile the kernels of the ``phase`` engine, or find them compiled, before any job."""

from __future__ import annotations

import numpy as np

from vagus.phase.engine import denoise
from vagus.phase.settings import PhaseSettings
from vagus.reads.uniques import Uniques

LENGTH_BP = 400
N_READS = 40


def warm_phase_kernels() -> None:
    """Learn from and denoise a made-up sample with two variants, a prior and stray reads."""
    draw = np.random.default_rng(1)
    letters = np.array(list("ACGT"))
    first = draw.integers(0, 4, LENGTH_BP)
    second = first.copy()
    second[[100, 300]] = (second[[100, 300]] + 1) % 4
    other = draw.integers(0, 4, LENGTH_BP)
    reads, qualities = [], []
    for number in range(N_READS):
        read = (first, second)[number % 2].copy()
        read[5 * number + 50] = (read[5 * number + 50] + 1) % 4
        kept = np.delete(read, 3 * number + 20) if number % 3 == 0 else read
        reads.append("".join(letters[kept]))
        qualities.append([40] * len(kept))
    reads.append("".join(letters[np.concatenate([first[:200], other[200:]])]))
    qualities.append([40] * LENGTH_BP)
    strands = [number % 4 < 2 for number in range(len(reads))]
    uniques = Uniques.from_reads(reads, qualities, platform="ont", are_reverse=strands)
    prior = "".join(letters[other])
    denoise(uniques, None, PhaseSettings(), [prior])
