"""Expected errors, and which platform and quality scheme a sample's reads show.

Expected errors of a read are the sum of its error probabilities, E = sum of 10^(-Q/10)
(Edgar & Flyvbjerg 2015, Bioinformatics 31:3476, eq. 1). They are computed from the number of
bases of each quality in double precision, so a read and its reverse give the same number.
Where the read carries PacBio's predicted accuracy ``rq``, E = (1 - rq) * length: binned
qualities were rounded after ``rq`` was computed and would bias the sum.

Platform, by the table of platforms (``vagus.reads.platforms``), in this order: that which writes
``rq``, if a read has it; that of which more than half of the read names have the form; that
of whose bins all qualities are (PacBio's seven); that which alone writes a quality so high (CCS
reaches 93, ONT basecallers stop at 50); that below whose limit the mean error probability is
(HiFi 0.003, Q25); else the last of the table, ONT.

Quality scheme: that of the platform if all its reads have one (ont); binned7 where the qualities
are all among the seven bins of PacBio; binned where 10,000 bases or more show at most 12
different qualities (other bins, or one quality for all); else full.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.functions import power
from vagus.reads.platforms import (
    BINNED,
    BINNED7,
    FULL,
    Platform,
    find_platform,
    read_platforms,
)
from vagus.reads.sources import MAX_PHRED, Read

MAX_BINS = 12
LEAST_BASES_FOR_BINS = 10_000

_ERROR_PROBABILITY = power(10.0, -np.arange(MAX_PHRED + 1) / 10)


def count_qualities(quality: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Bases of each Phred quality; int64, shape (94,)."""
    return np.bincount(quality, minlength=MAX_PHRED + 1)


def sum_expected_errors(quality: NDArray[np.uint8], accuracy: float | None) -> float:
    """Expected errors of a read from its qualities, or from its accuracy where that is known."""
    if accuracy is not None:
        return (1.0 - accuracy) * len(quality)
    return float((count_qualities(quality) * _ERROR_PROBABILITY).sum())


def detect_platform(reads: Sequence[Read]) -> str:
    """Name of a platform by the rules in this module's description; ``reads`` is not empty."""
    platforms = read_platforms()
    is_known = any(read.accuracy is not None for read in reads)
    counts = _sum_counts(reads)
    used = np.flatnonzero(counts)
    highest = used.max(initial=0)
    mean_error = float((counts * _ERROR_PROBABILITY).sum() / max(1, counts.sum()))
    signs = [
        [is_known and platform.has_accuracy for platform in platforms],
        [_count_named(reads, platform) * 2 > len(reads) for platform in platforms],
        [bool(np.isin(used, platform.bins).all()) for platform in platforms],
        [highest > max(_list_other_tops(platform), default=0) for platform in platforms],
        [mean_error < (platform.max_mean_error or 0.0) for platform in platforms],
    ]
    found = (p.name for sign in signs for p, has in zip(platforms, sign, strict=True) if has)
    return next(found, platforms[-1].name)


def _count_named(reads: Sequence[Read], platform: Platform) -> int:
    return sum(platform.read_name.match(read.name) is not None for read in reads)


def _list_other_tops(platform: Platform) -> list[int]:
    return [other.top_quality for other in read_platforms() if other != platform]


def detect_quality_scheme(reads: Sequence[Read], platform: str) -> str:
    """A quality scheme by the rules in this module's description."""
    own = find_platform(platform)
    if own.quality_scheme:
        return own.quality_scheme
    counts = _sum_counts(reads)
    used = np.flatnonzero(counts)
    if used.size and np.isin(used, own.bins).all():
        return BINNED7
    has_bins = used.size <= MAX_BINS and counts.sum() >= LEAST_BASES_FOR_BINS
    return BINNED if has_bins else FULL


def _sum_counts(reads: Sequence[Read]) -> NDArray[np.int64]:
    counts = np.zeros(MAX_PHRED + 1, np.int64)
    for read in reads:
        counts += count_qualities(read.quality)
    return counts
