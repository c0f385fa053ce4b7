"""Chimeras among the variants of a study: bimeras, by consensus over the samples.

A variant is called a bimera in a sample if the left part of one variant there and the right
part of another give it exactly, and both are more than ``min_fold`` times as abundant in
that sample. A variant that a single parent explains except for an unshared end or a deletion
is not a bimera of that parent. Over the study a variant is removed if the samples that call it
are enough of those that contain it (Callahan et al. 2016, supplement).

How far the parts reach is read from ends-free alignments. Few pairs need one: for a bimera
of length L some parent shares at least its first or last L / 2 bases (less the overhang),
hence the words in that half.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vagus.chimeras.parts import PartFinder
from vagus.chimeras.settings import ChimeraSettings

Bools = NDArray[np.bool_]


@dataclass
class Verdict:
    """Verdicts of the samples on one variant; parents are those of its largest flagged sample."""

    n_samples: int = 0
    n_flagged: int = 0
    left_parent: int = -1
    right_parent: int = -1
    breakpoint_bp: int = -1
    reads_there: int = field(default=0, repr=False)

    def is_chimera(self, settings: ChimeraSettings) -> bool:
        """Whether enough samples call it."""
        needed = (self.n_samples - settings.ignore_samples) * settings.min_sample_fraction
        return self.n_flagged > 0 and (self.n_flagged >= self.n_samples or self.n_flagged >= needed)


def judge_variants(
    sequences: list[str], samples: list[dict[int, int]], settings: ChimeraSettings
) -> list[Verdict]:
    """Verdict on each variant.

    Parameters
    ----------
    sequences : of the variants, all different.
    samples : for each sample, reads of the variants that it contains.
    """
    verdicts = [Verdict() for _ in sequences]
    finder = PartFinder(sequences)
    for sample in samples:
        variants = np.array(sorted(sample, key=lambda i: (-sample[i], sequences[i])), np.int64)
        reads = np.array([sample[i] for i in variants], np.int64)
        for rank, (variant, own) in enumerate(zip(variants, reads, strict=True)):
            verdict = verdicts[variant]
            verdict.n_samples += 1
            is_parent = (reads > settings.min_fold * own) & (reads >= settings.min_parent_reads)
            parents = variants[:rank][is_parent[:rank]]
            parts = finder.find_bimera(int(variant), parents)
            if parts is None:
                continue
            verdict.n_flagged += 1
            if own > verdict.reads_there:
                verdict.reads_there = int(own)
                verdict.left_parent, verdict.right_parent, verdict.breakpoint_bp = parts
    return verdicts
