"""Expected errors, and which platform and quality scheme a sample's reads show.

Expected errors of a read are the sum of its error probabilities, E = sum of 10^(-Q/10)
(Edgar & Flyvbjerg 2015, Bioinformatics 31:3476, eq. 1). They are computed from the number of
bases of each quality in double precision, so a read and its reverse give the same number.
Where the read carries PacBio's predicted accuracy ``rq``, E = (1 - rq) * length: binned
qualities were rounded after ``rq`` was computed and would bias the sum.

Platform, by the table of platforms (``vagus.reads.platforms``), in this order: that which writes
``rq``, if a read has it; that of which more than half of the read names have the form; where all
bases of a read have one quality, of one or two in all, which says nothing (SRA Lite), that below
whose limit the error rate is that the reads themselves show (``vagus.reads.error_rate``), or the
last; that of whose bins all qualities are (PacBio's seven); that which alone writes the qualities
of 30 % of the bases (CCS reaches 93; of 26 Nanopore files at most 3.8 % of the bases are above
Q50, of 14 PacBio files at least 90.7 %); that below whose limit the mean error probability is
(HiFi 0.003, Q25); else the last of the table, ONT. Of qualities that say nothing, only that they
are above all that another platform writes counts: noisy reads must not be taken for accurate ones.

Quality scheme: that of the platform if all its reads have one (ont); binned7 where the qualities
are all among the seven bins of PacBio; binned where 10,000 bases or more show at most 12
different qualities (other bins, or one quality for all); else full.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vagus.numerics.functions import power
from vagus.reads.error_rate import estimate_error_rate
from vagus.reads.platforms import (
    BINNED,
    BINNED7,
    FULL,
    Platform,
    find_platform,
    read_platforms,
)
from vagus.reads.read import MAX_PHRED, Read

MAX_BINS = 12
LEAST_BASES_FOR_BINS = 10_000
MAX_EMPTY = 2
MIN_SHARE_HIGH = 0.3

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
    named = [p for p in platforms if is_known and p.has_accuracy]
    named += [p for p in platforms if _count_named(reads, p) * 2 > len(reads)]
    if named:
        return named[0].name
    counts = _sum_counts(reads)
    is_high = [_share_above(counts, _find_other_top(p)) >= MIN_SHARE_HIGH for p in platforms]
    if are_qualities_empty(reads):
        rate = estimate_error_rate(reads)
        signs = [is_high if rate is None else [_is_below(rate, p) for p in platforms]]
    else:
        used = np.flatnonzero(counts)
        mean_error = float((counts * _ERROR_PROBABILITY).sum() / max(1, counts.sum()))
        signs = [
            [bool(np.isin(used, platform.bins).all()) for platform in platforms],
            is_high,
            [_is_below(mean_error, platform) for platform in platforms],
        ]
    found = (p.name for sign in signs for p, has in zip(platforms, sign, strict=True) if has)
    return next(found, platforms[-1].name)


def are_qualities_empty(reads: Sequence[Read]) -> bool:
    """Whether all bases of a read have one quality, of two in all: these say nothing of errors."""
    used = {int(quality) for read in reads for quality in read.quality[:1]}
    return len(used) <= MAX_EMPTY and all(
        read.quality.min(initial=MAX_PHRED) == read.quality.max(initial=0)
        for read in reads
        if read.quality.size
    )


def _is_below(error_rate: float, platform: Platform) -> bool:
    return error_rate < (platform.max_mean_error or 0.0)


def _share_above(counts: NDArray[np.int64], quality: int) -> float:
    return float(counts[quality + 1 :].sum() / max(1, counts.sum()))


def _count_named(reads: Sequence[Read], platform: Platform) -> int:
    return sum(platform.read_name.match(read.name) is not None for read in reads)


def _find_other_top(platform: Platform) -> int:
    """The highest quality that another platform writes; above all where there is no other."""
    tops = (other.top_quality for other in read_platforms() if other != platform)
    return max(tops, default=MAX_PHRED)


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
